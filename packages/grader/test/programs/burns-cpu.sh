#!/bin/bash
# Two processes that only compute.
(while :; do :; done) &
while :; do :; done
