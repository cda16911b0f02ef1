#include "proto/dns.h"

#include "message.h"

/* A response to "x.example" of one record: its type, its data in hex. */
static const char *
record_hex(uint16_t type, const char *rdata)
{
	static char hex[4096];
	size_t n = tap_hex(rdata).n;

	snprintf(hex, sizeof(hex), "0001 8180 0001 0001 0000 0000"
	    "0178 07 6578616d706c65 00 %04x 0001"
	    "c00c %04x 0001 0000003c %04x %s", type, type, (unsigned)n,
	    rdata);
	return hex;
}

static void
record_is(uint16_t type, const char *rdata, const char *wanted)
{
	struct reading r;
	const struct dns_message *m = reading_open(&r, &proto_dns,
	    record_hex(type, rdata));
	struct buf out;

	buf_init(&out, 10000);
	if (m == NULL || m->n_records != 1) {
		ok_text("no record", wanted);
	} else {
		dns_record_text(&out, m, &m->records[0], &r.arena);
		ok_span(buf_bytes(&out), wanted);
	}
	buf_free(&out);
	reading_close(&r);
}

/* By the text forms of their RFCs. */
static void
test_records(void)
{
	record_is(1, "c0000201", "192.0.2.1");
	record_is(1, "c00002", "\\# 3 c00002");
	record_is(1, "c000020101", "\\# 5 c000020101");
	record_is(2, "026e73c00e", "ns.example");
	record_is(5, "c00c", "x.example");
	record_is(6, "016d00 017200 78a3f485 00001c20 00000e10 00127500"
	    "0000012c", "m r 2024010885 7200 3600 1209600 300");
	record_is(12, "0170c00e", "p.example");
	record_is(13, "025043054c696e7578", "\"PC\" \"Linux\"");
	record_is(15, "000a 026d78c00e", "10 mx.example");
	record_is(15, "000a", "\\# 2 000a");
	record_is(16, "05 68656c6c6f 05 776f726c64", "\"hello\" \"world\"");
	record_is(16, "04 61225c0a", "\"a\\\"\\\\\\010\"");
	record_is(16, "20 616263", "\\# 4 20616263");
	record_is(16, "", "\\# 0");
	record_is(28, "20010db8000000000000000000000001", "2001:db8::1");
	record_is(33, "0001 0002 13c4 03736970c00e", "1 2 5060 sip.example");
	record_is(35, "0064 000a 0175 074532552b736970 05 21612162 21 00",
	    "100 10 \"u\" \"E2U+sip\" \"!a!b!\" .");
	record_is(39, "0164c00e", "d.example");
	record_is(43, "ec45 05 01 abcd", "60485 5 1 abcd");
	record_is(44, "01 01 abcd", "1 1 abcd");
	record_is(52, "03 01 01 eeff", "3 1 1 eeff");
	record_is(99, "02 6162", "\"ab\"");
	record_is(256, "000a 0001 68747470733a2f2f61",
	    "10 1 \"https://a\"");
	record_is(257, "80 05 6973737565 63612e6578", "128 issue \"ca.ex\"");
	record_is(65400, "010203", "\\# 3 010203");
	record_is(65400, "", "\\# 0");
}

static void
test_query(void)
{
	struct reading r;
	const struct dns_message *m = reading_open(&r, &proto_dns,
	    "1234 0100 0001 0000 0000 0000 03777777 07 4578616d706c65 00"
	    "001c 0001");

	ok(m != NULL);
	ok(!m->response && m->whole && !r.decode.malformed);
	ok_int(m->id, 0x1234);
	ok_int(m->n_questions, 1);
	ok_int(m->questions[0].type, DNS_TYPE_AAAA);
	ok_span(m->questions[0].name->text, "www.Example");
	ok_text(reading_info(&r, &proto_dns),
	    "Standard query 0x1234 AAAA www.Example");
	ok_text(reading_field(&r, "dns.id", 0), "0x1234");
	ok_text(reading_field(&r, "dns.qry.name", 0), "www.Example");
	ok_text(reading_field(&r, "dns.qry.type", 0), "28");
	ok_text(reading_field(&r, "dns.qry.name.len", 0), "11");
	ok_text(reading_field(&r, "dns.count.labels", 0), "2");
	reading_close(&r);
}

/* The upper bits of the reply code and "DNSSEC wanted" are in EDNS. */
static void
test_edns(void)
{
	struct reading r;
	const struct dns_message *m = reading_open(&r, &proto_dns,
	    "0001 8180 0001 0000 0000 0001 00 0001 0001"
	    "00 0029 04d0 01 00 8000 0008 000a 0004 01020304");

	ok(m != NULL && m->whole);
	ok(m->edns && m->dnssec_ok);
	ok_int(m->rcode, 16);
	ok_int(m->udp_size, 1232);
	ok_int(m->edns_version, 0);
	ok_text(reading_field(&r, "dns.opt.code", 0), "10");
	ok_text(reading_info(&r, &proto_dns),
	    "Standard query response 0x0001 BADVERS A . OPT");
	reading_close(&r);
	/* An option longer than the record: the record ends all the same. */
	m = reading_open(&r, &proto_dns,
	    "0001 8180 0000 0000 0000 0002"
	    "00 0029 04d0 00000000 0004 000a 00ff"
	    "00 0001 0001 00000001 0004 c0000201");
	ok(m != NULL);
	ok_int(m->n_records, 2);
	ok_int(m->records[1].type, DNS_TYPE_A);
	reading_close(&r);
}

