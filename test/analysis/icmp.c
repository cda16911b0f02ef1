#include "trace.h"

/* An echo request (8) or reply (0). */
static void
echo(struct trace *t, unsigned type, uint32_t from, uint32_t to,
    unsigned seq, const char *data)
{
	struct buf b;

	buf_init(&b, 1000);
	trace_be(&b, type << 24, 4);
	trace_be(&b, 7 << 16 | seq, 4);
	buf_text(&b, data);
	trace_ip(t, from, to, 1, buf_bytes(&b));
	buf_free(&b);
}

/* An error about a UDP datagram from 1 to 9. */
static void
error(struct trace *t, uint32_t from, unsigned type, unsigned code,
    uint32_t word, uint16_t id, uint16_t dport)
{
	struct buf b;

	buf_init(&b, 1000);
	trace_be(&b, type << 24 | code << 16, 4);
	trace_be(&b, word, 4);
	trace_ip_header(&b, 1, 9, 17, 1, id, 8);
	trace_be(&b, 40000U << 16 | dport, 4);
	trace_be(&b, 8 << 16, 4);
	trace_ip(t, from, 1, 1, buf_bytes(&b));
	buf_free(&b);
}

static void
test_echo(void)
{
	struct trace t;

	trace_open(&t);
	echo(&t, 8, 1, 9, 1, "abcdefgh");
	t.now = 10;
	t.ttl = 57;
	echo(&t, 0, 9, 1, 1, "abcdefgh");      /* 10 ms */
	t.ttl = 64;
	echo(&t, 8, 1, 9, 2, "abcdefgh");      /* at 11 ms */
	t.now = 41;
	t.ttl = 57;
	echo(&t, 0, 9, 1, 2, "abcdefgX");      /* 30 ms, changed */
	echo(&t, 0, 9, 1, 2, "abcdefgh");      /* again */
	t.ttl = 64;
	echo(&t, 8, 1, 9, 3, "abcdefghij");    /* lost */
	echo(&t, 0, 9, 1, 77, "abcdefgh");     /* never asked */
	echo(&t, 8, 1, 9, 4, "abcdefgh");
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"echo_pairs\":{\"7\":{\"requests\":4,\"replies\":4}}");
	said(&t, "\"requests\":4,\"replies\":4,\"unanswered\":2,"
	    "\"loss\":0.5,\"duplicate_replies\":1,"
	    "\"replies_without_request\":1,\"rtt_min_ms\":10,"
	    "\"rtt_avg_ms\":20,\"rtt_max_ms\":30,\"data_min_bytes\":8,"
	    "\"data_max_bytes\":10,\"request_ttl\":64,\"reply_ttl\":64,"
	    "\"first_frame\":1,\"last_frame\":8");
	said(&t, "\"replies_with_other_data\":1");
	trace_end(&t);
}

/* A mirror port shows each packet twice: nothing is lost.  What another
 * packet with that number asks is another question. */
static void
test_copies(void)
{
	struct trace t;

	trace_open(&t);
	echo(&t, 8, 1, 9, 1, "abcdefgh");
	t.id--;
	echo(&t, 8, 1, 9, 1, "abcdefgh");
	echo(&t, 0, 9, 1, 1, "abcdefgh");
	echo(&t, 0, 9, 1, 1, "abcdefgh");
	echo(&t, 8, 1, 9, 2, "abcdefgh");
	echo(&t, 8, 1, 9, 2, "abcdefgh");
	echo(&t, 0, 9, 1, 2, "abcdefgh");
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"requests\":4,\"replies\":3,\"unanswered\":1,"
	    "\"loss\":0.3333333333333333,\"repeated_requests\":1,"
	    "\"duplicate_replies\":1");
	trace_end(&t);
}

/* Frames of Ethernet with and without a tag, of a snapshot length that cuts
 * the tagged one's last bytes: what was not captured was not changed. */
static void
test_cut_request(void)
{
	static const char *const frames[] = {
		"020000000001 020000000002 8100 0005 0800 45000020 00010000"
		    "4001 0000 c0000201 c0000209 0800 0000 0007 0001 61626364",
		"020000000001 020000000002 0800 45000020 00010000"
		    "4001 0000 c0000209 c0000201 0000 0000 0007 0001 61626364",
	};
	struct trace t;

	trace_open_link(&t, 1);
	for (size_t i = 0; i < LENGTH(frames); i++) {
		struct span frame = tap_hex(frames[i]);

		trace_le32(&t.bytes, 1704067200);
		trace_le32(&t.bytes, 0);
		trace_le32(&t.bytes, frame.n < 48 ? (uint32_t)frame.n : 48);
		trace_le32(&t.bytes, (uint32_t)frame.n);
		buf_span(&t.bytes, span_first(frame, 48));
	}
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"requests\":1,\"replies\":1,\"unanswered\":0");
	said(&t, "\"replies_with_other_data\":0");
	trace_end(&t);
}

