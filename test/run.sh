#!/bin/sh
# Runs test programs and scripts and adds up their closing lines.
#   BUILD=build sh test/run.sh build/test/base/json test/floors.sh ...
# Each ends with "N passed, N failed"; one that ends without it, or with
# another status than its counts say, counts as one failure more.
set -u
export LC_ALL=C TZ=UTC
BUILD=${BUILD:-build}
export BUILD
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

for what in "$@"; do
	case $what in
	*.sh) sh "$what" >"$log" 2>&1; status=$? ;;
	*) "$what" >"$log" 2>&1; status=$? ;;
	esac
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
	if [ -z "$line" ]; then
		line="0 passed, 1 failed"
		echo "not ok - ended without a closing line (status $status)" \
			>>"$log"
	fi
	p=${line%% passed*}
	f=${line##*, }
	f=${f%% failed}
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		echo "not ok - ended with status $status" >>"$log"
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" -ne 0 ]; then
		echo "FAIL  $what: $p passed, $f failed"
		grep -v '^ok ' "$log" | head -n 60
	else
		echo "  ok  $what: $p"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
