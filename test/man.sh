#!/bin/sh
# The page of the tools is the one that the rows give, and the page of the
# program knows every option and no other.
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
there=$("$BUILD/mcpcap" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' | sort -u)
told=$(sed -n 's/^\.It Fl -\([a-z-]*\).*/\1/p' man/mcpcap.1 |
	grep -vx parameter | sort -u)
if [ "$there" = "$told" ]; then
	passed=$((passed + 1))
else
	echo "not ok - options of --help and of man/mcpcap.1: $(echo "$there
$told" | sort | uniq -u | tr '\n' ' ')"
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
