#!/bin/sh
# Each seeded defect of test/mutants/LIST still changes its file: a change of
# the source must not leave `make mutants` with nothing to seed.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
while read -r name file _ change; do
	case $name in '' | '#'*) continue ;; esac
	if [ "$(sed "$change" "$file" | cksum)" = "$(cksum <"$file")" ]; then
		echo "not ok - $name changes nothing in $file"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done <test/mutants/LIST
[ "$passed" -ge 30 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
