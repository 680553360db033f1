#!/bin/bash
# FOLDER: a folder that it was not given.
echo mine > "$1/planted.txt"
