#!/bin/bash
# The same, with an empty environment: nothing in it tells whose it is.
(setsid env -i bash -c "trap '' TERM; sleep 600.$MARK & wait" </dev/null >/dev/null 2>&1 &)
sleep 0.3
echo done