/* mDNS: the uppermost bit of the class is no part of it. */
static void
test_multicast(void)
{
	static const char hex[] = "0000 8400 0001 0001 0000 0000"
	    "0161 00 0001 8001 c00c 0001 8001 00000078 0004 c000020a";
	struct reading r;
	const struct dns_message *m = reading_open(&r, &proto_mdns, hex);

	ok(m != NULL && m->kind == DNS_MULTICAST);
	ok(m->questions[0].unicast && m->questions[0].class == 1);
	ok(m->records[0].cache_flush && m->records[0].class == 1);
	reading_close(&r);
	m = reading_open(&r, &proto_dns, hex);
	ok(m != NULL && m->questions[0].class == 0x8001);
	ok(!m->records[0].cache_flush);
	reading_close(&r);
	m = reading_open(&r, &proto_llmnr, hex);
	ok(m != NULL && m->kind == DNS_LINK_LOCAL);
	reading_close(&r);
}

/* What a header promises and the message has not. */
static void
test_promises(void)
{
	struct reading r;
	const struct dns_message *m = reading_open(&r, &proto_dns,
	    "0001 0100 ffff ffff ffff ffff");

	ok(m != NULL && !m->whole && r.decode.malformed);
	ok_int(m->n_questions, 0);
	reading_close(&r);
	/* A record that is longer than the message. */
	m = reading_open(&r, &proto_dns, "0001 8180 0000 0002 0000 0000"
	    "0161 00 0001 0001 0000003c 0004 c0000201"
	    "c00c 0001 0001 0000003c ffff c0000202");
	ok(m != NULL && !m->whole && r.decode.malformed);
	ok(m->n_records >= 1);
	ok_span(m->records[0].owner->text, "a");
	reading_close(&r);
	/* Half a header: its ID is there. */
	m = reading_open(&r, &proto_dns, "0001 0100 0001 0000 0000 00");
	ok(m != NULL && !m->whole && r.decode.malformed);
	ok_int(m->id, 1);
	reading_close(&r);
	ok(reading_open(&r, &proto_dns, "0001 01") == NULL);
	reading_close(&r);
	ok(reading_open(&r, &proto_dns, "") == NULL);
	reading_close(&r);
}

/* Cut by the snapshot length: not malformed. */
static void
test_snaplen(void)
{
	struct span s = tap_hex("0001 8180 0001 0001 0000 0000 0161 00"
	    "0001 0001 c00c 0001 0001");
	struct reading r;
	const struct dns_message *m = reading_cut(&r, &proto_dns, s,
	    s.n + 10);

	ok(m != NULL && !m->whole && !r.decode.malformed);
	ok_int(m->n_questions, 1);
	reading_close(&r);
}

static void
test_names_of_records(void)
{
	struct reading r;
	struct dns_name name;
	struct addr a;
	const struct dns_message *m = reading_open(&r, &proto_dns,
	    record_hex(DNS_TYPE_SRV, "0001 0002 13c4 03736970c00e"));

	ok(m != NULL && dns_record_name(m, &m->records[0], &r.arena, &name));
	ok_span(name.text, "sip.example");
	ok(!dns_record_address(&m->records[0], &a));
	reading_close(&r);
	m = reading_open(&r, &proto_dns, record_hex(DNS_TYPE_A, "c0000201"));
	ok(m != NULL && dns_record_address(&m->records[0], &a));
	ok(!dns_record_name(m, &m->records[0], &r.arena, &name));
	reading_close(&r);
	m = reading_open(&r, &proto_dns, record_hex(DNS_TYPE_A, "c00002"));
	ok(m != NULL && !dns_record_address(&m->records[0], &a));
	reading_close(&r);
}

static void
test_words(void)
{
	char word[DNS_WORD];

	ok_text(dns_type_text(65, word), "HTTPS");
	ok_text(dns_type_text(65400, word), "TYPE65400");
	ok_text(dns_rcode_text(3, word), "NXDOMAIN");
	ok_text(dns_rcode_text(3000, word), "RCODE3000");
}

/* A length in front, over TCP. */
static void
test_frame(void)
{
	struct span s = tap_hex("0011 0001 0100 0001 0000 0000 0000 00 0001"
	    "0001 ff");

	for (size_t n = 0; n < 19; n++)
		ok_int(proto_dns.frame(span_first(s, n), false), FRAME_MORE);
	ok_int(proto_dns.frame(span_first(s, 19), false), 19);
	ok_int(proto_dns.frame(s, false), 19);
	ok_int(proto_dns.frame(tap_hex("0000"), false), 2);
	/* Shorter than a header; more records than bytes. */
	ok(proto_dns.frame(tap_hex("000b 0001"), false) == FRAME_NOT);
	ok(proto_dns.frame(tap_hex("0011 0001 0100 0001 00ff 0000 0000"),
	    false) == FRAME_NOT);
	ok(proto_dns.frame(span_text("GET / HTTP/1.1\r\n\r\n"), false) ==
	    FRAME_NOT);
}

