#!/bin/bash
# FOLDER...: what it should not see.
cat "$@" 2>&1
ls -R "$(dirname "$1")" 2>&1
exit 0