/* Echo requests of IPv6, all sent before the first answer: the number in the
 * quote tells which of them has expired. */
static void
test_path_v6(void)
{
	static const char *const frames[] = {
		"60000000 0008 3a 01 20010db8000000000000000000000001"
		    "20010db8000000000000000000000009 80000000 00050001",
		"60000000 0008 3a 02 20010db8000000000000000000000001"
		    "20010db8000000000000000000000009 80000000 00050002",
		"60000000 0038 3a 40 20010db80000000000000000000000a1"
		    "20010db8000000000000000000000001 03000000 00000000"
		    "60000000 0008 3a 01 20010db8000000000000000000000001"
		    "20010db8000000000000000000000009 80000000 00050001",
	};
	struct trace t;

	trace_open(&t);
	for (size_t i = 0; i < LENGTH(frames); i++) {
		struct span frame = tap_hex(frames[i]);

		trace_le32(&t.bytes, 1704067200);
		trace_le32(&t.bytes, (uint32_t)i * 1000);
		trace_le32(&t.bytes, (uint32_t)frame.n);
		trace_le32(&t.bytes, (uint32_t)frame.n);
		buf_span(&t.bytes, frame);
	}
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "[\"2001:db8::1\",\"2001:db8::9\",1,\"2001:db8::a1\",2,1,"
	    "64,3]");
	trace_ask(&t, "list_packets", "{}");
	said(&t, "\"Time Exceeded of 2001:db8::1 \342\206\222 2001:db8::9\"");
	trace_end(&t);
}

/* Look-ups come some at a time: more pings than that, to and fro. */
static void
test_many(void)
{
	struct trace t;

	trace_open(&t);
	for (unsigned seq = 0; seq < 50; seq++) {
		echo(&t, 8, 100 + seq % 40, 9, seq, "abcdefgh");
		echo(&t, 0, 9, 100 + seq % 40, seq, "abcdefgh");
	}
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"icmp_type_counts\":{\"Echo Request\":50,"
	    "\"Echo Reply\":50}");
	said(&t, "\"unique_sources_count\":41,"
	    "\"unique_sources\":[\"192.0.2.100\",\"192.0.2.9\","
	    "\"192.0.2.101\"");
	said(&t, "\"echo_pairs\":{\"7\":{\"requests\":50,\"replies\":50}}");
	said(&t, "\"echo_hosts_total\":40");
	said(&t, "{\"source\":\"192.0.2.109\",\"destination\":\"192.0.2.9\","
	    "\"id\":7,\"requests\":2,\"replies\":2,\"unanswered\":0");
	said(&t, "\"first_frame\":19,\"last_frame\":100");
	trace_end(&t);
}

/* Hosts stand in the order in which they were met, whatever waits. */
static void
test_order(void)
{
	struct trace t;

	trace_open(&t);
	echo(&t, 8, 1, 9, 1, "abcdefgh");
	error(&t, 101, 11, 0, 0, 1, 33434);
	echo(&t, 8, 2, 9, 1, "abcdefgh");
	echo(&t, 0, 9, 2, 1, "abcdefgh");
	echo(&t, 0, 9, 1, 1, "abcdefgh");
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"unique_sources\":[\"192.0.2.1\",\"192.0.2.101\","
	    "\"192.0.2.2\",\"192.0.2.9\"]");
	said(&t, "\"unique_destinations\":[\"192.0.2.9\",\"192.0.2.1\","
	    "\"192.0.2.2\"]");
	trace_end(&t);
}

/* A reply belongs to the path of the errors before it, not behind it. */
static void
test_echo_path(bool error_first)
{
	struct trace t;

	trace_open(&t);
	if (error_first)
		error(&t, 101, 11, 0, 0, 1, 33434);
	t.ttl = 2;
	echo(&t, 8, 1, 9, 1, "abcdefgh");
	t.ttl = 64;
	echo(&t, 0, 9, 1, 1, "abcdefgh");
	if (!error_first)
		error(&t, 101, 11, 0, 0, 1, 33434);
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, error_first ?
	    "\"paths_total\":1,\"paths_that_reached_their_target\":1" :
	    "\"paths_total\":1,\"paths_that_reached_their_target\":0");
	if (error_first)
		said(&t, "[\"192.0.2.1\",\"192.0.2.9\",2,\"192.0.2.9\",1,1,"
		    "64,3]");
	trace_end(&t);
}

