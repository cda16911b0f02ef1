#include "proto/dns_partner.h"

#include <stdlib.h>

#include "base/table.h"
#include "proto/dns_rows.h"

#define AGAIN 5000000000 /* ns */

struct open {
	uint64_t key;        /* 0: free */
	struct timestamp time;
	uint64_t query, response; /* frames; response 0: none yet */
	uint32_t next;       /* in the chain: 1 + place */
};

struct dns_partners {
	uint64_t n; /* queries so far */
	uint32_t heads[DNS_PARTNERS];
	struct open ring[DNS_PARTNERS];
};

struct dns_partners *
dns_partners_new(void)
{
	hash_key_init();
	return calloc(1, sizeof(struct dns_partners));
}

void
dns_partners_free(struct dns_partners *p)
{
	free(p);
}

static uint64_t
key_of(const struct dns_message *m, const struct transport *t)
{
	const struct addr *from = m->response ? &t->dst : &t->src;
	const struct addr *to = m->response ? &t->src : &t->dst;
	uint16_t from_port = m->response ? t->dport : t->sport;
	uint16_t to_port = m->response ? t->sport : t->dport;
	uint64_t words[5], hash;

	memcpy(&words[0], from->bytes, 16);
	memcpy(&words[2], to->bytes, 16);
	words[4] = (uint64_t)from_port << 48 | (uint64_t)to_port << 32 |
	    (uint64_t)m->id << 16 | t->protocol;
	hash = hash_words(words, LENGTH(words));
	return hash == 0 ? 1 : hash;
}

static struct open *
open_find(struct dns_partners *p, uint64_t key)
{
	uint32_t at = p->heads[key % DNS_PARTNERS];

	while (at != 0 && p->ring[at - 1].key != key)
		at = p->ring[at - 1].next;
	return at == 0 ? NULL : &p->ring[at - 1];
}

static void
open_end(struct dns_partners *p, struct open *o)
{
	uint32_t *at = &p->heads[o->key % DNS_PARTNERS];

	if (o->key == 0)
		return;
	while (*at != 0 && &p->ring[*at - 1] != o)
		at = &p->ring[*at - 1].next;
	*at = o->next;
	o->key = 0;
}

static void
open_new(struct dns_partners *p, uint64_t key, uint64_t frame,
    struct timestamp time)
{
	uint32_t place = (uint32_t)(p->n++ % DNS_PARTNERS);
	uint32_t *head = &p->heads[key % DNS_PARTNERS];

	open_end(p, &p->ring[place]);
	p->ring[place] = (struct open){ .key = key, .time = time,
		.query = frame, .next = *head };
	*head = place + 1;
}

static struct dns_partner
query_find(struct dns_partners *p, struct open *o, uint64_t key,
    uint64_t frame, struct timestamp time)
{
	struct dns_partner partner = { .repeated = false };

	if (o != NULL && o->response == 0 && time.known &&
	    time_diff(time, o->time) <= AGAIN) {
		partner.repeated = true;
		partner.repeats = o->query;
		return partner;
	}
	if (o != NULL)
		open_end(p, o);
	open_new(p, key, frame, time);
	return partner;
}

struct dns_partner
dns_partner_find(struct dns_partners *p, const struct dns_message *m,
    const struct transport *t, uint64_t frame, struct timestamp time)
{
	uint64_t key = key_of(m, t);
	struct open *o = open_find(p, key);
	struct dns_partner partner = { .repeated = false };

	if (!m->response)
		return query_find(p, o, key, frame, time);
	if (o == NULL)
		return partner;
	if (o->response != 0) {
		partner.repeated = true;
		partner.repeats = o->response;
		return partner;
	}
	o->response = frame;
	partner.query = o->query;
	partner.has_time = time.known && o->time.known;
	partner.time = time_diff(time, o->time);
	return partner;
}

void
dns_partner_put(struct field_list *l, const struct dns_message *m,
    const struct dns_partner *partner, const uint8_t *at)
{
	struct span here = span_of(at, 0);

	if (partner->query != 0)
		field_put_number(l, &dns_rows[DNS_RESPONSE_TO], here,
		    partner->query);
	if (partner->has_time)
		field_put_number(l, &dns_rows[DNS_TIME], here,
		    (uint64_t)partner->time);
	if (partner->repeated) {
		field_put_number(l, &dns_rows[m->response ?
		    DNS_RETRANSMIT_RESPONSE_IN : DNS_RETRANSMIT_REQUEST_IN],
		    here, partner->repeats);
		field_put_number(l, &dns_rows[DNS_RETRANSMISSION], here, 1);
		field_put_number(l, &dns_rows[m->response ?
		    DNS_RETRANSMIT_RESPONSE : DNS_RETRANSMIT_REQUEST], here,
		    1);
	} else if (m->response && partner->query == 0) {
		field_put_number(l, &dns_rows[DNS_UNSOLICITED], here, 1);
	}
}
