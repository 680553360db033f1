#!/bin/bash
# OUT_DIR: files of 1 MiB, 100 of them at most.
for i in $(seq 100); do head -c 1048576 /dev/zero > "$1/$i.bin"; sleep 0.02; done
