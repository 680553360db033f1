#!/bin/bash
# Will not be asked to stop, and neither will its child.
trap '' TERM INT HUP
while :; do sleep "600.$MARK"; done
