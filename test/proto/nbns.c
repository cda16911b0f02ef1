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

int
main(void)
{
	struct reading r;

	test_query();
	test_response();
	/* A letter that is none, a pointer at itself. */
	(void)reading_open(&r, &proto_nbns,
	    "8001 0110 0001 0000 0000 0000 02 7a7a 00 0020 0001");
	reading_close(&r);
	(void)reading_open(&r, &proto_nbns,
	    "8001 0110 0001 0000 0000 0000 c00c 0020 0001");
	ok(r.message == NULL || r.decode.malformed ||
	    !((const struct nbns_message *)r.message)->whole);
	reading_close(&r);
	reading_cut_everywhere(&proto_nbns, tap_hex(
	    "8001 8580 0000 0001 0000 0000" FILES
	    "0020 0001 000493e0 0006 0000 c0000263"));
	return tap_done();
}
