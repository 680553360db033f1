#!/bin/bash
# Runs past any limit.
sleep "600.$MARK"
