#!/bin/sh
# Golden answers: every line of fixtures/LIST is a question,
#	NAME TOOL FIXTURE [ARGUMENT...]
# whose answer stands in fixtures/expected/NAME.json (a line break after each
# comma that a member or row follows; cursors, which change with what a tool
# takes, and the time of the analysis left out).  `sh test/golden.sh update [NAME]`
# writes answers anew: read the difference before you commit it.
# Each fixture is also cut short at many places: the answer then is JSON, or
# an error with status 1, and never a crash.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
root=$PWD
passed=0 failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

pass() { passed=$((passed + 1)); }
fail() {
	echo "not ok - $1"
	failed=$((failed + 1))
}

# The answer of a question about a file of the current folder.
answer() {
	"$BUILD/mcpcap" "$@" --format json 2>"$scratch/error" |
		sed -e 's/"analysis_timestamp":"[^"]*"/"analysis_timestamp":""/' \
		-e 's/"next_cursor":"[^"]*"/"next_cursor":""/' \
		-e 's/,\(["{[]\)/,\n\1/g'
}

golden() {
	name=$1
	tool=$2
	fixture=$3
	shift 3
	cd "$BUILD/fixtures" || exit 1
	answer "$tool" "$fixture" "$@" >"$scratch/got"
	cd "$root" || exit 1
	if [ "$mode" = update ]; then
		cp "$scratch/got" "fixtures/expected/$name.json"
	fi
	if diff "fixtures/expected/$name.json" "$scratch/got" \
		>"$scratch/diff" 2>&1; then
		pass
	else
		fail "$name: another answer (< wanted, > got)"
		head -n 10 "$scratch/diff"
		head -n 3 "$scratch/error"
	fi
}

# Rows that are all wanted and those of a page are made in different ways: the
# page is the beginning of the whole.
page() {
	"$BUILD/mcpcap" "$@" --format tsv --all >"$scratch/whole" 2>&1
	"$BUILD/mcpcap" "$@" --format tsv --limit 1000 --max-bytes 65536 \
		>"$scratch/page" 2>"$scratch/error"
	head -n "$(wc -l <"$scratch/page")" "$scratch/whole" >"$scratch/head"
	if diff "$scratch/head" "$scratch/page" >"$scratch/diff"; then
		pass
	else
		fail "$*: a page has other rows (< whole, > page)"
		head -n 4 "$scratch/diff"
	fi
}

cut_short() {
	tool=$1
	fixture=$2
	shift 2
	size=$(wc -c <"$BUILD/fixtures/$fixture")
	at="0 1 3 4 12 23 24 25 30 39 40 41"
	for k in 1 2 3 4 5 6 7 8 9 10 11; do
		at="$at $((size * k / 12))"
	done
	for n in $at $((size - 1)); do
		[ "$n" -lt "$size" ] || continue
		head -c "$n" "$BUILD/fixtures/$fixture" >"$scratch/cut"
		"$BUILD/mcpcap" "$tool" "$scratch/cut" "$@" --format json \
			>"$scratch/got" 2>"$scratch/error"
		status=$?
		if [ "$status" -eq 0 ]; then
			case $(cat "$scratch/got") in
			\{*\}) pass ;;
			*) fail "$tool $fixture cut at $n: no JSON" ;;
			esac
		elif [ "$status" -eq 1 ] && [ -s "$scratch/error" ] &&
			! grep -q 'signal\|died\|crash' "$scratch/error"; then
			pass
		else
			fail "$tool $fixture cut at $n: status $status"
			head -n 3 "$scratch/error"
		fi
	done
}

mode=${1:-check}
only=${2:-}
while read -r name tool fixture arguments; do
	case $name in '' | '#'*) continue ;; esac
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	# Arguments are words; quoting them is the shell's own.
	eval "set -- $arguments"
	golden "$name" "$tool" "$fixture" "$@"
	[ "$mode" = update ] || cut_short "$tool" "$fixture" "$@"
	case "$tool $*" in
	*' --around '* | *' --sample '*) ;;
	'list_packets '*) page "$tool" "$BUILD/fixtures/$fixture" "$@" ;;
	esac
done <fixtures/LIST
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
