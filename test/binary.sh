#!/bin/sh
# What the program must be: static, hardened, small, without our paths.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
program=$BUILD/mcpcap
passed=0 failed=0

# check WHAT COMMAND...
check() {
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "not ok - $what"
		failed=$((failed + 1))
	fi
}
not() { ! "$@"; }

if [ -n "${SAN:-}" ]; then
	echo "ok - sanitizers: no gate"
	echo "1 passed, 0 failed"
	exit 0
fi

headers=$(readelf -hlW "$program")
dynamic=$(readelf -dW "$program" 2>/dev/null)
has() { echo "$headers" | grep -q "$1"; }
has_dynamic() { echo "$dynamic" | grep -q "$1"; }

check "no interpreter" not has INTERP
check "no library is needed" not has_dynamic NEEDED
check "stack not executable" has 'GNU_STACK.* RW  *0x'
check "no segment both writable and executable" not has 'LOAD.* RWE '
check "read-only after relocation" has GNU_RELRO
if ! grep -q '^PIE = no' "$BUILD/probe.mk"; then
	check "position independent" has 'Type: *DYN'
	check "no text relocations" not has_dynamic TEXTREL
fi
guarded() { nm "$program.debug" | grep -q __stack_chk_fail; }
check "stack protector is linked" guarded
check "no path of the build" not grep -aq "$PWD/" "$program"
# Constants stand packed in the file, and read-only in memory.
same_addresses() {
	for f in unpacked mcpcap.debug; do
		nm "$BUILD/$f" >"$BUILD/$f.nm" || return 1
		sed -i '/ start_packed_end$/d; / _end$/d; s/ . / /' \
			"$BUILD/$f.nm"
		sort -o "$BUILD/$f.nm" "$BUILD/$f.nm"
	done
	cmp -s "$BUILD/unpacked.nm" "$BUILD/mcpcap.debug.nm"
}
# A server that waits for input, on a busy machine, too; its process is $!.
waiting() {
	sleep 20 | "$program" >/dev/null 2>&1 &
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		case $(readlink "/proc/$!/exe") in
		*"/${program##*/}") grep -q '^State:.S' "/proc/$!/status" &&
			return ;;
		esac
		sleep 0.2
	done
}
writable() { # bytes of the program that can be written to, but for the heap
	waiting
	while read -r range rights rest; do
		case "$rights $rest" in rw*"/${program##*/}"*) ;; *) continue ;; esac
		echo $((0x${range#*-} - 0x${range%-*}))
	done <"/proc/$!/maps"
	kill $!
}
if grep -q '^PACK = yes' "$BUILD/probe.mk"; then
	size=$(wc -c <"$program")
	check "$size bytes, at most 700000" [ "$size" -le 700000 ]
	check "both links have the same addresses" same_addresses
	check "no path of the build in the constants" \
		not grep -aq "$PWD/" "$BUILD/constants"
	[ ! -e /proc/self/maps ] || check "constants are read-only" \
		[ "$(writable)" = 4096 ]
fi
check "no path at all of where programs are built" \
	not grep -aqE '/home/[a-z]|/work/[a-z]|/root/[a-z]' "$program"
if ! grep -q '^PIE = no' "$BUILD/probe.mk"; then
	check "bound at the start" has_dynamic 'NOW'
fi

# Where its code lies differs from run to run.
where() {
	waiting
	sed -n 's|^\([0-9a-f]*\)-.* r-xp .*/mcpcap$|\1|p' "/proc/$!/maps"
	kill $!
}
if [ -r /proc/self/maps ] && ! grep -q '^PIE = no' "$BUILD/probe.mk"; then
	first=$(where)
	second=$(where)
	moves() { [ -n "$first" ] && [ "$first" != "$second" ]; }
	check "lies elsewhere in each run: $first, $second" moves
fi

# Built again, in another folder, it is the same to the byte (REPRODUCE=no
# leaves that out).
again=$(mktemp -d)
if [ "${REPRODUCE:-yes}" != no ]; then
	make -s "BUILD=$again" "CC=${CC:-}" "$again/mcpcap" >"$again/log" 2>&1 ||
		tail -n 5 "$again/log"
	check "the same when it is built again" cmp "$program" "$again/mcpcap"
fi
rm -rf "$again"

# With nothing around it: no library, no /dev, no /proc.
answers() {
	chroot "$1" /mcpcap analyze_capinfos /a.pcap | grep -q packet_count
}
if [ "$(id -u)" -eq 0 ] && chroot / true 2>/dev/null; then
	empty=$(mktemp -d)
	cp "$program" "$empty/mcpcap"
	cp "$BUILD/fixtures/pcap-little-micro.pcap" "$empty/a.pcap"
	check "runs in an empty chroot" \
		chroot "$empty" /mcpcap --version >/dev/null
	check "answers in an empty chroot" answers "$empty"
	rm -rf "$empty"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
