#!/bin/sh
# All tools over foreign captures, one capture at a time:
#	sh test/corpus.sh [FOLDER]      default: ../shared/corpus
#	CORPUS=shipped    the program's own flags: time and memory as they are
#	CORPUS=san        address and undefined behaviour sanitizers (default)
#	CORPUS=msan       uninitialised memory, with clang
#	CORPUS_EVERY=N    every Nth capture
# Not a part of make test.
set -u
cd "$(dirname "$0")/.." || exit 1
folder=${1:-../shared/corpus}
kind=${CORPUS:-san}
out=build/corpus-$kind
case $kind in
shipped)
	compiler=musl-gcc flags="-O2 -static" times=1
	set -- ;;
san)
	compiler=clang flags="-g -O1 -fsanitize=address,undefined" times=3
	set -- SAN=address,undefined OPT=-O1 ;;
msan)
	compiler=clang flags="-g -O1 -fsanitize=memory" times=3
	set -- SAN=memory OPT=-O1 ;;
*)
	echo "corpus: CORPUS is shipped, san or msan" >&2
	exit 2
	;;
esac
mkdir -p "$out"
make -s "BUILD=$out" "CC=$compiler" "$@" "$out/libmcpcap.a" \
	"$out/libtest.a" >"$out.log" 2>&1 || {
	cat "$out.log"
	exit 1
}
# shellcheck disable=SC2086
"$compiler" $flags "-DTIMES=$times" -D_GNU_SOURCE -Isrc -Itest \
	-o "$out/corpus" test/corpus.c "$out/libtest.a" \
	"$out/libmcpcap.a" -lm || exit 1
find "$folder" -type f ! -name '*.md' ! -name '*.txt' -size +0 \
	! -path '*_licences*' -print | sort |
	awk "NR % ${CORPUS_EVERY:-1} == 0" | tr '\n' '\0' >"$out/list"
# A sanitizer's shadow is no memory of ours: a small quarantine, no leaks'
# search in children that a finding ended.
ASAN_OPTIONS=quarantine_size_mb=8:detect_leaks=1 \
	xargs -0 -s 2000000 "$out/corpus" <"$out/list"
