#!/bin/sh
# All tools over foreign captures, under sanitizers, one capture at a time:
#	sh test/corpus.sh [FOLDER]      default: ../shared/corpus
# Not a part of make test.
set -u
cd "$(dirname "$0")/.." || exit 1
folder=${1:-../shared/corpus}
out=build/corpus
make -s "BUILD=$out" CC="${CORPUS_CC:-clang}" SAN=address,undefined OPT=-O1 \
	"$out/libmcpcap.a" "$out/libtest.a" || exit 1
"${CORPUS_CC:-clang}" -g -O1 -fsanitize=address,undefined -D_GNU_SOURCE -Isrc \
	-Itest -o "$out/corpus" test/corpus.c "$out/libtest.a" \
	"$out/libmcpcap.a" -lm || exit 1
find "$folder" -type f ! -name '*.md' ! -name '*.txt' -size +0 \
	! -path '*_licences*' -print0 | sort -z >"$out/list"
# A sanitizer's shadow is no memory of ours: a small quarantine, no leaks'
# search in children that a finding ended.
ASAN_OPTIONS=quarantine_size_mb=8:detect_leaks=1 \
	xargs -0 "$out/corpus" <"$out/list"
