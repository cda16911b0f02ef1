#include "proto/dhcp.h"

#include "message.h"

/* op, xid 0x11, your 192.0.2.100, 02:00:00:00:00:01; `name` and `file` fill
 * the fields of 64 and 128 bytes. */
static const char *
bootp(const char *name, const char *file, const char *options)
{
	static char hex[8000];
	int at = snprintf(hex, sizeof(hex), "0201060000000011 0000 8000"
	    "00000000 c0000264 00000000 00000000"
	    "020000000001 00000000000000000000");
	size_t fill[2] = { 64 - tap_hex(name).n, 128 - tap_hex(file).n };
	const char *text[2] = { name, file };

	for (unsigned i = 0; i < 2; i++) {
		at += snprintf(hex + at, sizeof(hex) - (size_t)at, "%s",
		    text[i]);
		while (fill[i]-- > 0)
			at += snprintf(hex + at, sizeof(hex) - (size_t)at,
			    "00");
	}
	(void)snprintf(hex + at, sizeof(hex) - (size_t)at, "63825363 %s",
	    options);
	return hex;
}

static void
test_message(void)
{
	struct reading r;
	const struct dhcp_message *m = reading_open(&r, &proto_dhcp,
	    bootp("7376", "", "350105 330400000e10 3604c0000209 0c0161 ff"));
	struct addr a;
	uint32_t n = 0;

	ok(m != NULL && m->whole && m->end && m->cookie);
	ok_int(m->type, DHCP_ACK);
	ok_int(m->xid, 0x11);
	ok_int(m->flags, 0x8000);
	ok_int(m->hardware.n, 6);
	ok_span(m->server_name, "sv");
	ok(dhcp_option_u32(m, 51, &n));
	ok_int(n, 3600);
	ok(dhcp_option_ipv4(m, 54, &a));
	ok(!dhcp_option_ipv4(m, 50, &a));
	ok_text(reading_field(&r, "dhcp.ip.your", 0), "192.0.2.100");
	ok_text(reading_field(&r, "dhcp.hw.mac_addr", 0),
	    "02:00:00:00:00:01");
	ok_text(reading_field(&r, "dhcp.option.hostname", 0), "a");
	ok_text(reading_field(&r, "dhcp.option.ip_address_lease_time", 0),
	    "3600");
	reading_close(&r);
	/* Wireshark reads as much hardware address as a request says. */
	m = reading_cut(&r, &proto_dhcp,
	    tap_hex("01011100 12345678"
	    "0000000000000000000000000000000000000000"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 240);
	ok(m == NULL);
	reading_close(&r);
	/* Without the magic number it is BOOTP. */
	m = reading_cut(&r, &proto_dhcp,
	    span_first(tap_hex(bootp("", "", "")), 236), 236);
	ok(m != NULL);
	ok(m != NULL && m->type == DHCP_BOOTP && !m->cookie);
	reading_close(&r);
}

/* RFC 2132, 9.3: both fields hold options, file first. */
static void
test_overload(void)
{
	struct reading r;
	const struct dhcp_message *m = reading_open(&r, &proto_dhcp,
	    bootp("0c0162 ff", "0f0163 ff", "350105 340103 ff"));
	const struct dhcp_option *o;

	ok(m != NULL);
	ok_int(m->overload, 3);
	ok_int(m->n_options, 4);
	o = dhcp_option(m, 12);
	ok(o != NULL);
	ok_span(o->data, "b");
	o = dhcp_option(m, 15);
	ok(o != NULL);
	ok_span(o->data, "c");
	ok_int(m->file.n, 0);
	reading_close(&r);
}

/* RFC 3396: pieces are one value, across the fields too. */
static void
test_pieces(void)
{
	struct reading r;
	const struct dhcp_message *m = reading_open(&r, &proto_dhcp,
	    bootp("", "0f0163 ff", "350105 0f0161 0f0162 340101 ff"));

	ok(m != NULL && dhcp_option(m, 15) != NULL);
	ok_span(dhcp_option(m, 15)->data, "abc");
	reading_close(&r);
}

static void
route_is(const char *hex, const char *net, unsigned prefix)
{
	struct cursor c = cur_open(tap_hex(hex));
	struct addr a, router;
	char text[ADDR_TEXT];
	uint8_t length;

	if (!dhcp_route_read(&c, &a, &length, &router)) {
		ok_text("none", net);
		return;
	}
	ok_span(span_of(text, addr_write(text, &a)), net);
	ok_int(length, prefix);
	ok_int(cur_left(&c), 0);
}

/* RFC 3442's own table, and prefixes that cannot be. */
static void
test_routes(void)
{
	struct addr a, router;
	struct cursor c;
	uint8_t prefix;

	route_is("00 c0000201", "0.0.0.0", 0);
	route_is("08 0a c0000201", "10.0.0.0", 8);
	route_is("18 0a0000 c0000201", "10.0.0.0", 24);
	route_is("10 0a11 c0000201", "10.17.0.0", 16);
	route_is("1d 0a1b81f8 c0000201", "10.27.129.248", 29);
	route_is("19 0a810080 c0000201", "10.129.0.128", 25);
	c = cur_open(tap_hex("21 0a 01 02 03 04 c0000201"));
	ok(!dhcp_route_read(&c, &a, &prefix, &router));
}

static void
fqdn_is(const char *option, const char *wanted)
{
	struct reading r;
	char options[200];
	const struct dhcp_message *m;

	(void)snprintf(options, sizeof(options), "350103 51%02x%s ff",
	    (unsigned)tap_hex(option).n, option);
	m = reading_open(&r, &proto_dhcp, bootp("", "", options));
	ok(m != NULL);
	ok_span(dhcp_fqdn(m, &r.arena), wanted);
	reading_close(&r);
}

static void
test_cut(void)
{
	struct span s;

	fqdn_is("00 ff ff 61 2e 62", "a.b");       /* ASCII */
	fqdn_is("04 00 00 0161 0162 00", "a.b");   /* canonical */
	fqdn_is("04 00 00", "");
	s = tap_hex(bootp("", "", "350105 7905 18c00003c0 5204 01020304"
	    "5107 05000002687400 7706 03636f7000c0 ff"));
	reading_cut_everywhere(&proto_dhcp, s);
}

/* One option, one of its fields; "" when that must not be there. */
static void
field_is(const char *option, const char *name, const char *wanted)
{
	struct reading r;
	char options[600];

	(void)snprintf(options, sizeof(options), "350105 %s ff", option);
	ok(reading_open(&r, &proto_dhcp, bootp("", "", options)) != NULL);
	ok_text(reading_field(&r, name, 0), wanted);
	reading_close(&r);
}

/* Values too short for their kind say so and give nothing else away; what
 * Wireshark 4.0 marks is marked. */
static void
test_short(void)
{
	field_is("4d0101", "dhcp.bad_length", "1");
	field_is("4d0101", "dhcp.option.user_class", "");
	field_is("4d0400616263", "dhcp.bad_length", "1");
	field_is("5e00", "dhcp.bad_length", "1");
	field_is("5e03000102", "dhcp.client_network_id_major", "");
	field_is("9700", "dhcp.bad_length", "1");
	field_is("3400", "dhcp.bad_length", "1");
	field_is("34020103", "dhcp.option.option_overload", "1");
	field_is("5203 0a 01 80", "dhcp.bad_length", "");
	field_is("5204 0a 02 8000", "dhcp.bad_length", "1");
	field_is("5204 0a 02 8000",
	    "dhcp.option.agent_information_option.flags", "");
	field_is("7801 01", "dhcp.bad_length", "1");
	field_is("5a0b 01 01 00 0000000000000001", "dhcp.bad_length", "");
	field_is("5a0c 01 01 00 0000000000000001 aa", "dhcp.bad_length", "1");
	field_is("5a0b 01 01 00 0000000000000001",
	    "dhcp.option.dhcp_authentication.algorithm", "");
	field_is("3d0100", "dhcp.client_id.type", "");
	field_is("3d0f ff 00000007 0003 0006 020000000005",
	    "dhcp.client_id.link_layer_address", "020000000005");
	/* A name that ends in the middle of a label is shown as it came. */
	field_is("5105 04 0000 05 61", "dhcp.fqdn.name", "\\x05a");
}

int
main(void)
{
	test_message();
	test_overload();
	test_pieces();
	test_routes();
	test_cut();
	test_short();
	return tap_done();
}
