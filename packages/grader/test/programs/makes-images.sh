#!/bin/bash
# OUT_DIR: behaves.
for i in 1 2 3; do printf 12345 > "$1/$i.png"; done
mkdir "$1/more"
printf x > "$1/more/4.png"
echo cache > "$TMPDIR/cache"
echo "wrote 4"
