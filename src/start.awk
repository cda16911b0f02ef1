# The constants of the program as they are packed, in lines for the assembler.
# Pointers hardly compress where they stand, so they are zeros there; behind
# everything come the steps from each to the next, first their low bytes, then
# the middle ones, then the high ones.  start.c puts them back.
#
# Most point to strings, and these stand in the order of their first mention:
# 0 is the string behind the one before, and 1 the one behind the last that was
# reached in this way.  Any other step is the difference plus 2, of which only
# the low 23 bits count.
#
#	awk -v base=N -v size=N -f start.awk RELR CONSTANTS
#
# RELR and CONSTANTS are the bytes of these sections in decimal; `base` is the
# address of the constants.
NR == FNR {
	for (i = 1; i <= NF; i++)
		relr[n_relr++] = $i
	next
}

{
	for (i = 1; i <= NF; i++)
		byte[n++] = $i
}

# The one behind it; 0 when it is none, or there may be pointers before its
# end: these are no strings, and look otherwise when others are put back.
function string_behind(address,   at) {
	at = address - base
	if (at < 0 || at >= first_pointer)
		return 0
	while (at < first_pointer && byte[at] != 0)
		at++
	return at == first_pointer ? 0 : base + at + 1
}

function step_to(value,   step) {
	if (value == string_behind(last) || value == string_behind(row)) {
		step = value == string_behind(last) ? 0 : 1
		row = value
		return step
	}
	step = (value - last + 2 + 8388608) % 8388608
	return step < 2 ? step + 8388608 : step
}

# In the order of their addresses.
function pointer(address,   at, k, value, step) {
	at = address - base
	if (at < 0 || at >= size)
		return
	if (n_pointers == 0)
		first_pointer = at
	for (k = 3; k < 8; k++)
		if (byte[at + k] != 0 || byte[at + 2] > 127) {
			print "start.awk: a pointer beyond 2^23" >"/dev/stderr"
			failed = 1
		}
	value = byte[at] + 256 * (byte[at + 1] + 256 * byte[at + 2])
	step = step_to(value)
	last = value
	low[n_pointers] = step % 256
	middle[n_pointers] = int(step / 256) % 256
	high[n_pointers++] = int(step / 65536)
	byte[at] = byte[at + 1] = byte[at + 2] = 0
}

# An even entry is the address of a pointer, an odd one a bit for each of the
# 63 words behind the last.
function entry(from,   k, bit, bits, address) {
	if (relr[from] % 2 == 0) {
		for (k = 7; k >= 0; k--)
			address = address * 256 + relr[from + k]
		pointer(address)
		next_address = address + 8
		return
	}
	for (k = 0; k < 8; k++) {
		bits = relr[from + k]
		for (bit = 0; bit < 8; bit++) {
			if (bits % 2 == 1 && k + bit > 0)
				pointer(next_address + 8 * (8 * k + bit - 1))
			bits = int(bits / 2)
		}
	}
	next_address += 63 * 8
}

END {
	last = row = 0
	n_pointers = 0
	for (i = 0; i < n_relr; i += 8)
		entry(i)
	for (i = 0; i < n_pointers; i++) {
		byte[n + i] = low[i]
		byte[n + n_pointers + i] = middle[i]
		byte[n + 2 * n_pointers + i] = high[i]
	}
	n += 3 * n_pointers
	for (i = 0; i < n; i++)
		print ".byte " byte[i]
	exit failed
}
