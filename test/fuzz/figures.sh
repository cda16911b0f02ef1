#!/bin/sh
# Adds up what build/fuzz/executions says (make fuzz writes it) and writes
# test/fuzz/EXECUTIONS.  A line of the log is one run that found nothing:
# TARGET EXECUTIONS BUILD DATE REVISION
set -u
cd "$(dirname "$0")/../.." || exit 1
log=${1:-build/fuzz/executions}
{
	echo "# Executions of each fuzz target without a finding, added up by"
	echo "# test/fuzz/figures.sh over the runs since the targets last changed"
	echo "# much.  fast: UBSan, inputs at a guard page; asan: ASan and UBSan."
	echo "# target executions fast asan first last revisions"
	sort -k 1,1 -s "$log" | awk '
	function put() {
		if (target != "")
			printf "%-15s %10d %10d %10d %s %s %s\n", target,
			    all, n["fast"], n["asan"], first, last, revisions
	}
	$1 != target {
		put()
		target = $1
		all = n["fast"] = n["asan"] = 0
		first = $4
		revisions = ""
	}
	{
		all += $2
		n[$3] += $2
		last = $4
		if (index(revisions, $5) == 0)
			revisions = revisions (revisions == "" ? "" : ",") $5
	}
	END { put() }'
} >test/fuzz/EXECUTIONS
awk '!/^#/ { n++; all += $2; reached += $2 >= 10000000 }
END { printf "%d targets, %d executions, %d targets with 10 million\n", n,
	all, reached }' test/fuzz/EXECUTIONS
