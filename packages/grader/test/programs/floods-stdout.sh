#!/bin/bash
# 100 MB on standard output, 1 MB on standard error.
head -c 100000000 /dev/zero | tr '\0' x
head -c 1000000 /dev/zero | tr '\0' y >&2
