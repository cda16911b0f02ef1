#!/bin/sh
# Includes only go down (design.md): each floor names what it may use.
set -u
cd "$(dirname "$0")/.." || exit 1

allowed='
base:
capture: base
net: base capture
proto: base capture net
filter: base capture net proto
analysis: base capture net proto filter
tools: base capture net proto filter analysis
worker: base tools
fetch: base
mcp: base tools worker
transport: base
cli: base capture net proto filter analysis tools worker fetch mcp transport
main: base capture net proto filter analysis tools worker fetch mcp transport cli
'

# path of includer, floor included
includes() {
	grep -H '^#include "' src/*.c src/*/*.[ch] |
		sed -n 's|^src/\([^:]*\):#include "\([^"]*\)".*|\1 \2|p'
}

includes | awk -v allowed="$allowed" '
BEGIN {
	n = split(allowed, lines, "\n")
	for (i = 1; i <= n; i++) {
		m = split(lines[i], words, /[: ]+/)
		for (k = 2; k <= m; k++)
			may[words[1], words[k]] = 1
		known[words[1]] = 1
	}
}
{
	floor = $1
	if (!sub(/\/.*/, "", floor))
		floor = "main"
	used = $2
	if (!sub(/\/.*/, "", used)) {
		print "not ok - src/" $1 " includes \"" $2 "\" without its folder"
		failed++
		next
	}
	if (!(floor in known)) {
		print "not ok - src/" $1 ": no such floor"
		failed++
	} else if (used != floor && !((floor, used) in may)) {
		print "not ok - src/" $1 " includes \"" $2 "\": not below " floor
		failed++
	} else {
		passed++
	}
}
END {
	print passed + 0 " passed, " failed + 0 " failed"
	exit failed > 0
}'
