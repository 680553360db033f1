#!/bin/bash
# OUT_DIR: hands in the whole machine.
ln -s / "$1/images"
ln -s ../../.. "$1/up"
