#!/bin/sh
# make fuzz: builds the targets with libFuzzer and the sanitizers and runs
# each for FUZZ_SECONDS (60).
#	FUZZ_BUILD=asan          ASan, UBSan, comparisons traced; the default
#	FUZZ_BUILD=fast          UBSan, inputs end at a guard page: many more
#	                         executions in the same time
#	FUZZ_TARGETS="dns sip"   only these
#	FUZZ_GOAL=N              targets with as many executions are passed over
#	FUZZ_MAX_LEN=BYTES       of an input, 8192
#	FUZZ_CAPTURES=FOLDER     more captures to take seeds from
#	FUZZ_RSS=MB              of a run, 512
# What was learnt stays in build/fuzz/corpus/TARGET; an input that breaks
# something in build/fuzz/findings, and the status is then 1.  What ran is a
# line in build/fuzz/executions; test/fuzz/figures.sh adds them up.
set -u
cd "$(dirname "$0")/../.." || exit 1
CC=${FUZZ_CC:-clang}
kind=${FUZZ_BUILD:-asan}
all=build/fuzz
out=$all/$kind
floors="base capture net proto filter tools wire fetch"
mkdir -p "$out" "$all/findings" "$all/corpus" || exit 1
command -v "$CC" >/dev/null || {
	echo "fuzz: no $CC (apt install clang libclang-rt-14-dev)" >&2
	exit 1
}
wrap=-Wl,--wrap=text_nearest
case $kind in
asan)
	san=address,undefined
	optimise="-O1 -fsanitize=fuzzer-no-link"
	wall=
	plain=
	;;
fast)
	san=undefined
	optimise="-O2 -fsanitize-coverage=inline-8bit-counters,pc-table"
	wall=-DFUZZ_WALL
	wrap="$wrap -Wl,--wrap=__sanitizer_weak_hook_memcmp"
	wrap="$wrap -Wl,--wrap=__sanitizer_weak_hook_strcmp"
	# libFuzzer weighs which input is next by what is rare in it.  Where
	# an input reaches thousands of places, that is half of a run.
	plain=" dispatch file "
	;;
*)
	echo "fuzz: FUZZ_BUILD is asan or fast" >&2
	exit 2
	;;
esac
# The target "pem" is there where BearSSL is (make vendor-bearssl).
bearssl='' with=''
if [ -e vendor/bearssl/build/libbearssl.a ]; then
	bearssl=vendor/bearssl/build/libbearssl.a
	with="-DMCPCAP_BEARSSL -isystem vendor/bearssl/inc"
fi
make -s "BUILD=$out" "CC=$CC" "SAN=$san" "OPT=$optimise" \
	${bearssl:+BEARSSL=vendor/bearssl} "$out/libmcpcap.a" "$out/libtest.a" fixtures >"$out/build.log" || exit 1
# The targets are compiled as the parsers are, and only the linker is told of
# libFuzzer: their own comparisons are nothing to learn from.
compile() { # OBJECT FLAGS AND SOURCE...
	object=$1
	shift
	# shellcheck disable=SC2086
	"$CC" -g $optimise $with "-fsanitize=$san" -fno-sanitize-recover=all \
		-ffunction-sections -D_GNU_SOURCE -Isrc -Itest \
		"-DFIXTURES=\"$out/fixtures\"" -c -o "$object" "$@" || exit 1
}
link() { # PROGRAM FLAGS AND OBJECTS...
	program=$1
	shift
	# shellcheck disable=SC2086
	"$CC" -g "-fsanitize=$san" -Wl,--gc-sections -o "$program" "$@" \
		"$out/libtest.a" "$out/libmcpcap.a" $bearssl -lm || exit 1
}
rows=
for floor in $floors; do
	rows="$rows $out/$floor.o"
	compile "$out/$floor.o" "test/fuzz/$floor.c"
	compile "$out/fuzzer-$floor.o" "-DFUZZ_FLOOR=fuzz_$floor" $wall \
		test/fuzz/fuzzer.c
	# shellcheck disable=SC2086
	link "$out/fuzz-$floor" -fsanitize=fuzzer $wrap "$out/$floor.o" \
		"$out/fuzzer-$floor.o"
done
compile "$out/target.o" test/fuzz/target.c
compile "$out/replay.o" test/fuzz/replay.c
# shellcheck disable=SC2086
link "$out/replay" "$out/replay.o" "$out/target.o" $rows
[ "${FUZZ_SECONDS:-60}" = 0 ] && exit

captures=
[ -n "${FUZZ_CAPTURES:-}" ] && captures=$(find "$FUZZ_CAPTURES" -type f \
	-name '*cap*' -size -64k)
# shellcheck disable=SC2086
ASAN_OPTIONS=detect_leaks=0 "$out/replay" --write "$all/seeds" $captures \
	>/dev/null || exit 1

revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
status=0
one() { # FLOOR TARGET
	mkdir -p "$all/corpus/$2" "$all/seeds/$2"
	case $plain in
	*" $2 "*) schedule=-entropic=0 ;;
	*) schedule=-entropic=1 ;;
	esac
	ASAN_OPTIONS=quarantine_size_mb=4 FUZZ_TARGET=$2 \
		"$out/fuzz-$1" -max_total_time="${FUZZ_SECONDS:-60}" \
		-rss_limit_mb="${FUZZ_RSS:-512}" -timeout=10 \
		-max_len="${FUZZ_MAX_LEN:-8192}" -print_final_stats=1 \
		-verbosity=0 $schedule -artifact_prefix="$all/findings/$2-" \
		"$all/corpus/$2" "$all/seeds/$2" >"$out/$2.log" 2>&1
	got=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$2.log")
	if [ "$got" -eq 0 ]; then
		echo "  ok  $2: $runs executions"
		echo "$2 $runs $kind $(date -u +%Y-%m-%d) $revision" \
			>>"$all/executions"
	else
		status=1
		echo "FAIL  $2: see $out/$2.log"
		grep -E 'ERROR|SUMMARY|does not hold|Test unit written' \
			"$out/$2.log" | head -n 5
	fi
}
done_with() { # TARGET: it has as many executions as are asked for
	[ -n "${FUZZ_GOAL:-}" ] && [ -e "$all/executions" ] &&
		awk -v target="$1" -v goal="$FUZZ_GOAL" '
		$1 == target { n += $2 }
		END { exit n < goal }' "$all/executions"
}
"$out/replay" --list >"$out/targets"
while read -r floor target; do
	case " ${FUZZ_TARGETS:-$target} " in
	*" $target "*) done_with "$target" || one "$floor" "$target" ;;
	esac
done <"$out/targets"
exit $status
