#include "analysis/dns_domains.h"
#include "trace.h"

/* A query or a response of one record without EDNS; names in wire form. */
static struct span
message(uint16_t id, unsigned flags, const char *name_hex, unsigned type,
    const char *rdata_hex)
{
	char hex[2000];
	size_t n = tap_hex(rdata_hex).n;
	int at;

	at = snprintf(hex, sizeof(hex), "%04x%04x0001%04x00000000%s%04x0001",
	    id, flags, n > 0, name_hex, type);
	if (n > 0)
		(void)snprintf(hex + at, sizeof(hex) - (size_t)at,
		    "c00c%04x00010000003c%04x%s", type, (unsigned)n,
		    rdata_hex);
	return tap_hex(hex);
}

#define QUERY 0x0100
#define ANSWER 0x8180
#define NXDOMAIN 0x8183
#define WWW "03777777076578616d706c6500" /* www.example */
#define NONE "046e6f6e65076578616d706c6500"

static void
test_pairs(void)
{
	struct trace t;

	trace_open(&t);
	/* Asked twice, answered 25 ms after the first. */
	trace_udp(&t, 1, 4000, 9, 53, message(1, QUERY, WWW, 1, ""));
	t.now = 20;
	trace_udp(&t, 1, 4000, 9, 53, message(1, QUERY, WWW, 1, ""));
	t.now = 25;
	trace_udp(&t, 9, 53, 1, 4000, message(1, ANSWER, WWW, 1,
	    "c0000207"));
	trace_udp(&t, 9, 53, 1, 4000, message(1, ANSWER, WWW, 1,
	    "c0000207"));
	/* The same identifier of another client is another query. */
	trace_udp(&t, 2, 4000, 9, 53, message(1, QUERY, NONE, 28, ""));
	trace_udp(&t, 9, 53, 2, 4000, message(1, NXDOMAIN, NONE, 28, ""));
	/* Never answered; never asked. */
	trace_udp(&t, 2, 4001, 9, 53, message(2, QUERY, WWW, 16, ""));
	trace_udp(&t, 9, 53, 2, 4002, message(3, ANSWER, WWW, 1,
	    "c0000208"));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"dns_packets_found\":8");
	said(&t, "\"queries\":4,\"responses\":4,"
	    "\"unique_domains_queried\":2");
	said(&t, "\"transactions\":{\"total\":3,\"answered\":2,"
	    "\"unanswered\":1,\"repeated_queries\":1,"
	    "\"duplicate_responses\":1,\"responses_without_query\":1");
	said(&t, "\"query_packet\":1,\"latency_ms\":25");
	said(&t, "[3,\"NXDOMAIN\",1]");
	said(&t, "[\"www.example\",\"TXT\",\"192.0.2.2\",\"192.0.2.9\",1,"
	    "7,7]");
	/* ip queries responses nxdomain nxdomain_names servfail frames */
	said(&t, "[\"192.0.2.2\",2,2,1,1,0,5,8]");
	said(&t, "\"address\":\"192.0.2.7\"");
	trace_end(&t);
}

/* More are left unanswered than are listed: all of them are the server's. */
static void
test_unanswered(void)
{
	struct trace t;

	trace_open(&t);
	for (unsigned i = 0; i < 600; i++)
		trace_udp(&t, 1, (uint16_t)(4000 + i), 9, 53, message(1, QUERY,
		    WWW, 1, ""));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"unanswered\":600");
	said(&t, "[\"192.0.2.9\",53,600,0,600,null,0,0,1,600]");
	trace_end(&t);
}

/* The clock was set back: no time that an answer took. */
static void
test_before(void)
{
	struct trace t;

	trace_open(&t);
	t.now = 1000;
	trace_udp(&t, 1, 4000, 9, 53, message(1, QUERY, WWW, 1, ""));
	t.now = 0;
	trace_udp(&t, 9, 53, 1, 4000, message(1, ANSWER, WWW, 1,
	    "c0000207"));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"latency_ms\":{\"count\":0,"
	    "\"answers_before_their_question\":1}");
	ok(!span_has(buf_bytes(&t.asked.answer), "\"slowest\""));
	trace_end(&t);
}

