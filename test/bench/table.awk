# What measure writes, for people.  A * marks what was given a tenth, or failed.
$1 != job {
	job = $1
	printf "\n%-26s %9s %9s %9s %8s\n", job, "CPU s", "wall s", "peak MB",
		"times"
}
{
	printf "  %-24s %9.3f %9.3f %9.1f %8.2f%s%s\n", $2, $3, $4, $5, $6,
		$7 != 1 ? " of a tenth" : "", $8 != 0 ? " FAILED" : ""
	fflush()
}
