#!/bin/bash
# OUT_DIR: one file of 100 MiB.
exec head -c 104857600 /dev/zero > "$1/large.bin"
