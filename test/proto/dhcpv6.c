#include "proto/dhcpv6.h"

#include "message.h"

#define CLIENT "0001000a 00030001 020000000001"

/* RFC 8415, 21.4, 21.6, 21.21 and 21.22, by hand. */
static void
test_reply(void)
{
	struct reading r;
	const struct dhcpv6_message *m = reading_open(&r, &proto_dhcpv6,
	    "07 000abc" CLIENT
	    "0003 0028 00000005 00000e10 00001518"
	    "0005 0018 20010db8000000000000000000000100 00001c20 00002710"
	    "0004 0020 00000006"
	    "0005 0018 20010db8000000000000000000000200 00000001 00000002"
	    "0019 0029 00000007 00000e10 00001518"
	    "001a 0019 00001c20 00002710 38"
	    "20010db800ff00000000000000000000"
	    "000d 0004 0000 6f6b");

	ok(m != NULL && !r.decode.malformed);
	ok_int(m->type, DHCPV6_REPLY);
	ok_int(m->xid, 0xabc);
	ok_int(m->associations, 3);
	ok_int(m->iaid, 5);
	ok_int(m->n_leases, 3);
	ok_int(m->leases[0].kind, DHCPV6_LEASE_NA);
	ok_int(m->leases[0].valid, 10000);
	ok_int(m->leases[0].t1, 3600);
	ok_int(m->leases[1].kind, DHCPV6_LEASE_TA);
	ok_int(m->leases[1].iaid, 6);
	ok_int(m->leases[2].kind, DHCPV6_LEASE_PD);
	ok_int(m->leases[2].prefix, 56);
	ok(m->has_status && m->status == 0);
	ok_int(dhcpv6_duid_mac(m->client_id).n, 6);
	ok_text(reading_field(&r, "dhcpv6.xid", 0), "0x000abc");
	reading_close(&r);
}

/* Two relays around a solicit (RFC 8415, 9). */
static void
test_relays(void)
{
	struct reading r;
	const struct dhcpv6_message *m = reading_open(&r, &proto_dhcpv6,
	    "0c 01 20010db8000000000000000000000001"
	    "fe800000000000000000000000000002"
	    "0009 0038"
	    "0c 00 20010db8000000000000000000000003"
	    "fe800000000000000000000000000004"
	    "0009 0012 01 000123" CLIENT);
	char text[ADDR_TEXT];

	ok(m != NULL);
	ok_int(m->outer_type, DHCPV6_RELAY_FORW);
	ok_int(m->type, DHCPV6_SOLICIT);
	ok_int(m->relays, 2);
	ok(m->has_xid);
	ok_int(m->xid, 0x123);
	ok_span(span_of(text, addr_write(text, &m->peer)), "fe80::4");
	ok_int(m->client_id.n, 10);
	reading_close(&r);
}

/* Relays in relays as deep as a datagram holds them: no recursion, an end. */
static void
test_deep(void)
{
	static uint8_t bytes[38 * 1500];
	const struct dhcpv6_message *m;
	struct reading r;
	size_t at = 0;

	for (size_t left = sizeof(bytes); left >= 38; left -= 38) {
		bytes[at] = DHCPV6_RELAY_FORW;
		bytes[at + 35] = 9;
		bytes[at + 36] = (uint8_t)((left - 38) >> 8);
		bytes[at + 37] = (uint8_t)(left - 38);
		at += 38;
	}
	(void)reading_cut(&r, &proto_dhcpv6, span_of(bytes, sizeof(bytes)),
	    sizeof(bytes));
	m = r.message;
	ok(m != NULL && r.decode.malformed);
	ok_int(m->relays, DHCPV6_RELAYS);
	reading_close(&r);
}

/* As many leases and options as a message holds are kept. */
static void
test_many(void)
{
	static uint8_t bytes[4 + 16 + 300 * 28 + 300 * 4];
	const struct dhcpv6_message *m;
	struct reading r;
	size_t at = 4;

	bytes[0] = DHCPV6_REPLY;
	bytes[at + 1] = 3;
	bytes[at + 2] = (12 + 300 * 28) >> 8;
	bytes[at + 3] = (uint8_t)(12 + 300 * 28);
	at += 16;
	for (unsigned i = 0; i < 300; i++, at += 28) {
		bytes[at + 1] = 5;
		bytes[at + 3] = 24;
		bytes[at + 18] = (uint8_t)(i >> 8);
		bytes[at + 19] = (uint8_t)i;
	}
	for (unsigned i = 0; i < 300; i++, at += 4)
		bytes[at + 1] = 14;
	m = reading_cut(&r, &proto_dhcpv6, span_of(bytes, at), at);
	ok(m != NULL && !r.decode.malformed);
	ok_int(m->n_leases, 300);
	ok_int(m->leases[299].address.bytes[14], 1);
	ok_int(m->leases[299].address.bytes[15], 43);
	ok_int(m->n_options, 301);
	reading_close(&r);
}

/* Associations in associations, deeper than anybody sends. */
static void
test_nested(void)
{
	static uint8_t bytes[4 + 70 * 16];
	struct reading r;
	size_t at = 4;

	bytes[0] = DHCPV6_REPLY;
	for (size_t left = sizeof(bytes) - 4; left > 0; left -= 16, at += 16) {
		bytes[at + 1] = 3;
		bytes[at + 2] = (uint8_t)((left - 4) >> 8);
		bytes[at + 3] = (uint8_t)(left - 4);
	}
	(void)reading_cut(&r, &proto_dhcpv6, span_of(bytes, at), at);
	ok(r.message != NULL && r.decode.malformed);
	reading_close(&r);
}

int
main(void)
{
	test_reply();
	test_relays();
	test_deep();
	test_many();
	test_nested();
	reading_cut_everywhere(&proto_dhcpv6, tap_hex("0c 01"
	    "20010db8000000000000000000000001"
	    "fe800000000000000000000000000002 0009 0022 01 000123" CLIENT
	    "0003 000c 00000001 00000000 00000000"));
	return tap_done();
}
