#!/bin/bash
# OUT_DIR: empty files, 3,000 at most.
for i in $(seq 3000); do : > "$1/$i.png"; done
sleep 0.1
