#!/bin/sh
# make bench: what a job takes us and the peers that are installed, beside cat
# on the same capture, in turn.  See "Speed" in README.md.
#
#	BENCH_SIZE=100    percent of the full captures (1.1 GB and the like)
#	BENCH_ROUNDS=5    of each job, after one that warms the cache
#	BENCH_JOBS=.      an expression that jobs must match
#	BENCH_WHO=.       an expression that programs must match
#	BENCH_PYTHON=     a command for the Python original: TOOL CAPTURE follow
#	BENCH_README=1    put the table into README.md
#
# `sh test/bench/run.sh peers` installs the peers (Debian).
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
dir=$BUILD/bench
size=${BENCH_SIZE:-100}
ours=$BUILD/mcpcap
commands=$dir/commands results=$dir/results.tsv

if [ "${1:-}" = peers ]; then
	for p in tcpdump wireshark-common tshark tcptrace argus-server dnstop \
		dnscap libndpi-bin softflowd ngrep nfdump tcpstat pigz; do
		apt-get install -y --no-install-recommends "$p" >/dev/null ||
			echo "$p: not here"
	done
	exit
fi
mkdir -p "$dir/small"

# ---- Captures ----------------------------------------------------------

# stale FILE SOURCE
stale() {
	[ ! -e "$1" ] || [ -n "$(find "$2" -newer "$1")" ]
}

# make_capture NAME SHAPE PACKETS: packets of the full size
make_capture() {
	to=$dir/$1-$size.pcap
	if stale "$to" "$dir/generate"; then
		echo "making $to" >&2
		"$dir/generate" "$2" $(($3 * size / 100)) >"$to.part"
		mv "$to.part" "$to"
	fi
}

# pack FROM TO
pack() {
	if stale "$2" "$1"; then
		echo "making $2" >&2
		gzip -c "$1" >"$2.part"
		mv "$2.part" "$2"
	fi
}

make_capture mix mix 1800000
make_capture mix-x4 mix 720000
make_capture mix-x1 mix 180000
make_capture dns dns 1000000
make_capture dns-part dns 100000
make_capture small small 10000000
make_capture syn syn 3000000
make_capture syn-part syn 300000
mix=$dir/mix-$size.pcap part=$dir/mix-x1-$size.pcap
x4=$dir/mix-x4-$size.pcap
dns=$dir/dns-$size.pcap dns_part=$dir/dns-part-$size.pcap
small=$dir/small-$size.pcap
syn=$dir/syn-$size.pcap syn_part=$dir/syn-part-$size.pcap
pack "$part" "$part.gz"
pack "$dns" "$dns.gz"
tiny=$dir/tiny.pcap
"$dir/generate" mix 40 >"$tiny"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	if stale "$dir/small/$size-$i.pcap" "$part"; then
		cp "$part" "$dir/small/$size-$i.pcap"
	fi
done

