#!/bin/sh
# make bench-instructions: instructions a packet, which no load disturbs, and
# whether they are within test/bench/budget.  What is common to a short and a
# long capture, start and end, is taken off.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
dir=$BUILD/bench
failed=0

if ! command -v valgrind >/dev/null 2>&1; then
	echo "valgrind is not installed"
	exit 1
fi

# instructions TOOL ARGUMENTS CAPTURE [all]
instructions() {
	valgrind --tool=callgrind --callgrind-out-file="$dir/callgrind.out" \
		"$dir/question" "$@" 2>&1 >/dev/null |
		awk '/Collected/ { print $4 }'
}

# measure NAME SHAPE PACKETS TOOL ARGUMENTS [all]
measure() {
	name=$1 n=$3
	short=$dir/$2-short.pcap long=$dir/$2-long.pcap
	"$dir/generate" "$2" $((n / 10)) >"$short"
	"$dir/generate" "$2" "$n" >"$long"
	a=$(instructions "$4" "$5" "$short" ${6+"$6"})
	b=$(instructions "$4" "$5" "$long" ${6+"$6"})
	budget=$(awk -v name="$name" '$1 == name { print $2 }' \
		test/bench/budget)
	if [ -z "$a" ] || [ -z "$b" ] || [ -z "$budget" ]; then
		echo "$name: not measured"
		failed=1
		return
	fi
	each=$(((b - a) / (n - n / 10)))
	verdict=
	if [ "$each" -gt "$budget" ]; then
		verdict=" TOO MANY"
		failed=1
	fi
	printf '%-16s %6d instructions a packet, budget %6d%s\n' "$name" \
		"$each" "$budget" "$verdict"
}

mix=25000 dns=75000
measure walk mix $mix analyze_capinfos \
	'{"pcap_file":"x","digests":false}'
measure decode mix $mix analyze_icmp_packets '{"pcap_file":"x"}'
measure tcp mix $mix analyze_tcp_connections '{"pcap_file":"x"}'
measure retransmissions mix $mix analyze_tcp_retransmissions \
	'{"pcap_file":"x"}'
measure dns dns $dns analyze_dns_packets '{"pcap_file":"x","limit":0}'
measure dns-rows dns $dns analyze_dns_packets '{"pcap_file":"x"}' all
measure list-filter mix $mix list_packets \
	'{"pcap_file":"x","filter":"tcp.flags.reset == 1"}'
measure summary mix $mix summarize_capture '{"pcap_file":"x"}'
exit "$failed"
