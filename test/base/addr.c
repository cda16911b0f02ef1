#include "base/addr.h"

#include <arpa/inet.h>

#include "tap.h"

static struct span
shown(enum addr_kind kind, const char *hex)
{
	static char text[ADDR_TEXT];
	struct addr a = addr_of(kind, tap_hex(hex).p);

	return span_of(text, addr_write(text, &a));
}

static void
test_write(void)
{
	ok_span(shown(ADDR_IPV4, "c0000201"), "192.0.2.1");
	ok_span(shown(ADDR_IPV4, "00000000"), "0.0.0.0");
	ok_span(shown(ADDR_IPV4, "ffffffff"), "255.255.255.255");
	ok_span(shown(ADDR_IPV4, "096364c7"), "9.99.100.199");
	ok_span(shown(ADDR_MAC, "00112233aabb"), "00:11:22:33:aa:bb");
	ok_span(shown(ADDR_NONE, ""), "");
	ok_span(shown(ADDR_IPV6, "20010db8000000000000000000000001"),
	    "2001:db8::1");
	ok_span(shown(ADDR_IPV6, "00000000000000000000000000000000"), "::");
	ok_span(shown(ADDR_IPV6, "00000000000000000000000000000001"), "::1");
	ok_span(shown(ADDR_IPV6, "20010000000000000000000000000000"), "2001::");
	/* The first of two runs; never a single group. */
	ok_span(shown(ADDR_IPV6, "20010000000000010000000000000001"),
	    "2001:0:0:1::1");
	ok_span(shown(ADDR_IPV6, "20010000000000010001000000000001"),
	    "2001::1:1:0:0:1");
	ok_span(shown(ADDR_IPV6, "20010db8000000010001000100010001"),
	    "2001:db8:0:1:1:1:1:1");
	ok_span(shown(ADDR_IPV6, "ffffffffffffffffffffffffffffffff"),
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	ok_span(shown(ADDR_IPV6, "00000000000000000000ffffc0000201"),
	    "::ffff:192.0.2.1");
	ok_span(shown(ADDR_IPV6, "000000000000000000000000c0000201"),
	    "::192.0.2.1");
	ok_span(shown(ADDR_IPV6, "0064ff9b0000000000000000c0000201"),
	    "64:ff9b::c000:201");
}

static void
test_port(void)
{
	char text[ADDR_TEXT];
	struct addr a = addr_of(ADDR_IPV4, tap_hex("c0000201").p);

	ok_span(span_of(text, addr_write_port(text, &a, 53)), "192.0.2.1:53");
	a = addr_of(ADDR_IPV6, tap_hex("20010db8000000000000000000000001").p);
	ok_span(
	    span_of(text, addr_write_port(text, &a, 53)), "[2001:db8::1]:53");
	memset(a.bytes, 0xff, sizeof(a.bytes));
	ok_int(addr_write_port(text, &a, 65535), 47);
}

static uint8_t
next_byte(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	/* Zeros, small and large groups in all mixtures. */
	return *state >> 29 < 4 ? 0 : (uint8_t)(*state >> 16);
}

/* glibc's is the form meant; musl leaves out single groups too. */
static bool
libc_agrees(const struct addr *a, struct span text)
{
#ifdef __GLIBC__
	char theirs[ADDR_TEXT];

	inet_ntop(AF_INET6, a->bytes, theirs, sizeof(theirs));
	return span_is(text, theirs);
#else
	(void)a;
	(void)text;
	return true;
#endif
}

static void
test_round_trip(void)
{
	uint32_t state = 3;
	unsigned wrong = 0;

	for (int i = 0; i < 100000; i++) {
		struct addr a = { .kind = ADDR_IPV6 }, back;
		char text[ADDR_TEXT];
		size_t n;

		for (size_t j = 0; j < 16; j++)
			a.bytes[j] = next_byte(&state);
		if (i % 16 == 0)
			memset(a.bytes, 0, 12);
		n = addr_write(text, &a);
		if (!addr_read(span_of(text, n), &back) ||
		    !addr_equal(&a, &back))
			wrong++;
		if (!libc_agrees(&a, span_of(text, n)))
			wrong++;
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	test_write();
	test_port();
	test_round_trip();
	return tap_done();
}