static bool
looks_like(const char *hex)
{
	struct span s = tap_hex(hex);
	struct transport t = { .protocol = 17 };

	return proto_dns.looks_like(s, s.n, &t);
}

static void
test_content(void)
{
	ok(looks_like("0001 0100 0001 0000 0000 0000 0161 00 0001 0001"));
	ok(looks_like("0001 8180 0001 0001 0000 0000 0161 00 0001 0001"
	    "c00c 0001 0001 00000001 0004 c0000201"));
	/* A byte too many, one too few, a class that nobody has. */
	/* DNSCrypt's clients pad with a record of zeros, but only a question. */
	ok(looks_like("0001 0100 0001 0000 0000 0001 0161 00 0010 0001"
		      "00 0000 0000 00000000 0002 0000"));
	ok(!looks_like("0001 0100 0001 0000 0000 0001 0161 00 0010 0001"
		       "00 0000 0001 00000000 0002 0000"));
	ok(!looks_like("0001 8000 0000 0001 0000 0000"
		       "00 0000 0000 00000000 0002 0000"));
	ok(!looks_like("0001 0100 0001 0000 0000 0000 0161 00 0001 0001 00"));
	ok(!looks_like("0001 0100 0001 0000 0000 0000 0161 00 0001 00"));
	ok(!looks_like("0001 0100 0001 0000 0000 0000 0161 00 0001 0777"));
	/* A query with an answer, no question, a header alone. */
	ok(!looks_like("0001 0100 0001 0001 0000 0000 0161 00 0001 0001"
	    "c00c 0001 0001 00000001 0004 c0000201"));
	ok(!looks_like("0001 0100 0000 0000 0000 0000 0161 00 0001 0001"));
	ok(!looks_like("0001 0100 0001 0000 0000 0000"));
}

static void
test_cut(void)
{
	static const char *const rdata[][2] = {
		{ "1", "c0000201" }, { "6", "016d00 017200 78a3f485 00001c20"
		    "00000e10 00127500 0000012c" },
		{ "16", "05 68656c6c6f 05 776f726c64" },
		{ "33", "0001 0002 13c4 03736970c00e" },
		{ "35", "0064 000a 0175 074532552b736970 00 00" },
		{ "41", "000a 0008 0102030405060708 0008 0007 0001 18 00"
		    "c00002" },
		{ "46", "001c 08 02 00000e10 65534180 6551f000 3039 0173 00"
		    "01020304" },
		{ "47", "0161 00 0006 400100000003 0101 40" },
		{ "50", "01 01 000a 02 aabb 04 01020304 0002 4001" },
		{ "64", "0001 00 0001 0003 026832 0003 0002 20fb 0004 0004"
		    "c0000201" },
		{ "250", "0161 00 000065534180 012c 0004 01020304 1234 0000"
		    "0000" },
		{ "42", "0001 18 03 c00002 0002 20 84 20010db8" },
		{ "45", "0a 03 02 0167 00 010203" },
		{ "55", "04 02 0003 01020304 050607 0172 00" },
	};

	for (size_t i = 0; i < LENGTH(rdata); i++) {
		uint16_t type = (uint16_t)strtoul(rdata[i][0], NULL, 10);

		reading_cut_everywhere(&proto_dns,
		    tap_hex(record_hex(type, rdata[i][1])));
	}
}

/* Each byte of a message replaced by what breaks lengths and pointers. */
static void
test_bent(void)
{
	static const uint8_t bytes[] = { 0, 1, 0x3f, 0x40, 0xc0, 0xff };
	struct span s = tap_hex(record_hex(DNS_TYPE_RRSIG, "001c 08 02"
	    "00000e10 65534180 6551f000 3039 0173 00 01020304"));
	uint8_t copy[256];
	struct reading r;
	size_t read = 0;

	memcpy(copy, s.p, s.n);
	for (size_t i = 0; i < s.n * LENGTH(bytes); i++) {
		uint8_t before = copy[i / LENGTH(bytes)];

		copy[i / LENGTH(bytes)] = bytes[i % LENGTH(bytes)];
		read += reading_cut(&r, &proto_dns, span_of(copy, s.n),
		    s.n) != NULL;
		reading_close(&r);
		copy[i / LENGTH(bytes)] = before;
	}
	ok(read > 0);
}

/* Every row has a name of its own place. */
static void
test_rows(void)
{
	for (size_t i = 0; i < proto_dns.fields->n; i++) {
		const struct field *f = &proto_dns.fields->rows[i];

		ok(f->name != NULL && f->help != NULL);
		ok(i == 0 || strncmp(f->name, "dns.", 4) == 0);
	}
}

int
main(void)
{
	test_records();
	test_query();
	test_edns();
	test_multicast();
	test_promises();
	test_snaplen();
	test_names_of_records();
	test_words();
	test_frame();
	test_content();
	test_cut();
	test_bent();
	test_rows();
	return tap_done();
}
