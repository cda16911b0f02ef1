#!/bin/sh
# The command line: exit statuses, formats, what stands on which output.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
program=$BUILD/mcpcap
cd "$BUILD/fixtures" || exit 1
passed=0 failed=0
out=$(mktemp) err=$(mktemp)
trap 'rm -f "$out" "$err"' EXIT

# run STATUS ARGUMENT...: stdout and stderr go to $out and $err.
run() {
	want=$1
	shift
	"$program" "$@" >"$out" 2>"$err" </dev/null
	status=$?
	what="mcpcap $*"
	if [ "$status" -eq "$want" ]; then
		passed=$((passed + 1))
	else
		echo "not ok - $what: status $status, wanted $want"
		head -n 3 "$err"
		failed=$((failed + 1))
	fi
}

# has FILE PATTERN / lacks FILE PATTERN, of the last run
has() {
	if grep -q -e "$2" "$1"; then
		passed=$((passed + 1))
	else
		echo "not ok - $what: no \"$2\""
		head -n 3 "$1"
		failed=$((failed + 1))
	fi
}
lacks() {
	if ! grep -q -e "$2" "$1"; then
		passed=$((passed + 1))
	else
		echo "not ok - $what: has \"$2\""
		failed=$((failed + 1))
	fi
}
silent() {
	if [ ! -s "$1" ]; then
		passed=$((passed + 1))
	else
		echo "not ok - $what: is not silent"
		head -n 3 "$1"
		failed=$((failed + 1))
	fi
}

a=pcap-little-micro.pcap
run 0 --version
has "$out" '^mcpcap [0-9]'
run 0 --help
has "$out" 'analyze_capinfos'
has "$out" 'max-packets'
run 0 analyze_capinfos --help
has "$out" '^mcpcap analyze_capinfos CAPTURE\.\.\. '
has "$out" 'no-digests\|--digests'
run 0 list_fields --help
has "$out" '^mcpcap list_fields \[CAPTURE\.\.\.\] '
run 2 --jobs 0
has "$err" '"0" is not accepted'
run 2 --modules nonsense
has "$err" 'unknown module "nonsense"; there are'
silent "$out"
run 2 --transport pigeon
has "$err" 'give stdio|http'
run 2 --prot 3
has "$err" 'did you mean --port'
run 2 --port
has "$err" 'needs a value'
run 2 analyze_capinfo "$a"
has "$err" 'did you mean analyze_capinfos'
run 2 analyze_capinfos
has "$err" 'no capture is given'
run 2 analyze_capinfos "$a" --digest
has "$err" 'unknown parameter "digest": did you mean "digests"'
run 2 analyze_capinfos "$a" --format xml
has "$err" 'text, json, ndjson or tsv'
run 2 analyze_capinfos "$a" --format tsv
has "$err" 'gives no table'

run 0 analyze_capinfos "$a"
has "$out" '^{"filename":"pcap-little-micro.pcap".*}$'
silent "$err"
run 0 analyze_capinfos "$a" --format=text
has "$out" '^File name: *pcap-little-micro.pcap$'
has "$out" '^Number of packets: '
run 0 analyze_capinfos --no-digests --format json -- "$a"
run 0 analyze_capinfos "$a" pcap-big-nano.pcap --format ndjson
has "$out" 'pcap-big-nano'
if [ "$(wc -l <"$out")" -eq 2 ]; then
	passed=$((passed + 1))
else
	echo "not ok - two captures, two lines"
	failed=$((failed + 1))
fi

run 1 analyze_capinfos missing.pcap
has "$err" '^mcpcap: missing.pcap: no such file'
silent "$out"
run 1 analyze_capinfos missing.pcap "$a"
has "$out" 'pcap-little-micro'
run 1 analyze_capinfos .
has "$err" 'folder'
run 1 analyze_capinfos /dev/zero
has "$err" 'not a regular file'
run 1 analyze_capinfos "$program"
has "$err" 'not a pcap or pcapng capture'
run 1 analyze_capinfos /etc/passwd
has "$err" 'not a pcap or pcapng capture'
if grep -q root "$err"; then
	echo "not ok - an error echoes the file"
	failed=$((failed + 1))
fi

# Numbers that no packet has: Wireshark numbers some other blocks, too.
run 1 get_packet pcap-no-packets.pcap --frame 1
has "$err" 'beyond the last of 0 packets$'
run 1 get_packet pcapng-blocks.pcapng --frame 4
has "$err" 'frame: 4 is a block of the file that holds no packet'
run 1 get_packet pcapng-blocks.pcapng --frame 99
n=$(sed -n 's/.*give 1 to //p' "$err")
run 0 list_packets pcapng-blocks.pcapng --filter "frame.number == $n"
has "$out" '"matched":1,'
run 0 list_packets pcapng-blocks.pcapng --around "$n"
lacks "$out" 'beyond the last'
run 1 follow_stream pcapng-blocks.pcapng --frame 4
has "$err" 'holds no packet'

