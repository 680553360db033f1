#!/bin/bash
echo "RuntimeError: size mismatch" >&2
exit 3
