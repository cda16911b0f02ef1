#!/bin/sh
# make coverage: lines and branches of the floors that read what strangers
# wrote, as the tests reach them (fixtures, replay of the fuzz seeds, torture).
# Fails where a floor has less than 95 % of its lines or 90 % of its branches.
# COVERAGE_SEEDS=FOLDER: more inputs, FOLDER/TARGET/FILE, as make fuzz leaves.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
out=$root/build/coverage
floors=${FLOORS:-base capture net proto filter}
mkdir -p "$out" || exit 1
find "$out" -name '*.gcda' -delete
programs=$(echo test/base/*.c test/capture/*.c test/filter/*.c test/net/*.c \
	test/proto/*.c test/analysis/*.c test/tools/*.c test/torture/cut.c \
	test/torture/mutate.c test/torture/memory.c test/torture/floors.c \
	test/torture/io.c | tr ' ' '\n' |
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
# Every line and branch once, of .c and .h files: as gcov writes them beside
# the source, an inline function of a header for each file that has it.  A
# line with "unreached: WHY" in its comment is one that no test can reach; it
# is counted apart.  COVERAGE_MISSED=1 shows the others.
low=0
for floor in $floors; do
	mkdir -p "$out/text/$floor" && cd "$out/text/$floor" || exit 1
	rm -f ./*.gcov
	gcov -b -c -p -s "$root" "$out/src/$floor"/*.o >/dev/null 2>&1
	awk -v floor="$floor" -v show="${COVERAGE_MISSED:-}" '
	FNR == 1 { file = FILENAME; gsub(/#/, "/", file)
		sub(/\.gcov$/, "", file) }
	/^ *[-#=0-9]+\*?: *[0-9]+:/ {
		split($0, a, ":")
		at = sprintf("%s:%d", file, a[2])
		if (a[1] ~ /-/ || a[2] + 0 == 0)
			next
		if (!(at in text)) {
			order[++lines] = at
			text[at] = $0
			sub(/^[^:]*:[^:]*:[ \t]*/, "", text[at])
		}
		if (a[1] ~ /[0-9]/)
			ran[at] = 1
		next
	}
	/^branch / {
		way = at " branch " $2
		if (!(way in line_of)) {
			line_of[way] = at
			ways[++branches] = way
		}
		if ($3 == "taken" && $4 > 0)
			taken[way] = 1
	}
	function judge(what, good) {
		apart = index(text[at], "unreached:") > 0
		if (!good && !apart && show != "")
			printf "    %s: %s\n", what, text[at]
		return good ? "hit" : apart ? "apart" : "missed"
	}
	END {
		for (i = 1; i <= lines; i++) {
			at = order[i]
			file = at
			sub(/:[0-9]*$/, "", file)
			n[file]++
			got[file] += (at in ran)
			sum["line", judge(at " line", (at in ran))]++
		}
		for (i = 1; i <= branches; i++) {
			at = line_of[ways[i]]
			sum["branch", judge(ways[i], (ways[i] in taken))]++
		}
		lines -= sum["line", "apart"]
		branches -= sum["branch", "apart"]
		hit = sum["line", "hit"]
		through = sum["branch", "hit"]
		printf "%-8s lines %5.1f %% of %d, branches %5.1f %% of %d",
		    floor, 100 * hit / lines, lines,
		    100 * through / branches, branches
		if (sum["line", "apart"] + sum["branch", "apart"] > 0)
			printf "; unreached %d, %d", sum["line", "apart"],
			    sum["branch", "apart"]
		print ""
		for (f in n)
			if (got[f] < 0.9 * n[f])
				printf "    %s %.1f %% of %d\n", f,
				    100 * got[f] / n[f], n[f]
		exit hit < 0.95 * lines || through < 0.9 * branches
	}' "src#$floor"#*.gcov || low=1
	cd "$root" || exit 1
done
exit $low
