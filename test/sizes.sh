#!/bin/sh
# Files end at 600 lines, functions at 80 (style.md, section 8).
set -u
cd "$(dirname "$0")/.." || exit 1
wc -l src/*.c src/*/*.[ch] | awk '$2 != "total" {
	if ($1 > 600) {
		print "not ok - " $2 " has " $1 " lines"
		failed++
	} else {
		passed++
	}
}
END {
	print "files " passed + 0 " " failed + 0
}' >"${TMPDIR:-/tmp}/sizes.$$"
awk '
FNR == 1 { start = 0 }
/^\{/ { start = FNR }
/^\}/ && start {
	n = FNR - start + 1
	start = 0
	if (n > 80) {
		print "not ok - " FILENAME ":" FNR - n ": " n " lines"
		failed++
	} else {
		passed++
	}
}
END { print "functions " passed + 0 " " failed + 0 }
' src/*.c src/*/*.c >>"${TMPDIR:-/tmp}/sizes.$$"
grep '^not ok' "${TMPDIR:-/tmp}/sizes.$$"
awk '/^(files|functions) / { p += $2; f += $3 }
END { print p " passed, " f " failed"; exit f > 0 }' \
	"${TMPDIR:-/tmp}/sizes.$$"
status=$?
rm -f "${TMPDIR:-/tmp}/sizes.$$"
exit $status