/* Two messages in one segment, the second one's end in the next. */
static void
test_tcp(void)
{
	struct buf stream;
	struct trace t;
	struct span m, all;

	buf_init(&stream, 1000);
	m = message(7, QUERY, WWW, 1, "");
	for (unsigned i = 0; i < 2; i++) {
		trace_be(&stream, (uint32_t)m.n, 2);
		buf_span(&stream, m);
	}
	all = buf_bytes(&stream);
	trace_open(&t);
	trace_tcp(&t, 1, 4000, 9, 53, SYN, 99, 0, span_empty());
	trace_tcp(&t, 9, 53, 1, 4000, SYN | ACK, 499, 100, span_empty());
	trace_tcp(&t, 1, 4000, 9, 53, ACK, 100, 500, span_empty());
	trace_tcp(&t, 1, 4000, 9, 53, ACK | PSH, 100, 500,
	    span_first(all, all.n - 5));
	trace_tcp(&t, 1, 4000, 9, 53, ACK | PSH, 100 + (uint32_t)all.n - 5,
	    500, span_after(all, all.n - 5));
	trace_ask(&t, "analyze_dns_packets", "{}");
	said(&t, "\"dns_packets_found\":2");
	said(&t, "\"queries\":2,");
	said(&t, "\"over_tcp\":2");
	said(&t, "\"first_frame\":4");
	buf_free(&stream);
	trace_end(&t);
}

/* What nobody sane sends is malformed or told, and never a loop. */
static void
test_hostile(void)
{
	struct trace t;
	struct buf b;

	trace_open(&t);
	/* A name that points at itself, one forwards, one of 300 bytes. */
	trace_udp(&t, 1, 4000, 9, 53, tap_hex("0001 0100 0001 0000 0000 0000"
	    "c00c 0001 0001"));
	trace_udp(&t, 1, 4000, 9, 53, tap_hex("0002 0100 0001 0000 0000 0000"
	    "c012 0001 0001 0161 00"));
	buf_init(&b, 1000);
	buf_span(&b, tap_hex("0003 0100 0001 0000 0000 0000"));
	for (unsigned i = 0; i < 10; i++) {
		buf_byte(&b, 30);
		for (unsigned k = 0; k < 30; k++)
			buf_byte(&b, 'x');
	}
	buf_span(&b, tap_hex("00 0001 0001"));
	trace_udp(&t, 1, 4000, 9, 53, buf_bytes(&b));
	/* Counts that promise 65535 records in a message of 12 bytes. */
	trace_udp(&t, 1, 4000, 9, 53, tap_hex("0004 0100 ffff ffff ffff"
	    "ffff"));
	/* Record data longer than the message. */
	trace_udp(&t, 9, 53, 1, 4000, tap_hex("0005 8180 0000 0001 0000 0000"
	    "00 0001 0001 00000000 ffff c0000201"));
	trace_ask(&t, "analyze_dns_packets", "{}");
	ok(t.asked.good && ask_is_sound(&t.asked));
	said(&t, "\"dns_packets_found\":5");
	said(&t, "\"malformed\":5");
	said(&t, "\"questions_without_a_readable_name\":3");
	buf_free(&b);
	trace_end(&t);
}

/* A query that an ICMP error quotes was sent in another packet. */
static void
test_quoted(void)
{
	struct span query = message(1, QUERY, WWW, 1, "");
	struct trace t;
	struct buf b, copy;

	buf_init(&copy, 1000);
	buf_span(&copy, query);
	trace_open(&t);
	trace_udp(&t, 1, 4000, 9, 53, buf_bytes(&copy));
	buf_init(&b, 1000);
	buf_span(&b, tap_hex("0303 0000 00000000"));
	trace_ip_header(&b, 1, 9, 17, 64, 1, copy.n + 8);
	trace_be(&b, 4000 << 16 | 53, 4);
	trace_be(&b, (uint32_t)(copy.n + 8) << 16, 4);
	buf_span(&b, buf_bytes(&copy));
	trace_ip(&t, 9, 1, 1, buf_bytes(&b));
	trace_ask(&t, "analyze_dns_packets", "{}");
	said(&t, "\"dns_packets_found\":2");
	said(&t, "\"queries\":1,\"responses\":0");
	said(&t, "\"quoted_in_icmp_errors\":1");
	said(&t, "\"transactions\":{\"total\":1,\"answered\":0,"
	    "\"unanswered\":1,");
	buf_free(&b);
	buf_free(&copy);
	trace_end(&t);
}

