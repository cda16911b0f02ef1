#include "trace.h"

/* A BOOTP message without options; the magic number ends it. */
static void
bootp(struct buf *b, unsigned op, uint32_t xid, uint32_t your, unsigned mac)
{
	trace_be(b, op << 24 | 0x010600, 4);
	trace_be(b, xid, 4);
	trace_be(b, 0, 4);
	trace_be(b, 0, 4);              /* ciaddr */
	trace_be(b, your, 4);
	trace_be(b, 0, 4);
	trace_be(b, 0, 4);
	trace_be(b, 0x0000, 2);
	trace_be(b, mac, 4);            /* 00:00:mac */
	for (unsigned i = 0; i < 10 + 192; i++)
		buf_byte(b, 0);
	trace_be(b, 0x63825363, 4);
}

static void
dhcp(struct trace *t, uint32_t from, unsigned op, uint32_t xid,
    uint32_t your, unsigned mac, const char *options)
{
	struct buf b;

	buf_init(&b, 2000);
	bootp(&b, op, xid, your, mac);
	buf_span(&b, tap_hex(options));
	trace_udp(t, from, op == 1 ? 68 : 67, op == 1 ? 255 : 1,
	    op == 1 ? 67 : 68, buf_bytes(&b));
	buf_free(&b);
}

#define ADDRESS 0xc0000264
#define SERVER "3604c0000209"

/* DHCPv6 from the client fe80::1 without an answer. */
static void
dhcpv6(struct trace *t, unsigned type, unsigned xid)
{
	char hex[200];
	struct span frame;

	snprintf(hex, sizeof(hex), "60000000 001a 11 40"
	    "fe800000000000000000000000000001"
	    "ff020000000000000000000000010002"
	    "0222 0223 001a 0000 %02x%06x 0001 000a 0003 0001 020000000001",
	    type, xid);
	frame = tap_hex(hex);
	trace_le32(&t->bytes, 1704067200);
	trace_le32(&t->bytes, 0);
	trace_le32(&t->bytes, (uint32_t)frame.n);
	trace_le32(&t->bytes, (uint32_t)frame.n);
	buf_span(&t->bytes, frame);
}

/* A RENEW or an INFORM is a request, a CONTACT (35) is none. */
static void
test_requests(void)
{
	struct trace t;

	trace_open(&t);
	dhcpv6(&t, 5, 1);
	dhcpv6(&t, 6, 2);
	dhcpv6(&t, 35, 3);
	dhcp(&t, 0, 1, 0x11, 0, 1, "350108 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"requests_without_answer\":3");
	trace_end(&t);
}

/* Of a lease that began before the capture nobody said how long it is. */
static void
test_release(void)
{
	struct trace t;

	trace_open(&t);
	dhcp(&t, 0, 1, 0x11, 0, 1, "350107 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"released\",null,0,");
	trace_end(&t);
}

/* Who and what came before does not stand for who and what is here. */
static void
test_between(void)
{
	struct trace t;

	trace_open(&t);
	for (unsigned i = 0; i < 4; i++) {
		dhcp(&t, 0, 1, 0x11 + i % 2, 0, 1 + i % 2,
		    i < 2 ? "350101 3702010f ff" : "350103 3702010f ff");
		dhcp(&t, 9, 2, 0x11 + i % 2, ADDRESS + i % 2, 1 + i % 2,
		    i < 2 ? "350102" SERVER "ff" : "350105" SERVER
		    "330400000e10 ff");
	}
	dhcp(&t, 0, 1, 0x11, 0, 1, "350101 370101 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"unique_clients_count\":2");
	said(&t, "\"transaction_count\":2");
	said(&t, "[\"00:00:00:00:00:01\",null,null,\"1\",2,1,true,1,9]");
	said(&t, "[\"00:00:00:00:00:02\",null,null,\"1,15\",1,1,true,3,8]");
	trace_end(&t);
}

