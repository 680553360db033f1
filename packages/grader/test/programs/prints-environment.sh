#!/bin/bash
env
echo "stdin: $(wc -c)"
echo "umask: $(umask)"
echo "to stderr" > /dev/stderr
