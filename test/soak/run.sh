#!/bin/sh
# wrk with 64 connections beside 500 slow sockets, clients that leave early and
# clients that send rubbish.  No answer is wrong, and when all have gone,
# memory, descriptors and processes are what they were before.
#   BUILD=build SOAK_SECONDS=300 sh test/soak/run.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(cd "${BUILD:-build}" && pwd)
seconds=${SOAK_SECONDS:-300}
command -v wrk >/dev/null || {
	apt-get update -qq && apt-get install -y -qq wrk >/dev/null
}
work=$(mktemp -d) || exit 1
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
SOAK_CAPTURE=$build/fixtures/dns-basic.pcap
SOAK_PACKETS=$("$build/mcpcap" analyze_capinfos "$SOAK_CAPTURE" \
	--format json | sed 's/.*"packet_count":\([0-9]*\).*/\1/')
export SOAK_CAPTURE SOAK_PACKETS

"$build/mcpcap" --transport http --port 0 --root "$build/fixtures" \
	--tmp-dir "$work" 2>"$work/log" &
server=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	sleep 0.2
	port=$(sed -n 's|.*http://127.0.0.1:\([0-9]*\)/mcp.*|\1|p' "$work/log")
	[ -n "$port" ] && break
done

resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$server/status"; }
descriptors() { find "/proc/$server/fd" -mindepth 1 | wc -l; }
children() { wc -w <"/proc/$server/task/$server/children"; }
ask() { # ask SECONDS
	wrk -t 2 -c 64 -d "$1s" --timeout 20s -s test/soak/wrk.lua \
		"http://127.0.0.1:$port/mcp" >"$work/wrk"
}

passed=0 failed=0
check() { # check WHAT TEST...
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok $passed - $what"
	else
		failed=$((failed + 1))
		echo "not ok - $what"
	fi
}

fds=$(descriptors)
ask 2 # whatever is allocated once
sleep 1
before=$(resident)
start=$(date +%s)
"$build/test/soak/slow" "$port" 500 "$seconds" "$SOAK_CAPTURE" \
	>"$work/slow" &
slow=$!
ask "$seconds"
wait "$slow"
slow_status=$?
took=$(($(date +%s) - start))
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(descriptors)" -eq "$fds" ] && [ "$(children)" -eq 0 ] && break
	sleep 1
done
after=$(resident)
grep '^wrong' "$work/wrk"
line=$(grep '^answers' "$work/wrk")
echo "# $took s: $line"
echo "# $(cat "$work/slow")"
echo "# resident $before kB before, $after kB after; descriptors $fds," \
	"$(descriptors)"
# shellcheck disable=SC2086 # words
set -- $line
[ $# -ge 6 ] || set -- answers 0 wrong 0 broken 0
check "$2 answers" [ "$2" -gt 100 ]
check "$4 of them wrong" [ "$4" -eq 0 ]
check "$6 broken connections or time-outs" [ "$6" -eq 0 ]
check 'rubbish is refused' [ "$slow_status" -eq 0 ]
check 'descriptors are closed' [ "$(descriptors)" -eq "$fds" ]
check 'no process is left' [ "$(children)" -eq 0 ]
check 'memory is given back' [ "$after" -le $((before + 1024)) ]
check 'no file is left' [ "$(find "$work" -name 'mcpcap-*' | wc -l)" -eq 0 ]
kill "$server"
wait "$server"
check 'it ends when told' [ $? -eq 0 ]
server=
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
