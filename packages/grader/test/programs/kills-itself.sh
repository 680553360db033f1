#!/bin/bash
kill -SEGV $$
sleep 5
