#!/bin/sh
# make fuzz: builds the targets with libFuzzer and the sanitizers and runs
# each for FUZZ_SECONDS (60).
#	FUZZ_TARGETS="dns sip"   only these
#	FUZZ_CAPTURES=FOLDER     more captures to take seeds from
#	FUZZ_RSS=MB              of a run, 512
# What was learnt stays in build/fuzz/corpus/TARGET; an input that breaks
# something in build/fuzz/findings, and the status is then 1.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${FUZZ_CC:-clang}
out=build/fuzz
mkdir -p "$out/findings" "$out/corpus" || exit 1
command -v "$CC" >/dev/null || {
	echo "fuzz: no $CC (apt install clang libclang-rt-14-dev)" >&2
	exit 1
}
make -s "BUILD=$out" "CC=$CC" SAN=fuzzer-no-link,address,undefined OPT=-O1 \
	"$out/libmcpcap.a" "$out/libtest.a" fixtures || exit 1
link() {
	program=$1
	shift
	"$CC" -g -O1 -D_GNU_SOURCE -Isrc -Itest \
		"-DFIXTURES=\"$out/fixtures\"" -o "$program" "$@" \
		test/fuzz/[bcntw]*.c test/fuzz/proto.c test/fuzz/filter.c \
		test/fuzz/fetch.c "$out/libtest.a" \
		"$out/libmcpcap.a" -lm || exit 1
}
link "$out/replay" -fsanitize=address,undefined test/fuzz/replay.c
link "$out/fuzzer" -fsanitize=fuzzer,address,undefined test/fuzz/fuzzer.c
[ "${FUZZ_SECONDS:-60}" = 0 ] && exit

captures=
[ -n "${FUZZ_CAPTURES:-}" ] && captures=$(find "$FUZZ_CAPTURES" -type f \
	-name '*cap*' -size -64k)
# shellcheck disable=SC2086
ASAN_OPTIONS=detect_leaks=0 "$out/replay" --write "$out/seeds" $captures \
	>/dev/null || exit 1

status=0
for target in ${FUZZ_TARGETS:-$("$out/replay" --list)}; do
	mkdir -p "$out/corpus/$target" "$out/seeds/$target"
	ASAN_OPTIONS=quarantine_size_mb=4 FUZZ_TARGET=$target \
		"$out/fuzzer" -max_total_time="${FUZZ_SECONDS:-60}" \
		-rss_limit_mb="${FUZZ_RSS:-512}" -timeout=10 -max_len=8192 \
		-print_final_stats=1 -verbosity=0 \
		-artifact_prefix="$out/findings/$target-" \
		"$out/corpus/$target" "$out/seeds/$target" \
		>"$out/$target.log" 2>&1
	got=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' \
		"$out/$target.log")
	if [ "$got" -eq 0 ]; then
		echo "  ok  $target: $runs executions"
		echo "$target $runs" >>"$out/executions"
	else
		status=1
		echo "FAIL  $target: see $out/$target.log"
		grep -E 'ERROR|SUMMARY|does not hold|Test unit written' \
			"$out/$target.log" | head -n 5
	fi
done
exit $status