/* Which data is a ping's, whatever its length. */
static void
test_data(void)
{
	static const struct {
		const char *data;
		bool usual;
	} cases[] = {
		{ "abcdefghijklmnopqrstuvwabcdefghi", true },
		{ "________________________ABCDEFGHIJKLMNOPQRSTUVWXYZ", true },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefg", true },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefx", true },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abxyfx", false },
		{ "ABCDEFGHIJKLMNOPQsomething that nobody sends", false },
		{ "ABCDEFGHIJKLMNOPQ", true },
		{ "ABCDEFGHIJKLMNOPQx", false },
	};
	char odd[60];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct trace t;

		trace_open(&t);
		echo(&t, 8, 1, 9, 1, cases[i].data);
		trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
		snprintf(odd, sizeof(odd), "\"not_a_usual_ping_pattern\":%d",
		    !cases[i].usual);
		said(&t, odd);
		trace_end(&t);
	}
}

/* Two routers, then the target: 1 to 3 hops, three probes each lost once. */
static void
test_path(uint32_t link)
{
	struct span data = span_text("ordinary to look at, were it not for");
	struct trace t;

	trace_open_link(&t, link);
	t.ttl = 1;
	trace_udp(&t, 1, 40000, 9, 33434, data); /* id 1, at 0 */
	t.ttl = 64;
	t.now = 5;
	error(&t, 101, 11, 0, 0, 1, 33434);              /* id 2 */
	t.ttl = 2;
	trace_udp(&t, 1, 40000, 9, 33435, data); /* id 3, at 6 */
	t.ttl = 64;
	t.now = 18;
	error(&t, 102, 11, 0, 0, 3, 33435);              /* 12 ms */
	t.ttl = 3;
	trace_udp(&t, 1, 40000, 9, 33436, data); /* id 5, at 19 */
	t.ttl = 64;
	t.now = 40;
	error(&t, 9, 3, 3, 0, 5, 33436);                 /* 21 ms */
	/* Sent before that was known: no hop behind the target. */
	t.ttl = 4;
	trace_udp(&t, 1, 40000, 9, 33437, data); /* id 7, at 41 */
	t.ttl = 64;
	t.now = 71;
	error(&t, 9, 3, 3, 0, 7, 33437);                 /* 30 ms */
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"paths_total\":1,\"paths_that_reached_their_target\":1");
	said(&t, "[\"192.0.2.1\",\"192.0.2.9\",1,\"192.0.2.101\",5,1,64,2]");
	said(&t, "[\"192.0.2.1\",\"192.0.2.9\",2,\"192.0.2.102\",12,1,64,4]");
	said(&t, "[\"192.0.2.1\",\"192.0.2.9\",3,\"192.0.2.9\",21,2,64,6]");
	said(&t, "\"path_hops\":{\"total\":3,");
	said(&t, "\"unreachable_destinations_count\":1");
	said(&t, "\"about_destination\":\"192.0.2.9:33436\"");
	trace_end(&t);
}

/* Answers that overtake each other are the target's all the same; one of
 * another path, behind a router that is farther, is where it is. */
static void
test_target(void)
{
	struct span data = span_text("ordinary to look at, were it not for");
	struct trace t;

	trace_open(&t);
	for (unsigned hop = 1; hop <= 5; hop++) { /* ids 1 to 5, at 0 to 4 */
		t.ttl = (uint8_t)hop;
		trace_udp(&t, 1, 40000, 9, (uint16_t)(33433 + hop), data);
	}
	t.ttl = 64;
	t.now = 20;
	error(&t, 101, 11, 0, 0, 1, 33434);
	error(&t, 102, 3, 3, 0, 2, 33435); /* rejects, and is no target */
	error(&t, 9, 3, 3, 0, 4, 33437);
	error(&t, 9, 3, 3, 0, 3, 33436);
	error(&t, 9, 3, 3, 0, 5, 33438);
	t.ttl = 5;
	trace_udp(&t, 1, 40000, 9, 33439, data); /* id 11 */
	t.ttl = 6;
	trace_udp(&t, 1, 40000, 9, 33440, data);
	t.ttl = 64;
	error(&t, 105, 11, 0, 0, 11, 33439);
	error(&t, 9, 3, 3, 0, 12, 33440);
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"path_hops\":{\"total\":5,");
	said(&t, "\"192.0.2.9\",1,\"192.0.2.101\",20,1,64,6]");
	said(&t, "\"192.0.2.9\",2,\"192.0.2.102\",20,1,64,7]");
	said(&t, "\"192.0.2.9\",3,\"192.0.2.9\",19,3,64,8]");
	said(&t, "\"192.0.2.9\",5,\"192.0.2.105\",");
	said(&t, "\"192.0.2.9\",6,\"192.0.2.9\",");
	trace_end(&t);
}

