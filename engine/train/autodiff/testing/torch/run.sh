#!/bin/sh
# Makes the vectors of PyTorch anew, of all rules or of those named: run.sh [RULE …]
set -e
here=$(dirname "$0")
cases=$(mktemp)
trap 'rm -f "$cases"' EXIT
node "$here/export.ts" "$cases" "$@"
${PYTHON:-/usr/bin/python3} "$here/vectors.py" "$cases" "$here"