static void
test_odd_port_and_none(void)
{
	struct trace t;

	trace_open(&t);
	trace_udp(&t, 1, 4000, 9, 5300, message(1, QUERY, WWW, 1, ""));
	trace_udp(&t, 9, 5300, 1, 4000, message(1, ANSWER, WWW, 1,
	    "c0000207"));
	trace_ask(&t, "analyze_dns_packets", "{}");
	said(&t, "\"by_content_on_odd_ports\":2");
	said(&t, "[\"192.0.2.9\",5300,2,1,2]");
	trace_end(&t);
	trace_open(&t);
	trace_udp(&t, 1, 4000, 9, 853, span_text("tls"));
	trace_udp(&t, 1, 137, 9, 137, span_text("no name"));
	trace_ask(&t, "analyze_dns_packets", "{}");
	said(&t, "\"dns_packets_found\":0,\"total_packets\":2,\"message\":");
	said(&t, "\"packets_on_port_853_dns_over_tls\":1");
	said(&t, "\"packets_on_port_137_netbios_names\":1");
	trace_end(&t);
}

/* With an escaped dot or without, it is the last labels. */
static void
test_domains(void)
{
	static const char *const domains[][2] = {
		{ "example.org", "example.org" },
		{ "www.example.org", "example.org" },
		{ "a.b.c.d.example.org", "example.org" },
		{ "co.uk", "co.uk" },
		{ "example.co.uk", "example.co.uk" },
		{ "www.example.co.uk", "example.co.uk" },
		{ "www.example.de", "example.de" },
		{ "www.co.example", "co.example" },
		{ "x.com.de", "x.com.de" },
		{ "org", "org" },
		{ ".", "." },
		{ "a\\.b.example.org", "example.org" },
		{ "www.a\\.b.co.uk", "a\\.b.co.uk" },
		{ "www.exam\\.ple.org", "exam\\.ple.org" },
		{ "a.b\\.", "a.b\\." },
	};

	for (size_t i = 0; i < LENGTH(domains); i++)
		ok_span(dns_domain_of(span_text(domains[i][0])),
		    domains[i][1]);
	ok_span(dns_domain_of(span_empty()), "");
}

/* What answers told of addresses, whatever the owner and how many: the same
 * whether it is found again or looked up. */
static void
test_addresses(void)
{
	struct trace t;
	struct buf many;

	buf_init(&many, 4000);
	buf_span(&many, tap_hex("0001 8180 0001 000c 0000 0000" WWW
	    "0001 0001"));
	for (unsigned i = 0; i < 12; i++) {
		buf_span(&many, tap_hex("c00c 0001 0001 0000003c 0004"));
		trace_be(&many, 0x0a000000 + i, 4);
	}
	trace_open(&t);
	for (unsigned i = 0; i < 3; i++) {
		trace_udp(&t, 1, 4000, 9, 53, message(1, QUERY, WWW, 1, ""));
		trace_udp(&t, 9, 53, 1, 4000, buf_bytes(&many));
	}
	/* www.example is a.example, which has two addresses of each kind. */
	for (unsigned i = 0; i < 2; i++) {
		trace_udp(&t, 1, 4000, 9, 53, message(2, QUERY, WWW, 28, ""));
		trace_udp(&t, 9, 53, 1, 4000, tap_hex("0002 8180 0001 0005"
		    "0000 0000" WWW "001c 0001"
		    "c00c 0005 0001 0000003c 0004 0161 c010"
		    "c029 001c 0001 00000010 0010"
		    "20010db8000000000000000000000001"
		    "c029 001c 0001 00000020 0010"
		    "20010db8000000000000000000000002"
		    "c029 0001 0001 00000030 0004 0a000001"
		    "c00c 0001 0001 00000002 0004 0a000001"));
	}
	/* Nobody asked, nobody knows: the same name and address again. */
	trace_udp(&t, 9, 53, 2, 4001, message(3, ANSWER, WWW, 1,
	    "0a000001"));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"addresses\":{\"total\":15,");
	said(&t, "[\"www.example\",\"10.0.0.0\",\"A\",3,");
	said(&t, "[\"www.example\",\"10.0.0.1\",\"A\",6,");
	said(&t, ",2,2,11],[\"www.example\"");
	said(&t, "[\"www.example\",\"10.0.0.11\",\"A\",3,");
	said(&t, "[\"a.example\",\"2001:db8::1\",\"AAAA\",2,");
	said(&t, ",16,8,10],[\"a.example\",\"2001:db8::2\",\"AAAA\",2,");
	said(&t, "[\"a.example\",\"10.0.0.1\",\"A\",2,");
	buf_free(&many);
	trace_end(&t);
}

/* A row of addresses that begins with this name. */
static void
said_row(struct trace *t, struct buf *text, const char *name, const char *rest)
{
	buf_cut(text, 0);
	buf_text(text, "[\"");
	buf_text(text, name);
	buf_text(text, "\",\"");
	buf_text(text, rest);
	buf_byte(text, '\0');
	said(t, (const char *)text->p);
}

