#include "proto/nbns.h"

#include "message.h"

/* "FILES" in the half-byte letters of RFC 1001, 14.1, suffix 0x20. */
#define FILES "20 4547 454a 454d 4546 4644 4341 4341 4341 4341 4341 4341" \
	"4341 4341 4341 4341 4341 00"

static void
test_query(void)
{
	struct reading r;
	const struct nbns_message *m = reading_open(&r, &proto_nbns,
	    "8001 0110 0001 0000 0000 0000" FILES "0020 0001");

	ok(m != NULL && m->whole && !m->response);
	ok_int(m->id, 0x8001);
	ok_int(m->n_questions, 1);
	ok_text(m->questions[0].name.text, "FILES<20>");
	ok_int(m->questions[0].name.suffix, 0x20);
	ok_int(m->questions[0].type, 32);
	reading_close(&r);
}

static void
test_response(void)
{
	struct reading r;
	const struct nbns_message *m = reading_open(&r, &proto_nbns,
	    "8001 8580 0000 0001 0000 0000" FILES
	    "0020 0001 000493e0 0006 0000 c0000263");
	char text[ADDR_TEXT];

	ok(m != NULL && m->response);
	ok_int(m->n_records, 1);
	ok(m->records[0].has_address);
	ok_int(m->records[0].ttl, 300000);
	ok_span(span_of(text, addr_write(text, &m->records[0].address)),
	    "192.0.2.99");
	reading_close(&r);
}

/* Node status (RFC 1002, 4.2.18): two names and a MAC address. */
static void
test_status(void)
{
	struct reading r;
	const struct nbns_message *m = reading_open(&r, &proto_nbns,
	    "8001 8400 0000 0001 0000 0000" FILES
	    "0021 0001 00000000 002b 02"
	    "46494c45532020202020202020202020 0400"
	    "4f46462001202020202020202020201e 8400"
	    "020000000001");

	ok(m != NULL && m->whole && !r.decode.malformed);
	ok(!m->records[0].has_address);
	ok_text(reading_field(&r, "nbns.number_of_names", 0), "2");
	ok_text(reading_field(&r, "nbns.netbios_name", 0), "FILES");
	ok_text(reading_field(&r, "nbns.netbios_name", 1), "OFF <01>");
	ok_text(reading_field(&r, "nbns.name_flags.group", 1), "1");
	ok_text(reading_field(&r, "nbns.unit_id", 0), "02:00:00:00:00:01");
	ok_text(reading_info(&r, &proto_nbns),
	    "Name QUERY response NBSTAT FILES<20>");
	reading_close(&r);
}

/* A scope behind the name, by a pointer; what is no name of NetBIOS, and a
 * pointer at itself. */
static void
test_names(void)
{
	struct reading r;
	const struct nbns_message *m = reading_open(&r, &proto_nbns,
	    "8001 0110 0002 0000 0000 0000"
	    "20 4547454a454d454646444341434143414341434143414341434143414341"
	    "4341 03 6e6574 00 0020 0001 c00c 0020 0001");

	ok(m != NULL && m->whole);
	ok_text(m->questions[0].name.text, "FILES<20>.net");
	ok_text(m->questions[1].name.text, "FILES<20>.net");
	reading_close(&r);
	m = reading_open(&r, &proto_nbns,
	    "8001 0110 0001 0000 0000 0000 02 7a7a 00 0020 0001");
	ok(m != NULL && m->whole);
	ok_text(m->questions[0].name.text, "<not NetBIOS>");
	reading_close(&r);
	m = reading_open(&r, &proto_nbns,
	    "8001 0110 0001 0000 0000 0000 c00c 0020 0001");
	ok(m != NULL && !m->whole && r.decode.malformed);
	reading_close(&r);
}

int
main(void)
{
	struct reading r;

	test_query();
	test_response();
	test_status();
	test_names();
	/* As Wireshark: ID and flags are enough to be shown. */
	ok(reading_cut(&r, &proto_nbns, tap_hex("8001 01"), 50) == NULL);
	reading_close(&r);
	ok(reading_cut(&r, &proto_nbns, tap_hex("8001 0110"), 50) != NULL);
	ok_text(reading_field(&r, "nbns.id", 0), "0x8001");
	ok(!r.decode.malformed);
	reading_close(&r);
	reading_cut_everywhere(&proto_nbns, tap_hex(
	    "8001 8580 0000 0001 0000 0000" FILES
	    "0020 0001 000493e0 0006 0000 c0000263"));
	return tap_done();
}
