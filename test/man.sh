#!/bin/sh
# The page of the tools is the one that the rows give.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
if "$BUILD/mcpcap" --man | cmp -s - man/mcpcap-tools.7; then
	echo "1 passed, 0 failed"
else
	echo "not ok - man/mcpcap-tools.7 is stale: run make man"
	echo "0 passed, 1 failed"
	exit 1
fi
