#include "base/addr.h"

#include "tap.h"

/* The address as hex, "-" when it is refused. */
static const char *
bytes_of(const char *text)
{
	static char hex[33];
	struct addr a = { .kind = 99 };
	size_t n;

	if (!addr_read(span_text(text), &a))
		return a.kind == 99 ? "-" : "touched";
	n = addr_size((enum addr_kind)a.kind);
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = "0123456789abcdef"[a.bytes[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[a.bytes[i] & 15];
	}
	hex[2 * n] = '\0';
	return hex;
}

static void
test_good(void)
{
	ok_text(bytes_of("192.0.2.1"), "c0000201");
	ok_text(bytes_of("0.0.0.0"), "00000000");
	ok_text(bytes_of("255.255.255.255"), "ffffffff");
	ok_text(bytes_of("00:11:22:33:aa:BB"), "00112233aabb");
	ok_text(bytes_of("00-11-22-33-aa-BB"), "00112233aabb");
	ok_text(bytes_of("::"), "00000000000000000000000000000000");
	ok_text(bytes_of("::1"), "00000000000000000000000000000001");
	ok_text(bytes_of("1::"), "00010000000000000000000000000000");
	ok_text(bytes_of("2001:DB8::1"), "20010db8000000000000000000000001");
	ok_text(
	    bytes_of("1:2:3:4:5:6:7:8"), "00010002000300040005000600070008");
	ok_text(
	    bytes_of("1:2:3:4:5:6:7::"), "00010002000300040005000600070000");
	ok_text(
	    bytes_of("::2:3:4:5:6:7:8"), "00000002000300040005000600070008");
	ok_text(
	    bytes_of("::ffff:192.0.2.1"), "00000000000000000000ffffc0000201");
	ok_text(bytes_of("1:2:3:4:5:6:192.0.2.1"),
	    "000100020003000400050006c0000201");
	ok_text(
	    bytes_of("64:ff9b::192.0.2.1"), "0064ff9b0000000000000000c0000201");
}

static void
test_bad(void)
{
	static const char *const bad[] = { "", ".", "1", "1.2.3", "1.2.3.4.",
		".1.2.3.4", "1.2.3.4.5", "1.2.3.256", "1.2.3.1000", "01.2.3.4",
		"1.2.3.04", "1..3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
		"0x1.2.3.4", "1.2.3.a", ":", ":::", "1:::2", "1::2::3",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
		":1::2", "1::2:", ":1:2:3:4:5:6:7", "12345::", "g::", "::1.2.3",
		"::1.2.3.4.5", "::1.2.3.4:5",
		"1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4",
		"::1%eth0", "[::1]", "::1/64", "00:11:22:33:44",
		"00:11:22:33:44:5", "00:11:22:33:44:555", "00:11-22:33:44:55",
		"0g:11:22:33:44:55", "00:11:22:33:44:55:66", "001122334455",
		"+1.2.3.4" };
	unsigned wrong = 0;

	for (size_t i = 0; i < LENGTH(bad); i++)
		wrong += !tap_text(bytes_of(bad[i]), "-", __FILE__, __LINE__);
	ok_int(wrong, 0);
	ok(!addr_read(span_of("1.2.3.4\0", 8), &(struct addr){ 0 }));
}

static bool
in_net(const char *address, const char *net)
{
	struct addr a, n;
	unsigned prefix;

	return addr_read(span_text(address), &a) &&
	    addr_read_net(span_text(net), &n, &prefix) &&
	    addr_in_net(&a, &n, prefix);
}

static void
test_net(void)
{
	struct addr a = { 0 };
	unsigned prefix = 77;

	ok(addr_read_net(span_text("10.0.0.0/8"), &a, &prefix));
	ok_int(prefix, 8);
	ok(addr_read_net(span_text("10.0.0.1"), &a, &prefix));
	ok_int(prefix, 32);
	ok(addr_read_net(span_text("::/0"), &a, &prefix));
	ok_int(prefix, 0);
	ok(addr_read_net(span_text("::1/128"), &a, &prefix));
	ok_int(prefix, 128);
	ok(!addr_read_net(span_text("10.0.0.0/33"), &a, &prefix));
	ok(!addr_read_net(span_text("10.0.0.0/"), &a, &prefix));
	ok(!addr_read_net(span_text("10.0.0.0/-1"), &a, &prefix));
	ok(!addr_read_net(span_text("10.0.0.0/8/8"), &a, &prefix));
	ok(!addr_read_net(span_text("10.0/8"), &a, &prefix));
	ok(!addr_read_net(span_text("/8"), &a, &prefix));
	ok_int(prefix, 128);

	ok(in_net("10.255.1.2", "10.0.0.0/8"));
	ok(!in_net("11.0.0.0", "10.0.0.0/8"));
	ok(in_net("10.1.127.255", "10.1.0.0/17"));
	ok(!in_net("10.1.128.0", "10.1.0.0/17"));
	ok(in_net("1.2.3.4", "0.0.0.0/0"));
	ok(in_net("1.2.3.4", "1.2.3.4"));
	ok(!in_net("1.2.3.5", "1.2.3.4"));
	ok(in_net("1.2.3.5", "1.2.3.4/31"));
	ok(!in_net("::1", "0.0.0.0/0"));
	ok(in_net("2001:db8:ffff::1", "2001:db8::/32"));
	ok(!in_net("2001:db9::1", "2001:db8::/32"));
	ok(in_net("fe80::1", "fe80::/10"));
	ok(in_net("febf::1", "fe80::/10"));
	ok(!in_net("fec0::1", "fe80::/10"));
}

int
main(void)
{
	test_good();
	test_bad();
	test_net();
	return tap_done();
}
