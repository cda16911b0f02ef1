#!/bin/sh
# Do our display filters select the frames that tshark's do?
#
#	BUILD=build sh test/peer/filters.sh CORPUS [FILTERS]
#
# The captures of filters.list are put one behind the other (mergecap -a), so
# that each filter costs one run of each program.  Needs tshark 4.0 and
# mergecap.  Prints what differs and, last, how many filters agree.
set -u
corpus=${1:?the folder of the captures}
here=$(cd "$(dirname "$0")" && pwd)
filters=${2:-$here/filters.txt}
mcpcap=${BUILD:-$here/../../build}/mcpcap
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
TZ=UTC LC_ALL=C.UTF-8 WIRESHARK_CONFIG_DIR=/nonexistent
export TZ LC_ALL WIRESHARK_CONFIG_DIR

while read -r name; do
	set -- "$@" "$corpus/$name"
done <"$here/filters.list"
shift
[ "$filters" = "$here/filters.txt" ] || shift
mergecap -a -w "$work/all.pcapng" "$@" || exit 1

frames_of_tshark() {
	tshark -n -r "$work/all.pcapng" -Y "$1" -T fields -e frame.number \
		2>"$work/errors"
}

frames_of_ours() {
	"$mcpcap" list_packets "$work/all.pcapng" --fields frame.number \
		--filter "$1" --format tsv --all 2>"$work/our-errors" |
		sed 1d
}

total=0 equal=0
while read -r filter; do
	case $filter in
	'' | '#'*)
		continue
		;;
	esac
	total=$((total + 1))
	frames_of_tshark "$filter" >"$work/theirs" ||
		echo "tshark: $(tail -1 "$work/errors")" >"$work/theirs"
	frames_of_ours "$filter" >"$work/ours"
	if cmp -s "$work/theirs" "$work/ours"; then
		equal=$((equal + 1))
		continue
	fi
	echo "$filter"
	diff "$work/theirs" "$work/ours" | sed -n '2,5s/^/	/p'
	sed -n '1s/^/	/p' "$work/our-errors"
done <"$filters"
echo "$equal of $total filters select the same frames"
[ "$equal" -eq "$total" ]
