#!/bin/sh
# make mutants: each defect of test/mutants/LIST, one at a time, in a copy of
# the tree; the tests it names have to fail.  MUTANTS="name name" for some.
set -u
cd "$(dirname "$0")/.." || exit 1
list=$PWD/test/mutants/LIST
copy=$PWD/build/mutants
jobs=${JOBS:-2}
limit=${LIMIT:-120} # seconds for a test; more on a busy machine
mkdir -p "$copy" || exit 1
# Only what differs: what was built for the last run is still good.
parts="Makefile src test fixtures man vendor/README.md"
# shellcheck disable=SC2086
find $parts -type f | while read -r file; do
	cmp -s "$file" "$copy/$file" && continue
	mkdir -p "$copy/$(dirname "$file")"
	cp "$file" "$copy/$file"
done
cd "$copy" || exit 1
# shellcheck disable=SC2086
find $parts -type f | while read -r file; do
	[ -e "../../$file" ] || rm "$file"
done
caught=0 missed=0 broken=0

build() { make -s -j"$jobs" "$@" >log 2>&1; }
# A test program or script fails.
fails() {
	case $1 in
	*.sh) build build/mcpcap &&
		! BUILD=build timeout "$limit" sh "test/$1" >log 2>&1 ;;
	*) ! timeout "$limit" "build/test/$1" >log 2>&1 ;;
	esac
}
one() {
	name=$1 file=$2 tests=$(echo "$3" | tr , ' ') change=$4
	cp -p "$file" saved
	sed -i "$change" "$file"
	if cmp -s "$file" saved; then
		echo "BROKEN  $name: the expression changes nothing in $file"
		broken=$((broken + 1))
		return
	fi
	programs=
	for t in $tests; do
		case $t in *.sh) ;; *) programs="$programs build/test/$t" ;; esac
	done
	by=
	# shellcheck disable=SC2086
	if build $programs build/mcpcap fixtures; then
		for t in $tests; do
			if fails "$t"; then
				by=$t
				break
			fi
		done
	else
		by="the compiler"
	fi
	if [ -n "$by" ]; then
		echo "caught  $name by $by"
		caught=$((caught + 1))
	else
		echo "MISSED  $name"
		missed=$((missed + 1))
	fi
	cp -p saved "$file"
	touch "$file"
}

# Unharmed, all of them pass.
named=$(grep -v '^#' "$list" | awk '{ print $3 }' | tr , '\n' | sort -u)
programs=
for t in $named; do
	case $t in *.sh) ;; *) programs="$programs build/test/$t" ;; esac
done
# shellcheck disable=SC2086
build $programs build/mcpcap fixtures || {
	cat log
	exit 1
}
for t in $named; do
	if fails "$t"; then
		echo "mutants: $t fails without a defect" >&2
		grep '^not ok' log | head -n 3
		exit 1
	fi
done

while read -r name file tests change; do
	case $name in '' | '#'*) continue ;; esac
	case " ${MUTANTS:-$name} " in *" $name "*) ;; *) continue ;; esac
	one "$name" "$file" "$tests" "$change"
done <"$list"
echo "$caught caught, $missed missed, $broken broken"
[ "$missed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$caught" -gt 0 ]
