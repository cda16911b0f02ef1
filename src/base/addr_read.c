#include "base/addr.h"

#include "base/digits.h"

static bool
read_ipv4(struct span text, uint8_t *bytes)
{
	for (size_t i = 0; i < 4; i++) {
		size_t n = i < 3 ? span_find_byte(text, '.') : text.n;
		struct span octet = span_first(text, n);
		uint64_t value;

		if (octet.n > 3 || !span_read_uint(octet, 255, &value))
			return false;
		if (octet.n > 1 && octet.p[0] == '0')
			return false;
		if (i < 3 && n == text.n)
			return false;
		bytes[i] = (uint8_t)value;
		text = span_after(text, n + 1);
	}
	return true;
}

static bool
read_hex(struct span text, uint32_t *value)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned digit = digits_hex_value(text.p[i]);

		if (digit > 15)
			return false;
		sum = sum << 4 | digit;
	}
	*value = sum;
	return true;
}

static bool
read_mac(struct span text, uint8_t *bytes)
{
	uint8_t separator = text.n == 17 ? text.p[2] : 0;

	if (separator != ':' && separator != '-')
		return false;
	for (size_t i = 0; i < 6; i++) {
		struct span octet = span_first(span_after(text, 3 * i), 2);
		uint32_t value;

		if (i > 0 && text.p[3 * i - 1] != separator)
			return false;
		if (!read_hex(octet, &value))
			return false;
		bytes[i] = (uint8_t)value;
	}
	return true;
}

/*
 * Groups between colons, at most eight; *n says how many bytes they made.
 * The last of a text may be a dotted quad.  Nothing at all is no groups.
 */
static bool
read_groups(struct span text, uint8_t *bytes, size_t *n)
{
	*n = 0;
	while (text.n > 0) {
		size_t end = span_find_byte(text, ':');
		struct span group = span_first(text, end);
		uint32_t value;

		if (end == text.n && *n <= 12 && read_ipv4(text, bytes + *n)) {
			*n += 4;
			return true;
		}
		if (group.n == 0 || group.n > 4 || *n >= 16 ||
		    end + 1 == text.n || !read_hex(group, &value))
			return false;
		bytes[(*n)++] = (uint8_t)(value >> 8);
		bytes[(*n)++] = (uint8_t)value;
		text = span_after(text, end + 1);
	}
	return true;
}

static bool
read_ipv6(struct span text, uint8_t *bytes)
{
	size_t gap = span_find(text, span_text("::"));
	uint8_t tail[16];
	size_t head_n, tail_n;

	if (!read_groups(span_first(text, gap), bytes, &head_n))
		return false;
	if (gap == text.n)
		return head_n == 16;
	if (span_find_byte(span_first(text, gap), '.') < gap)
		return false;
	if (!read_groups(span_after(text, gap + 2), tail, &tail_n) ||
	    head_n + tail_n > 14)
		return false;
	memset(bytes + head_n, 0, 16 - head_n - tail_n);
	memcpy(bytes + 16 - tail_n, tail, tail_n);
	return true;
}

bool
addr_read(struct span text, struct addr *a)
{
	uint8_t bytes[16];

	if (read_ipv4(text, bytes))
		*a = addr_of(ADDR_IPV4, bytes);
	else if (read_mac(text, bytes))
		*a = addr_of(ADDR_MAC, bytes);
	else if (read_ipv6(text, bytes))
		*a = addr_of(ADDR_IPV6, bytes);
	else
		return false;
	return true;
}

bool
addr_read_net(struct span text, struct addr *a, unsigned *prefix)
{
	size_t slash = span_find_byte(text, '/');
	struct addr found;
	uint64_t bits;

	if (!addr_read(span_first(text, slash), &found))
		return false;
	bits = 8 * addr_size((enum addr_kind)found.kind);
	if (slash < text.n &&
	    !span_read_uint(span_after(text, slash + 1), bits, &bits))
		return false;
	*a = found;
	*prefix = (unsigned)bits;
	return true;
}

bool
addr_in_net(const struct addr *a, const struct addr *net, unsigned prefix)
{
	size_t bits = 8 * addr_size((enum addr_kind)net->kind);
	size_t whole;
	unsigned mask;

	if (a->kind != net->kind)
		return false;
	if (prefix > bits)
		prefix = (unsigned)bits;
	whole = prefix / 8;
	if (memcmp(a->bytes, net->bytes, whole) != 0)
		return false;
	if (prefix % 8 == 0)
		return true;
	mask = 0xffu << (8 - prefix % 8) & 0xff;
	return ((a->bytes[whole] ^ net->bytes[whole]) & mask) == 0;
}
