#include "base/addr.h"

#include "base/digits.h"
#include "base/number.h"

struct addr
addr_of(enum addr_kind kind, const uint8_t *bytes)
{
	struct addr a = { .kind = (uint8_t)kind };

	memcpy(a.bytes, bytes, addr_size(kind));
	return a;
}

size_t
addr_size(enum addr_kind kind)
{
	switch (kind) {
	case ADDR_IPV4:
		return 4;
	case ADDR_IPV6:
		return 16;
	case ADDR_MAC:
		return 6;
	case ADDR_NONE:
		break;
	}
	return 0;
}

static char *
write_octet(char *out, uint32_t octet)
{
	if (octet >= 100) {
		*out++ = (char)('0' + octet / 100);
		octet %= 100;
	} else if (octet < 10) {
		*out = (char)('0' + octet);
		return out + 1;
	}
	digits_two(out, octet);
	return out + 2;
}

size_t
addr_write_ipv4(char *out, const uint8_t *bytes)
{
	char *p = write_octet(out, bytes[0]);

	for (size_t i = 1; i < 4; i++) {
		*p++ = '.';
		p = write_octet(p, bytes[i]);
	}
	return (size_t)(p - out);
}

/* One of the eight groups, without leading zeros. */
static char *
write_group(char *out, uint32_t group)
{
	if (group >= 0x1000) {
		out[0] = digits_hex[group >> 12];
		out[1] = digits_hex[group >> 8 & 15];
		out[2] = digits_hex[group >> 4 & 15];
		out[3] = digits_hex[group & 15];
		return out + 4;
	}
	if (group >= 0x100)
		*out++ = digits_hex[group >> 8];
	if (group >= 0x10)
		*out++ = digits_hex[group >> 4 & 15];
	*out++ = digits_hex[group & 15];
	return out;
}

struct run {
	unsigned start, n;
};

/* The longest run of two or more zero groups, the first of equals. */
static struct run
zero_run(const uint32_t *groups)
{
	unsigned begins = 0, longer, n = 1;

	for (unsigned i = 0; i < 8; i++)
		begins |= (unsigned)(groups[i] == 0) << i;
	/* A bit where n zero groups begin, for ever greater n. */
	while ((longer = begins & begins >> 1) != 0) {
		begins = longer;
		n++;
	}
	if (n < 2)
		return (struct run){ 8, 0 };
	return (struct run){ (unsigned)__builtin_ctz(begins), n };
}

/* ::192.0.2.1 and ::ffff:192.0.2.1, as inet_ntop() of the BSDs and glibc. */
static bool
is_mixed(const uint32_t *groups, struct run zeros)
{
	return zeros.start == 0 &&
	    (zeros.n == 6 || (zeros.n == 5 && groups[5] == 0xffff));
}

size_t
addr_write_ipv6(char *out, const uint8_t *bytes)
{
	uint32_t groups[8];
	struct run zeros;
	unsigned n = 8;
	char *p = out;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (uint32_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	zeros = zero_run(groups);
	if (is_mixed(groups, zeros))
		n = 6;
	for (unsigned i = 0; i < n; i++) {
		if (i == zeros.start) {
			*p++ = ':';
			i += zeros.n - 1;
			if (i + 1 == 8)
				*p++ = ':';
			continue;
		}
		if (i > 0)
			*p++ = ':';
		p = write_group(p, groups[i]);
	}
	if (n == 6) {
		*p++ = ':';
		p += addr_write_ipv4(p, bytes + 12);
	}
	return (size_t)(p - out);
}

size_t
addr_write_mac(char *out, const uint8_t *bytes)
{
	char *p = out;

	for (size_t i = 0; i < 6; i++) {
		if (i > 0)
			*p++ = ':';
		*p++ = digits_hex[bytes[i] >> 4];
		*p++ = digits_hex[bytes[i] & 15];
	}
	return (size_t)(p - out);
}

size_t
addr_write(char *out, const struct addr *a)
{
	switch ((enum addr_kind)a->kind) {
	case ADDR_IPV4:
		return addr_write_ipv4(out, a->bytes);
	case ADDR_IPV6:
		return addr_write_ipv6(out, a->bytes);
	case ADDR_MAC:
		return addr_write_mac(out, a->bytes);
	case ADDR_NONE:
		break;
	}
	return 0;
}

size_t
addr_write_port(char *out, const struct addr *a, uint16_t port)
{
	char *p = out;

	if (a->kind == ADDR_IPV6)
		*p++ = '[';
	p += addr_write(p, a);
	if (a->kind == ADDR_IPV6)
		*p++ = ']';
	*p++ = ':';
	p += number_uint(p, port);
	return (size_t)(p - out);
}
