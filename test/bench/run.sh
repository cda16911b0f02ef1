#!/bin/sh
# CPU seconds of the tools beside those of cat on the same file, best of three
# runs, page cache warm:  sh test/bench/run.sh [CAPTURE]
# Without a capture one of 200 MB is made of a fixture's records: its figures
# say whether a change made things slower, not how fast real traffic is read.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
program=$BUILD/mcpcap
capture=${1:-}

if [ -z "$capture" ]; then
	capture=$BUILD/bench.pcap
	if [ ! -e "$capture" ]; then
		make -s fixtures
		one=$BUILD/fixtures/builder-layers.pcap
		tail -c +25 "$one" >"$BUILD/bench.part"
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			cat "$BUILD/bench.part" "$BUILD/bench.part" \
				>"$BUILD/bench.more"
			mv "$BUILD/bench.more" "$BUILD/bench.part"
		done
		head -c 24 "$one" >"$capture"
		for _ in $(seq 110); do
			cat "$BUILD/bench.part"
		done >>"$capture"
		rm -f "$BUILD/bench.part"
	fi
fi

# cpu COMMAND...: best of three, in hundredths of a second
cpu() {
	best=
	for _ in 1 2 3; do
		t=$( { bash -c 'TIMEFORMAT="%U %S"; time "$@" >/dev/null \
			2>/dev/null' bash "$@"; } 2>&1 |
			awk '{ printf "%d", ($1 + $2) * 1000 }')
		if [ -z "$best" ] || [ "$t" -lt "$best" ]; then
			best=$t
		fi
	done
	echo "$best"
}

base=$(cpu cat "$capture")
[ "$base" -gt 0 ] || base=1
row() {
	name=$1
	shift
	t=$(cpu "$@")
	awk -v n="$name" -v t="$t" -v b="$base" \
		'BEGIN { printf "%-32s %8.3f s %8.2f\n", n, t / 1000, t / b }'
}
printf '%-32s %10s %8s\n' "$(wc -c <"$capture") bytes" CPU "of cat"
row cat cat "$capture"
for tool in analyze_capinfos summarize_capture analyze_dns_packets \
	analyze_tcp_connections analyze_sip_packets list_flows; do
	row "$tool" "$program" "$tool" "$capture" --no-sandbox
done
row "list_packets, counts" "$program" list_packets "$capture" --limit 0
row "list_packets, filter" "$program" list_packets "$capture" --limit 0 \
	--filter 'tcp.flags.reset == 1'
row "list_packets, all" "$program" list_packets "$capture" --all \
	--format tsv
