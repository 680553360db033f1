#!/bin/bash
printf 'accuracy \xff\xfe 0.9\n'
