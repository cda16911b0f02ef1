# What measure writes, as the table of README.md: a job a line, ours and the
# three best of the others as multiples of cat.
function finish() {
	if (job != "" && mine != "")
		printf "| %s | %.1f | %s | %.0f | %s |\n", job, mine, cpu, \
			peak, others
}
BEGIN {
	print "| job | times `cat` | CPU s | peak MB | others, times `cat` |"
	print "|---|---|---|---|---|"
}
$1 ~ /^(growth|start|folder|two cores)/ { next }
$1 != job {
	finish()
	job = $1
	mine = others = ""
	n = 0
}
$2 == "mcpcap" {
	mine = $6
	cpu = sprintf("%.2f", $3)
	peak = $5
	next
}
$2 != "cat" && $2 !~ /^mcpcap/ && $8 == 0 && n < 5 {
	others = others (n++ ? ", " : "") $2 " " \
		($6 < 10 ? sprintf("%.1f", $6) : sprintf("%.0f", $6))
}
END { finish() }
