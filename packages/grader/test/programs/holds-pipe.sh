#!/bin/bash
# Ends, and leaves a process that holds its output open.
sleep "600.$MARK" &
echo done