static void
trace_raw(struct trace *t, struct span packet)
{
	trace_le32(&t->bytes, 1704067200);
	trace_le32(&t->bytes, 0);
	trace_le32(&t->bytes, (uint32_t)packet.n);
	trace_le32(&t->bytes, (uint32_t)packet.n);
	buf_span(&t->bytes, packet);
}

/* Two neighbours that both say to be 2001:db8::9, one of them twice. */
static void
test_spoofed(void)
{
	static const char *const links[] = { "09", "66", "09" };
	struct trace t;

	trace_open(&t);
	for (size_t i = 0; i < LENGTH(links); i++) {
		struct buf b;

		buf_init(&b, 1000);
		buf_span(&b, tap_hex("60000000 0020 3a ff"
		    "20010db8000000000000000000000009"
		    "ff020000000000000000000000000001"
		    "88000000 20000000"
		    "20010db8000000000000000000000009 0201 0200000000"));
		buf_span(&b, tap_hex(links[i]));
		trace_raw(&t, buf_bytes(&b));
		buf_free(&b);
	}
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"advertisements_total\":2");
	said(&t, "\"link_address\":\"02:00:00:00:00:09\",\"router\":false,"
	    "\"solicited\":false,\"override\":true,\"count\":2,"
	    "\"first_frame\":1,\"last_frame\":3}");
	said(&t, "\"link_address\":\"02:00:00:00:00:66\",\"router\":false,"
	    "\"solicited\":false,\"override\":true,\"count\":1,"
	    "\"first_frame\":2,\"last_frame\":2}");
	trace_end(&t);
}

static void
test_told(void)
{
	struct trace t;
	struct buf b;

	trace_open(&t);
	error(&t, 254, 3, 4, 1400, 1, 443);
	error(&t, 254, 5, 1, 0xc00002fd, 1, 443);
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"mtu_bytes\":1400");
	said(&t, "\"gateway\":\"192.0.2.253\"");
	trace_end(&t);
	/* A router advertisement: managed, 1800 s, MAC, MTU 1492, a /64. */
	trace_open(&t);
	buf_init(&b, 1000);
	buf_span(&b, tap_hex("60000000 0048 3a ff"
	    "fe800000000000000000000000000001"
	    "ff020000000000000000000000000001"
	    "86000000 40 80 0708 00000000 00000000"
	    "0101 020000000009 0501 0000 000005d4"
	    "0304 40 c0 00015180 00003840 00000000"
	    "20010db8000000010000000000000000"));
	trace_raw(&t, buf_bytes(&b));
	trace_ask(&t, "analyze_icmp_packets", "{\"max_bytes\":65536}");
	said(&t, "\"link_address\":\"02:00:00:00:00:09\","
	    "\"lifetime_seconds\":1800,\"managed\":true,"
	    "\"other_configuration\":false,"
	    "\"prefix\":\"2001:db8:0:1::/64\",\"mtu_bytes\":1492");
	buf_free(&b);
	trace_end(&t);
}

/* Quotes cut anywhere: an answer, and no flow made up. */
static void
test_hostile(void)
{
	struct trace t;
	struct buf b;

	trace_open(&t);
	buf_init(&b, 1000);
	trace_be(&b, 3U << 24 | 3 << 16, 4);
	trace_be(&b, 0, 4);
	trace_ip_header(&b, 1, 9, 17, 1, 1, 8);
	trace_be(&b, 40000U << 16 | 53, 4);
	for (size_t n = 0; n <= b.n; n++)
		trace_ip(&t, 9, 1, 1, span_first(buf_bytes(&b), n));
	trace_ask(&t, "analyze_icmp_packets", "{\"limit\":0}");
	ok(t.asked.good && ask_is_sound(&t.asked));
	/* Of fewer than 6 bytes nothing is said. */
	said(&t, "\"icmp_packets_found\":27");
	said(&t, "\"unreachable_destinations\":[\"192.0.2.9\"]");
	said(&t, "\"about_destination\":\"192.0.2.9:53\",\"count\":1,");
	buf_free(&b);
	trace_end(&t);
}

int
main(void)
{
	hash_key_init();
	test_echo();
	test_copies();
	test_cut_request();
	test_path_v6();
	test_many();
	test_order();
	test_echo_path(true);
	test_echo_path(false);
	test_data();
	test_path(101);
	test_path(1);
	test_target();
	test_told();
	test_spoofed();
	test_hostile();
	return tap_done();
}
