#include "base/table.h"
#include "message.h"
#include "proto/dns_rdata.h"

/*
 * Messages of which nobody wants fields are read another way, most of them:
 * what is found must be the same.  Samples, each of them bent and cut at random.
 */
static uint32_t random_state = 1;

static unsigned
dice(unsigned n)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % n;
}

static bool
name_same(const struct dns_name *a, const struct dns_name *b)
{
	return span_equal(a->text, b->text) && span_equal(a->key, b->key) &&
	    span_equal(a->raw, b->raw) && a->bad == b->bad &&
	    a->plain == b->plain;
}

static bool
header_same(const struct dns_message *a, const struct dns_message *b)
{
	return a->kind == b->kind && a->response == b->response &&
	    a->opcode == b->opcode && a->id == b->id && a->flags == b->flags &&
	    a->rcode == b->rcode &&
	    memcmp(a->counts, b->counts, sizeof(a->counts)) == 0 &&
	    a->whole == b->whole && a->edns == b->edns &&
	    a->dnssec_ok == b->dnssec_ok &&
	    a->edns_version == b->edns_version && a->udp_size == b->udp_size &&
	    a->query_frame == b->query_frame &&
	    span_equal(a->bytes, b->bytes) && a->claimed == b->claimed;
}

static bool
record_same(const struct dns_record *a, const struct dns_record *b)
{
	return name_same(a->owner, b->owner) && a->type == b->type &&
	    a->class == b->class && a->ttl == b->ttl &&
	    a->section == b->section && a->cache_flush == b->cache_flush &&
	    span_equal(a->data, b->data);
}

static bool
message_same(const struct dns_message *a, const struct dns_message *b)
{
	bool same = header_same(a, b) && a->n_questions == b->n_questions &&
	    a->n_records == b->n_records;

	for (size_t i = 0; same && i < a->n_questions; i++) {
		const struct dns_question *p = &a->questions[i];
		const struct dns_question *q = &b->questions[i];

		same = name_same(p->name, q->name) && p->type == q->type &&
		    p->class == q->class && p->unicast == q->unicast;
	}
	for (size_t i = 0; same && i < a->n_records; i++)
		same = record_same(&a->records[i], &b->records[i]);
	return same;
}

static unsigned read_plain;

/* With a listener and without one. */
static bool
both_same(const struct proto *proto, enum dns_kind kind, struct span s,
    size_t claimed)
{
	struct reading slow, fast;
	const struct dns_message *a = reading_cut(&slow, proto, s, claimed);
	const struct dns_message *b;
	struct cursor c = cur_open_cut(span_of(slow.bytes, s.n), claimed);
	struct cursor first = c, at;
	bool same;

	memset(&fast, 0, sizeof(fast));
	arena_init(&fast.arena, 1 << 24);
	fast.decode.arena = &fast.arena;
	fast.decode.packet = &slow.packet;
	at = c;
	if (dns_plain_read(&at, &fast.decode, kind) != NULL)
		read_plain++;
	else if (at.pos != 0 || at.bad || at.cut)
		return false;
	fast.decode.malformed = false;
	b = proto->decode(&c, &fast.decode);
	same = (a == NULL) == (b == NULL) &&
	    slow.decode.malformed == fast.decode.malformed;
	/* The cursor of the slow one was its own. */
	fast.decode.fields = &slow.fields;
	fast.decode.arena = &slow.arena;
	(void)proto->decode(&first, &fast.decode);
	same = same && first.cut == c.cut &&
	    (a == NULL || message_same(a, b));
	arena_free(&fast.arena);
	reading_close(&slow);
	return same;
}

static const char *const samples[] = {
	"1234 0100 0001 0000 0000 0000 03777777 07 6578616d706c65 00 0001 0001",
	"1234 0120 0001 0000 0000 0001 03777777 07 6578616d706c65 00 001c 0001"
	"00 0029 04d0 00 00 8000 0000",
	"1234 8180 0001 0003 0000 0001 0377 7777 0865 7861 6d70 6c65 3103 636f"
	"6d00 0001 0001 c00c 0005 0001 0000003c 0006 0363646e c010"
	"c02e 0001 0001 0000003c 0004 c0000201 c02e 001c 0001 0000003c 0010"
	"20010db8000000000000000000000001 00 0029 1000 01 00 0000 0000",
	"1234 8183 0001 0000 0001 0000 0178 07 6578616d706c65 00 0001 0001"
	"c00e 0006 0001 0000003c 001c 016d c00e 0172 c00e 78a3f485 00001c20"
	"00000e10 00127500 0000012c",
	"1234 8180 0001 0002 0000 0000 0178 0765 7861 6d70 6c65 0000 0f00 01"
	"c00c 000f 0001 0000003c 0007 000a 026d78 c00e"
	"c00c 0010 0001 0000003c 0006 05 68656c6c6f",
	"0000 8400 0000 0002 0000 0000 055f 6874 7470 045f 7463 7005 6c6f 6361"
	"6c00 000c 0001 00000078 0008 05 7072696e74 c00c"
	"c028 0021 8001 00000078 0008 0000 0000 0050 c028",
	"1234 2800 0001 0000 0001 0000 07 6578616d706c65 00 0006 0001"
	"c00c 00ff 00ff 00000000 0000",
	"1234 3000 0000 0000 0000 0000 0001 0004 00000064",
	"1234 0100 0002 0000 0000 0000 0161 00 0001 0001 c00c 001c 0001",
};

#define LONGEST 200

static void
test_same(void)
{
	unsigned wrong = 0;

	for (unsigned round = 0; round < 60000; round++) {
		uint8_t bytes[LONGEST];
		struct span s = tap_hex(samples[round % LENGTH(samples)]);
		size_t n = s.n, claimed;

		memcpy(bytes, s.p, n);
		for (unsigned bent = dice(4); bent > 0; bent--)
			bytes[dice(2) == 0 ? dice((unsigned)n) :
			    dice(12)] = (uint8_t)(dice(3) == 0 ? dice(256) :
			    dice(2) == 0 ? dice(4) : 0xc0 + dice(2));
		claimed = n;
		if (dice(4) == 0)
			n = dice((unsigned)n);
		if (dice(2) == 0)
			claimed = n;
		s = span_of(bytes, n);
		wrong += !both_same(&proto_dns, DNS_UNICAST, s, claimed);
		wrong += !both_same(&proto_mdns, DNS_MULTICAST, s, claimed);
	}
	ok_int(wrong, 0);
	ok(read_plain > 20000);
}

int
main(void)
{
	hash_key_init();
	test_same();
	return tap_done();
}
