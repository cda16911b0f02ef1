#include "proto/dns_partner.h"

#include "tap.h"

static struct transport ends = { .protocol = 17, .sport = 40000, .dport = 53,
	.src = { ADDR_IPV4, { 10, 0, 0, 1 } },
	.dst = { ADDR_IPV4, { 10, 0, 0, 2 } } };

static struct timestamp
at(int64_t ms)
{
	return (struct timestamp){ ms / 1000,
		(uint32_t)(ms % 1000) * 1000000, 6, true };
}

static struct dns_partner
query(struct dns_partners *p, uint16_t id, uint64_t frame, int64_t ms)
{
	const struct dns_message m = { .id = id };

	return dns_partner_find(p, &m, &ends, frame, at(ms));
}

/* From where the queries go, to where they come from. */
static struct dns_partner
response(struct dns_partners *p, uint16_t id, uint64_t frame,
    struct timestamp time)
{
	const struct dns_message m = { .id = id, .response = true };
	struct transport back = ends;

	back.src = ends.dst;
	back.dst = ends.src;
	back.sport = ends.dport;
	back.dport = ends.sport;
	return dns_partner_find(p, &m, &back, frame, time);
}

static void
test_pair(void)
{
	struct dns_partners *p = dns_partners_new();
	struct dns_partner r;

	ok(!query(p, 7, 1, 1000).repeated);
	r = response(p, 7, 2, at(1250));
	ok_int(r.query, 1);
	ok(r.has_time && !r.repeated);
	ok_int(r.time, 250000000);
	/* Answered again: a repetition of the first answer. */
	r = response(p, 7, 3, at(1300));
	ok(r.repeated && r.query == 0);
	ok_int(r.repeats, 2);
	/* The same ID after its answer is another query. */
	ok(!query(p, 7, 4, 1400).repeated);
	ok_int(response(p, 7, 5, at(1450)).query, 4);
	/* Of other ends, another ID: nobody asked. */
	ok_int(response(p, 8, 6, at(1500)).query, 0);
	ends.sport = 40001;
	ok_int(response(p, 7, 7, at(1500)).query, 0);
	ends.sport = 40000;
	/* Without a time there is a partner and no difference. */
	(void)query(p, 9, 8, 2000);
	r = response(p, 9, 9, (struct timestamp){ .known = false });
	ok_int(r.query, 8);
	ok(!r.has_time);
	dns_partners_free(p);
}

/* Within five seconds and unanswered: said again. */
static void
test_again(void)
{
	struct dns_partners *p = dns_partners_new();
	const struct dns_message m = { .id = 1 };
	struct dns_partner r;

	(void)query(p, 1, 1, 0);
	r = query(p, 1, 2, 5000);
	ok(r.repeated);
	ok_int(r.repeats, 1);
	ok(!query(p, 1, 3, 5001).repeated);
	ok_int(response(p, 1, 4, at(5002)).query, 3);
	(void)query(p, 1, 5, 6000);
	ok(!dns_partner_find(p, &m, &ends, 6,
	    (struct timestamp){ .known = false }).repeated);
	ok_int(response(p, 1, 7, at(6001)).query, 6);
	dns_partners_free(p);
}

/* More than are remembered: the oldest is forgotten, none of the others. */
static void
test_many(void)
{
	struct dns_partners *p = dns_partners_new();
	unsigned lost = 0;

	for (unsigned i = 0; i <= DNS_PARTNERS; i++)
		(void)query(p, (uint16_t)i, i + 1, i);
	ok_int(response(p, 0, 90000, at(20000)).query, 0);
	for (unsigned i = 1; i <= DNS_PARTNERS; i++)
		lost += response(p, (uint16_t)i, 90000 + i,
		    at(20000)).query != i + 1;
	ok_int(lost, 0);
	/* The ring is gone round several times. */
	for (unsigned i = 0; i < 4 * DNS_PARTNERS; i++) {
		(void)query(p, (uint16_t)i, i + 1, 30000 + i);
		lost += response(p, (uint16_t)i, 0x100000 + i,
		    at(30001 + i)).query != i + 1;
	}
	ok_int(lost, 0);
	dns_partners_free(p);
}

int
main(void)
{
	test_pair();
	test_again();
	test_many();
	return tap_done();
}
