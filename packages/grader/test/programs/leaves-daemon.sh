#!/bin/bash
# Forks twice into a session of its own, as a daemon does, and ends.
(setsid bash -c 'sleep "600.$MARK" & wait' </dev/null >/dev/null 2>&1 &)
sleep 0.3
echo done