/* Discover to lease from the first of two servers, then a refusal. */
static void
test_lease(void)
{
	struct trace t;

	trace_open(&t);
	dhcp(&t, 0, 1, 0x11, 0, 1, "350101 0c026831 3c024d53 3703010306 ff");
	t.now = 30;
	dhcp(&t, 9, 2, 0x11, ADDRESS, 1, "350102" SERVER "ff");
	dhcp(&t, 10, 2, 0x11, ADDRESS + 1, 1, "350102 3604c000020a ff");
	t.now = 50;
	dhcp(&t, 0, 1, 0x11, 0, 1, "350103" SERVER "3204c0000264"
	    "0c026831 3c024d53 3703010306 ff");
	t.now = 70;
	dhcp(&t, 9, 2, 0x11, ADDRESS, 1, "350105" SERVER "330400000e10"
	    "0104ffffff00 0304c0000201 0608c0000201c0000202 ff");
	dhcp(&t, 0, 1, 0x12, 0, 2, "350103" SERVER "3204c0000264 ff");
	dhcp(&t, 9, 2, 0x12, 0, 2, "350106" SERVER "ff");
	dhcp(&t, 0, 1, 0x13, 0, 3, "350101 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"dhcp_packets_found\":8");
	said(&t, "\"message_type_counts\":{\"DISCOVER\":2,\"OFFER\":2,"
	    "\"REQUEST\":2,\"ACK\":1,\"NAK\":1}");
	said(&t, "\"transaction_count\":3");
	said(&t, "\"0x00000011\":[{\"packet_number\":1,\"message_type\":"
	    "\"DISCOVER\"");
	said(&t, "\"transactions_with_offers_of_several_servers\":1");
	said(&t, "\"discovers_without_offer\":1");
	said(&t, "\"clients_that_discovered\":2,"
	    "\"of_them_never_given_an_address\":1");
	said(&t, "[\"NAK\",\"00:00:00:00:00:02\",\"192.0.2.9\",null,null,7]");
	said(&t, "\"lease_time\":3600");
	said(&t, "\"options\":{\"lease_time\":\"3600 seconds\",");
	said(&t, "\"subnet_mask\":\"255.255.255.0\"");
	said(&t, "\"router\":\"192.0.2.1\"");
	said(&t, "\"dns_servers\":[\"192.0.2.1\",\"192.0.2.2\"]");
	said(&t, "\"parameter_request_list\":[1,3,6]");
	said(&t, "\"h1\"");
	said(&t, "\"MS\"");
	said(&t, "\"1,3,6\"");
	trace_end(&t);
}

/* RFC 3396 pieces of option 121, a relay's circuit, RFC 4702's name. */
static void
test_options(void)
{
	struct trace t;

	trace_open(&t);
	dhcp(&t, 9, 2, 0x11, ADDRESS, 1, "350105" SERVER
	    "7905 18c00003c0 7903 000201"
	    "5206 0104 65746831"
	    "7706 03636f7000c0"
	    "5107 05 00 00 02 6874 00 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{}");
	said(&t, "[\"192.0.3.0/24 via 192.0.2.1\"]");
	said(&t, "\"circuit_id\":\"eth1\"");
	said(&t, "\"ht\"");
	trace_end(&t);
}

/* Option lengths beyond the end, zero-length options, overload that points
 * back: malformed or empty, and never a loop. */
static void
test_hostile(void)
{
	static const char *const options[] = { "350101 0cff61", "350101 0c",
		"3500 3300 3600 ff", "350101 340103 ff", "3401ff ff", "",
		"350101 5203 01ff 00 ff", "350101 7901ff ff",
		"350101 7704 c000c000 ff", "35 ff" };
	struct trace t;

	trace_open(&t);
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		dhcp(&t, 0, 1, (uint32_t)i, 0, 1, options[i]);
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	ok(t.asked.good && ask_is_sound(&t.asked));
	said(&t, "\"dhcp_packets_found\":10");
	said(&t, "\"unique_clients_count\":1");
	trace_end(&t);
}

/* Many clients ask at once: the numbers show it. */
static void
test_starvation(void)
{
	struct trace t;

	trace_open(&t);
	for (unsigned i = 0; i < 500; i++)
		dhcp(&t, 0, 1, i, 0, 0x2000000 + i, "350101 ff");
	trace_ask(&t, "analyze_dhcp_packets", "{}");
	ok(t.asked.answer.n <= 12000);
	said(&t, "\"clients_that_discovered\":500,"
	    "\"of_them_never_given_an_address\":500");
	said(&t, "\"most_discovers_in_10_seconds\":500");
	said(&t, "\"most_new_clients_in_10_seconds\":500");
	trace_end(&t);
}

/* RFC 8415: solicit and reply with an address and a prefix, by hand. */
static void
test_v6(void)
{
	static const char client[] = "0001000a 00030001 020000000001";
	static const char server[] = "0002000a 00030001 020000000009";
	char hex[1000];
	struct trace t;

	trace_open(&t);
	(void)snprintf(hex, sizeof(hex), "01000abc %s 0003000c 00000001"
	    "00000000 00000000", client);
	trace_udp(&t, 1, 546, 9, 547, tap_hex(hex));
	(void)snprintf(hex, sizeof(hex), "07000abc %s %s"
	    "00030028 00000001 00000e10 00001518"
	    "00050018 20010db8000000000000000000000100 00001c20 00002710"
	    "00190029 00000002 00000e10 00001518"
	    "001a0019 00001c20 00002710 38 20010db800ff00000000000000000000",
	    client, server);
	trace_udp(&t, 9, 547, 1, 546, tap_hex(hex));
	trace_ask(&t, "analyze_dhcp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"dhcpv6\":2");
	said(&t, "\"dhcpv6_message_type_counts\":{\"SOLICIT\":1,"
	    "\"REPLY\":1}");
	said(&t, "\"2001:db8::100\"");
	said(&t, "2001:db8:ff::/56");
	said(&t, "\"0x000abc\":[{\"packet_number\":1,");
	trace_end(&t);
}

int
main(void)
{
	hash_key_init();
	test_lease();
	test_between();
	test_requests();
	test_release();
	test_options();
	test_hostile();
	test_starvation();
	test_v6();
	return tap_done();
}
