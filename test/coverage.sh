#!/bin/sh
# make coverage: lines and branches of the floors that read what strangers
# wrote, as the tests reach them (fixtures, replay of the fuzz seeds, torture).
# COVERAGE_SEEDS=FOLDER: more inputs, FOLDER/TARGET/FILE, as make fuzz leaves.
set -u
cd "$(dirname "$0")/.." || exit 1
out=$PWD/build/coverage
floors=${FLOORS:-base capture net proto filter}
mkdir -p "$out" || exit 1
find "$out" -name '*.gcda' -delete
programs=$(echo test/base/*.c test/capture/*.c test/filter/*.c test/net/*.c \
	test/proto/*.c test/analysis/*.c test/tools/*.c test/torture/cut.c \
	test/torture/mutate.c test/torture/memory.c | tr ' ' '\n' |
	grep -v '\*' | sed "s|^|build/coverage/|; s|\.c$||")
# shellcheck disable=SC2086
make -s -j"${JOBS:-2}" BUILD=build/coverage CC=gcc \
	OPT="-O0 --coverage -fprofile-abs-path -fprofile-update=atomic" \
	static=--coverage build/coverage/libmcpcap.a build/coverage/mcpcap \
	fixtures $programs build/coverage/test/fuzz/replay || exit 1
for p in $programs build/coverage/test/fuzz/replay; do
	"$p" >/dev/null 2>&1 || echo "coverage: $p fails" >&2
done
BUILD=build/coverage sh test/golden.sh >/dev/null 2>&1 ||
	echo "coverage: golden answers fail" >&2
if [ -n "${COVERAGE_SEEDS:-}" ]; then
	for folder in "$COVERAGE_SEEDS"/*/; do
		find "$folder" -type f -print0 | xargs -0 -r \
			build/coverage/test/fuzz/replay \
			"$(basename "$folder")" >/dev/null 2>&1
	done
fi
cd "$out" || exit 1
for floor in $floors; do
	gcov -b -n "src/$floor"/*.o 2>/dev/null | awk -v floor="$floor" '
	/^$/ { keep = 0 }
	/^File/ { keep = index($0, "src/" floor "/") && /\.c/
		name = $2 }
	keep && /^Lines executed/ { split($0, a, /[:% ]+/)
		lines += $NF; hit += a[3] * $NF / 100
		if (a[3] < 90) low = low sprintf("    %s %s%% of %d\n", name,
		    a[3], $NF) }
	keep && /^Branches executed/ { split($0, a, /[:% ]+/) }
	keep && /^Taken at least once/ { split($0, a, /[:% ]+/)
		branches += $NF; taken += a[5] * $NF / 100 }
	END { printf "%-10s lines %5.1f %% of %d, branches %5.1f %% of %d\n%s",
		floor, 100 * hit / lines, lines, 100 * taken / branches,
		branches, low }'
done
