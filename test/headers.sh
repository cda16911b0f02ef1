#!/bin/sh
# Each header compiles alone, under the name that its place gives the guard.
# And nobody asks for memory past base/fetch.h: gcc would leave out the calls
# of functions that do no more; nor calls a function of libc that asks the
# system more than its name says, for which the sandbox ends a worker.
set -u
cd "$(dirname "$0")/.." || exit 1
cc=${CC:-cc}
passed=0 failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

for header in src/*/*.h; do
	name=${header#src/}
	guard=$(echo "${name%.h}_H" | tr 'a-z/-' 'A-Z__')
	if ! grep -q "^#ifndef $guard\$" "$header"; then
		echo "not ok - $header: the guard is not $guard"
		failed=$((failed + 1))
		continue
	fi
	# Twice, so that a wrong guard shows.
	printf '#include "%s"\n#include "%s"\nint alone;\n' "$name" "$name" \
		>"$scratch/alone.c"
	if $cc -std=c11 -D_GNU_SOURCE -Isrc -Wall -Wextra -Werror \
		-fsyntax-only "$scratch/alone.c" >"$scratch/log" 2>&1; then
		passed=$((passed + 1))
	else
		echo "not ok - $header does not compile alone"
		head -n 5 "$scratch/log"
		failed=$((failed + 1))
	fi
done
asked=$(grep -l __builtin_prefetch src/*.c src/*/*.[ch])
if [ "$asked" = src/base/fetch.h ]; then
	passed=$((passed + 1))
else
	echo "not ok - __builtin_prefetch in $asked"
	failed=$((failed + 1))
fi
asks='\<(qsort(_r)?|sysconf|get_phys_pages|get_nprocs|getpagesize)[[:space:]]*\('
asked=$(grep -lE "$asks" src/base/*.[ch] src/capture/*.[ch] src/net/*.[ch] \
	src/proto/*.[ch] src/filter/*.[ch] src/analysis/*.[ch] src/tools/*.[ch])
if [ -z "$asked" ]; then
	passed=$((passed + 1))
else
	echo "not ok - qsort() or the like in $asked"
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
