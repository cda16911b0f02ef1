#!/bin/sh
# What other tools say of the sources; each is asked when it is there.
# Ends in a closing line like the tests; `sh test/lint.sh FILE...` looks at
# these sources alone.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

# judge NAME COMMAND...
judge() {
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "not ok - $name"
		failed=$((failed + 1))
	fi
}

there() {
	command -v "$1" >/dev/null 2>&1 && return 0
	echo "ok - $1 is not installed: left out"
	return 1
}

tidy() {
	clang-tidy --quiet "$1" -- -std=c11 -D_GNU_SOURCE -Isrc -Itest \
		'-DMCPCAP_VERSION="lint"' 2>/dev/null
}

if [ $# -eq 0 ]; then
	set -- src/*.c src/*/*.c
fi
if there clang-tidy; then
	for file in "$@"; do
		judge "clang-tidy $file" tidy "$file"
	done
fi
if there cppcheck; then
	judge cppcheck cppcheck --quiet --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability -Isrc \
		--suppress=missingIncludeSystem --suppress=toomanyconfigs "$@"
fi
if there shellcheck; then
	judge shellcheck shellcheck -x test/*.sh .ci/run
fi
if there mandoc; then
	judge "mandoc" mandoc -Tlint -W warning man/mcpcap.1 \
		man/mcpcap-tools.7
fi
if there clang-format; then
	# The house style has line breaks that clang-format cannot be told
	# of: the number is a hint, not a gate.
	n=$(clang-format --dry-run "$@" 2>&1 | grep -c 'warning:')
	echo "ok - clang-format would change $n places"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