what='a capture on standard input'
"$program" analyze_capinfos - <"$a" >"$out" 2>"$err"
has "$out" '"packet_count"'
head -c 60 "$a" | "$program" analyze_capinfos - >"$out" 2>"$err"
has "$out" 'it was cut short'
what='an empty standard input'
"$program" analyze_capinfos - </dev/null >"$out" 2>"$err"
has "$err" 'empty'

run 2 completion tcsh
run 0 completion bash
if command -v bash >/dev/null 2>&1; then
	what='bash takes the completion'
	bash -n "$out" 2>"$err"
	silent "$err"
fi
run 0 completion zsh
run 0 completion fish
has "$out" '__fish_seen_subcommand_from analyze_capinfos'

"$program" doctor >"$out" 2>"$err"
what='mcpcap doctor'
has "$out" 'seccomp'
has "$out" 'a worker in it: works'

# The limit is named that was reached.
what='little memory'
if "$program" doctor | grep -q 'sanitizers *no'; then
	# with MOST TOOL CAPTURE
	with() {
		printf '%s%s%s%s%s\n' '{"jsonrpc":"2.0","id":1,"method":' \
			'"tools/call","params":{"_meta":{' \
			'"io.modelcontextprotocol/protocolVersion":' \
			'"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},' \
			'"name":"'"$2"'","arguments":{"pcap_file":"'"$3"'","stream":0}}}' |
			sed '/summarize/s/,"stream":0//' |
			"$program" --max-memory "$1" >"$out" 2>"$err"
		has "$out" 'max-memory'
	}
	with 1 summarize_capture $a
	with 2M summarize_capture $a
	# A question's own: what the message names can be given.
	run 1 summarize_capture $a --max-memory 2M
	has "$err" 'max-memory'
	run 0 summarize_capture $a --max-memory 1G
	run 2 summarize_capture $a --max-memory all
	what='little memory'
	# What there was no room for is not said to be absent.
	with 8M follow_stream tcp-mixed.pcap
fi

# What is about one protocol stops behind the first N of it; the rest has its
# own limit, and does not take the option.
run 0 analyze_tcp_connections builder-layers.pcap --max-packets 3
has "$out" '"tcp_packets_found":3,'
has "$out" 'the first 3 TCP packets (--max-packets)'
# What stands behind the last of these limits nothing.
run 0 analyze_tcp_connections ip-tunnel-pieces.pcap --max-packets 2
has "$out" 'IP datagrams whose fragments are not all there'
run 0 analyze_tcp_connections ip-tunnel-pieces.pcap --max-packets 1
lacks "$out" 'IP datagrams whose fragments are not all there'
run 0 analyze_dns_packets builder-layers.pcap --max-packets 1
has "$out" '"dns_packets_analyzed":1,'
run 2 list_flows builder-layers.pcap --max-packets 3

# The next calls name the capture so that it is found.
odd=$(mktemp -d)/a\\b
cp builder-layers.pcap "$odd"
run 0 summarize_capture "$odd"
has "$out" '"pcap_file":"[^"]*/a\\\\b"'
rm -r "${odd%/*}"

run 1 list_packets builder-layers.pcap --around 3 --sample 4
has "$err" 'around and sample exclude each other'
run 0 summarize_capture builder-layers.pcap --focus 198.18.7.0/24
has "$out" '"message":"None of 21 packets is from or to 198.18.7.0/24;'

# Whoever starts us may have closed our descriptors, and may not care how its
# children end: then nothing else is in their place, and we care.
what='a careless parent'
if [ -e /proc/self/fd ]; then
	sleep 20 | (trap '' CHLD; exec "$program" --root / >/dev/null 2>&-) &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 0.3
		case $(readlink "/proc/$pid/exe") in
		*/mcpcap) grep -q '^State:.S' "/proc/$pid/status" && break ;;
		esac
	done
	readlink "/proc/$pid/fd/2" >"$out"
	cat "/proc/$pid/status" >"$err"
	kill "$pid"
	has "$out" '^pipe:'
	has "$err" 'SigIgn:.*[02468ace]....$'
fi

# What a list of tools costs a model: with everything, and with mcpcap's nine
# and those of single packets.
what=tools/list
tools_list() { # MOST [OPTION...]
	most=$1
	shift
	printf '%s%s%s\n' '{"jsonrpc":"2.0","id":1,"method":"tools/list",' \
		'"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":' \
		'"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}' |
		"$program" "$@" >"$out" 2>"$err"
	has "$out" '"tools":\[{'
	size=$(wc -c <"$out")
	if [ "$size" -lt "$most" ]; then
		passed=$((passed + 1))
	else
		echo "not ok - tools/list $*: $size bytes, not under $most"
		failed=$((failed + 1))
	fi
}
tools_list 14000
tools_list 10000 --modules dns,dhcp,icmp,tcp,sip,capinfos,packets

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