/* Names of 190 bytes, for which there is no room where answers wait: as the
 * owner of an address, between others, and as what a reverse name stands
 * for. */
static void
test_long_names(void)
{
	char hex[600] = "", text[200] = "";
	struct buf m;
	struct trace t;

	for (unsigned i = 0; i < 3; i++) {
		strcat(hex, "3f");
		for (unsigned k = 0; k < 63; k++)
			strcat(hex, "78");
		strcat(text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.");
	}
	text[strlen(text) - 1] = '\0';
	buf_init(&m, 4000);
	buf_span(&m, tap_hex("0001 8180 0001 0005 0000 0000" WWW
	    "0001 0001 c00c 0005 0001 0000003c 00c1"));
	buf_span(&m, tap_hex(hex));
	/* The long name is at 41. */
	buf_span(&m, tap_hex("00 c00c 0001 0001 0000003c 0004 0a000001"
	    "c029 0001 0001 0000003c 0004 0a000002"
	    "c010 0001 0001 0000003c 0004 0a000003"
	    "0134 0133 0132 0131 07696e2d61646472 0461727061 00"
	    "000c 0001 0000003c 0002 c029"));
	trace_open(&t);
	for (unsigned i = 0; i < 2; i++)
		trace_udp(&t, 9, 53, 1, 4000, buf_bytes(&m));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"addresses\":{\"total\":4,");
	said(&t, "[\"www.example\",\"10.0.0.1\",\"A\",2,");
	said(&t, "[\"example\",\"10.0.0.3\",\"A\",2,");
	said_row(&t, &m, text, "10.0.0.2\",\"A\",2,");
	said_row(&t, &m, text, "1.2.3.4\",\"PTR\",2,");
	buf_free(&m);
	trace_end(&t);
}

/* Of many transactions the last 32768 are open. */
static void
test_many_open(void)
{
	struct trace t;

	trace_open(&t);
	for (unsigned i = 0; i < 32768 + 100; i++)
		trace_udp(&t, 1, (uint16_t)(1024 + i / 40000), 9, 53,
		    message((uint16_t)i, QUERY, WWW, 1, ""));
	for (unsigned i = 0; i < 200; i++)
		trace_udp(&t, 9, 53, 1, 1024, message((uint16_t)i, ANSWER,
		    WWW, 1, ""));
	/* In the place of an answered one, and one that is open. */
	trace_udp(&t, 1, 1024, 9, 53, message(150, QUERY, NONE, 1, ""));
	trace_udp(&t, 1, 1024, 9, 53, message(300, QUERY, NONE, 1, ""));
	trace_udp(&t, 9, 53, 1, 1024, message(300, ANSWER, WWW, 1, ""));
	trace_udp(&t, 9, 53, 1, 1024, message(300, ANSWER, NONE, 1, ""));
	trace_udp(&t, 9, 53, 1, 1024, message(300, ANSWER, NONE, 1, ""));
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "\"transactions\":{\"total\":32870,\"answered\":101,"
	    "\"unanswered\":32769,\"repeated_queries\":0,"
	    "\"duplicate_responses\":1,\"responses_without_query\":100,"
	    "\"responses_to_another_question\":1");
	said(&t, "\"kept\":32768,\"refused\":100}");
	trace_end(&t);
}

/* Each by its own names. */
static void
test_many_domains(void)
{
	struct trace t;
	char name[100];

	trace_open(&t);
	for (unsigned i = 0; i < 280; i++) {
		(void)snprintf(name, sizeof(name), "02%02x%02x"
		    "04%02x%02x%02x%02x016300", 'a' + i % 26, 'a' + i / 26,
		    'b', '0' + i / 100, '0' + i / 10 % 10, '0' + i % 10);
		trace_udp(&t, 1, 4000, 9, 53, message(1, QUERY, name, 1,
		    ""));
	}
	trace_ask(&t, "analyze_dns_packets", "{\"max_bytes\":65536}");
	said(&t, "[\"b000.c\",1,1,1,0,1,1,9,2,0,0,27,0]");
	said(&t, "[\"b001.c\",1,1,1,0,2,2,9,2,1,0,27,0]");
	said(&t, "[\"b129.c\",1,1,1,0,130,130,9,2,1,0,27,0]");
	trace_end(&t);
}

int
main(void)
{
	hash_key_init();
	test_domains();
	test_pairs();
	test_unanswered();
	test_before();
	test_tcp();
	test_hostile();
	test_quoted();
	test_odd_port_and_none();
	test_addresses();
	test_long_names();
	test_many_open();
	test_many_domains();
	return tap_done();
}
