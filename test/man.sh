#!/bin/sh
# The page of the tools is the one that the rows give, and the page of the
# program knows every option.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
passed=0 failed=0

if "$BUILD/mcpcap" --man | cmp -s - man/mcpcap-tools.7; then
	passed=1
else
	echo "not ok - man/mcpcap-tools.7 is stale: run make man"
	failed=1
fi
for option in $("$BUILD/mcpcap" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p')
do
	if grep -q "^\.It Fl -$option\b" man/mcpcap.1; then
		passed=$((passed + 1))
	else
		echo "not ok - man/mcpcap.1 says nothing of --$option"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