# What cat takes depends on how a file lies in the page cache: 1.1 GB in large
# folios 0.04 s, in single pages all over the memory 0.1 s.  Dropped and read
# again it lies as well as it can, in every run.
sync
for file in "$dir"/*-"$size".pcap "$dir"/*-"$size".pcap.gz \
	"$dir/small/$size"-*.pcap; do
	dd if="$file" iflag=nocache count=0 2>/dev/null || break
	cat "$file" >/dev/null
done

# ---- Commands ----------------------------------------------------------

: >"$commands"
# add JOB WHO PART COMMAND: no line for a program that is not here
add() {
	if echo "$1" | grep -Eq -- "${BENCH_JOBS:-.}" &&
		echo "$2" | grep -Eq -- "${BENCH_WHO:-.}" &&
		command -v "${4%% *}" >/dev/null 2>&1; then
		printf '%s\t%s\t%s\t%s >/dev/null 2>&1\n' "$@" >>"$commands"
	fi
}
# we JOB CAPTURE ARGUMENTS: our answer as an agent gets it
we() {
	add "$1" "mcpcap" 1 "$ours $3 $2 --jobs 1 --format json"
}
python() {
	[ -z "${BENCH_PYTHON:-}" ] ||
		add "$1" "Python mcpcap" 10 "$BENCH_PYTHON $2 $part"
}
base() {
	add "$1" cat 1 "cat $2"
}
shark="tshark -n -r"

job=capinfos
base $job "$mix"
we $job "$mix" "analyze_capinfos --no-digests"
add $job "tcpdump --count" 1 "tcpdump --count -r $mix"
add $job "capinfos" 1 "capinfos -tEcsduaeyizx $mix"
add $job "tcpstat" 1 "tcpstat -r $mix 3600"
python $job analyze_capinfos

job="TCP connections"
base "$job" "$mix"
we "$job" "$mix" analyze_tcp_connections
add "$job" "softflowd (flows)" 1 "softflowd -d -r $mix"
add "$job" "tcptrace" 1 "tcptrace -n $mix"
add "$job" "argus" 1 "argus -r $mix -w $dir/argus.out"
add "$job" "nfpcapd" 1 "nfpcapd -r $mix -w $dir/nf"
add "$job" "ndpiReader" 10 "ndpiReader -q -i $part"
add "$job" "tshark" 10 "$shark $part -q -z conv,tcp"
python "$job" analyze_tcp_connections

job="TCP anomalies"
base "$job" "$mix"
we "$job" "$mix" analyze_tcp_anomalies
add "$job" "tshark" 10 "$shark $part -Y tcp.analysis.flags"
job="TCP retransmissions"
base "$job" "$mix"
we "$job" "$mix" analyze_tcp_retransmissions
add "$job" "tcptrace -l" 1 "tcptrace -nl $mix"
add "$job" "tshark" 10 "$shark $part -Y tcp.analysis.retransmission"

job=DNS
base $job "$mix"
we $job "$mix" analyze_dns_packets
add $job "dnstop (counts)" 1 "dnstop -Q -R -l 2 $mix"
add $job "dnscap" 1 "dnscap -g -r $mix"
add $job "tcpdump" 1 "tcpdump -nn -r $mix port 53"
add $job "tshark -z dns,tree" 10 "$shark $part -q -z dns,tree"
python $job analyze_dns_packets

job=ICMP
base $job "$mix"
we $job "$mix" analyze_icmp_packets
add $job "tcpdump" 1 "tcpdump -nn -r $mix icmp or icmp6"
add $job "tshark" 10 "$shark $part -Y 'icmp||icmpv6'"
python $job analyze_icmp_packets
job=SIP
base $job "$mix"
we $job "$mix" analyze_sip_packets
add $job "ngrep" 1 "ngrep -q -I $mix SIP/2.0 port 5060"
add $job "tcpdump -A" 1 "tcpdump -nnA -r $mix port 5060"
add $job "tshark -z sip,stat" 10 "$shark $part -q -z sip,stat"
python $job analyze_sip_packets
job=DHCP
base $job "$mix"
we $job "$mix" analyze_dhcp_packets
add $job "tcpdump -v" 1 "tcpdump -nnv -r $mix port 67 or port 68"
add $job "tshark -z dhcp,stat" 10 "$shark $part -q -z dhcp,stat"
python $job analyze_dhcp_packets

job="filter, decoded fields"
base "$job" "$mix"
we "$job" "$mix" "list_packets --filter tcp.flags.reset==1"
add "$job" "tcpdump (BPF)" 1 "tcpdump -nn -r $mix 'tcp[13]&4!=0'"
add "$job" "tshark" 10 "$shark $part -Y tcp.flags.reset==1"
job="filter, address and port"
base "$job" "$mix"
we "$job" "$mix" "list_packets --filter 'ip.src==10.0.2.1&&tcp.port==443'"
add "$job" "mcpcap, no filter" 1 \
	"$ours list_packets --limit 50 $mix --jobs 1 --format json"
add "$job" "tcpdump (BPF)" 1 \
	"tcpdump -nn -r $mix src 10.0.2.1 and tcp port 443"
add "$job" "tshark" 10 \
	"$shark $part -Y 'ip.src==10.0.2.1&&tcp.port==443'"
job=summary
base $job "$mix"
we $job "$mix" summarize_capture
add $job "tshark -z io,phs" 10 "$shark $part -q -z io,phs"

job="64-byte frames, flows"
base "$job" "$small"
we "$job" "$small" list_flows
add "$job" "softflowd" 1 "softflowd -d -r $small"
job="3 million flows"
base "$job" "$syn"
we "$job" "$syn" list_flows
add "$job" "softflowd" 1 "softflowd -d -r $syn"
add "$job" "argus" 10 "argus -r $syn_part -w $dir/argus.out"
add "$job" "tshark" 10 "$shark $syn_part -q -z conv,tcp"

# A tenth, four tenths, all.
for tool in "analyze_capinfos --no-digests" analyze_tcp_connections \
	analyze_dns_packets; do
	job="growth, ${tool%% *}"
	add "$job" "1x" 1 "$ours $tool $part --jobs 1 --format json"
	add "$job" "4x" 1 "$ours $tool $x4 --jobs 1 --format json"
	add "$job" "10x" 1 "$ours $tool $mix --jobs 1 --format json"
done

# What counts here is wall.
for tool in "analyze_capinfos --no-digests" analyze_dns_packets \
	analyze_icmp_packets analyze_dhcp_packets; do
	job="two cores, ${tool%% *}"
	add "$job" "--jobs 1" 1 "$ours $tool $mix --jobs 1 --format json"
	add "$job" "two threads" 1 "$ours $tool $mix --format json"
done

job="folder of 12"
rows="list_packets --format ndjson --all --filter dns"
rows="$rows --fields frame.number,ip.src,dns.qry.name"
add "$job" "one process" 1 "$ours $rows $dir/small/$size-*.pcap"
add "$job" "xargs -P2" 1 \
	"printf '%s\\0' $dir/small/$size-*.pcap | xargs -0 -P 2 -n 3 $ours $rows"

job="DNS rows, ndjson"
base "$job" "$dns"
add "$job" "mcpcap" 1 \
	"$ours analyze_dns_packets $dns --all --format ndjson"
add "$job" "tshark -T fields" 10 \
	"$shark $dns_part -T fields -e dns.id -e dns.qry.name -e dns.a"

for file in "$part.gz" "$dns.gz"; do
	job="gz, random"
	[ "$file" = "$part.gz" ] || job="gz, DNS"
	base "$job" "$file"
	we "$job" "$file" "analyze_capinfos --no-digests"
	add "$job" "capinfos (zlib)" 1 "capinfos -tEcsduaeyizx $file"
	add "$job" "gzip -dc" 1 "gzip -dc $file"
	add "$job" "pigz -dc" 1 "pigz -dc $file"
done

# Processes as they are started; the first is what that costs alone.
# messages NAME MESSAGE: what a client says, into a file
messages() {
	printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"initialize",'\
'"params":{"protocolVersion":"2025-11-25","capabilities":{},'\
'"clientInfo":{"name":"bench","version":"1"}}}' \
		'{"jsonrpc":"2.0","method":"notifications/initialized"}' \
		'{"jsonrpc":"2.0","id":2,"method":"'"$2"'}' \
		>"$dir/$1.jsonl"
}
messages list 'tools/list"'
messages call 'tools/call","params":{"name":"analyze_capinfos",'\
'"arguments":{"pcap_file":"'"$tiny"'"}}'
add start "true" 1 "exec true"
add start "tools/list" 1 "exec $ours <$dir/list.jsonl"
add start "10 KB, stdio" 1 "exec $ours <$dir/call.jsonl"
add start "10 KB, shell" 1 "exec $ours analyze_capinfos $tiny"
add start "tcpdump" 1 "tcpdump -nn -r $tiny"
add start "tshark" 1 "$shark $tiny"

# ---- Runs and tables ---------------------------------------------------

rm -rf "$dir/nf"
mkdir -p "$dir/nf"
grep . "$commands" >/dev/null || exit 1
"$dir/measure" "${BENCH_ROUNDS:-5}" 600 <"$commands" |
	tee "$results" | awk -F '\t' -f test/bench/table.awk
bytes=0
if grep -q '^DNS rows.*mcpcap' "$results"; then
	bytes=$("$ours" analyze_dns_packets "$dns" --all --format ndjson |
		wc -c)
	awk -F '\t' -v n="$bytes" '/^DNS rows/ && $2 == "mcpcap" {
		printf "DNS rows: %.0f MB, %.0f MB/s of wall, %.0f of CPU\n",
			n / 1e6, n / 1e6 / $4, n / 1e6 / $3 }' "$results" |
		tee "$dir/rate"
fi
machine=$(sed -n 's/^model name[^:]*: //p;' /proc/cpuinfo 2>/dev/null |
	head -n 1)
{
	echo "$(date -u +%Y-%m-%d), $(nproc) x ${machine:-$(uname -m)}," \
		"$(uname -s) $(uname -r | cut -d- -f1);" \
		"captures of $size %, ${BENCH_ROUNDS:-5} rounds."
	echo
	awk -F '\t' -f test/bench/readme.awk "$results"
} >"$dir/table.md"
if [ -n "${BENCH_README:-}" ]; then
	awk -v table="$dir/table.md" '
		/^<!-- bench -->/ {
			print
			while ((getline line < table) > 0)
				print line
			skip = 1
		}
		/^<!-- end -->/ { skip = 0 }
		!skip && !/^<!-- bench -->/' README.md >"$dir/README.md"
	cp "$dir/README.md" README.md
fi
