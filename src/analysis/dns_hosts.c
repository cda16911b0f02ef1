#include "analysis/dns_hosts.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/cursor.h"

#define HOSTS_MAX 20000

struct span
dns_end_key(uint8_t out[DNS_END_BYTES], const struct addr *a, uint16_t port)
{
	memcpy(out, a, sizeof(*a));
	out[sizeof(*a)] = (uint8_t)(port >> 8);
	out[sizeof(*a) + 1] = (uint8_t)port;
	return span_of(out, DNS_END_BYTES);
}

uint16_t
dns_end_read(struct span key, struct addr *a)
{
	struct cursor c = cur_open(key);
	struct span s = cur_take(&c, sizeof(*a));

	memcpy(a, s.p, sizeof(*a));
	return cur_be16(&c);
}

uint64_t
dns_end_hash(const struct addr *a, uint16_t port)
{
	uint64_t words[3];

	memcpy(words, a->bytes, sizeof(a->bytes));
	words[2] = (uint64_t)port << 8 | a->kind;
	return hash_words(words, LENGTH(words));
}

bool
dns_hosts_init(struct dns_hosts *h)
{
	table_init(&h->ends, 0, HOSTS_MAX);
	h->host = calloc(HOSTS_MAX, sizeof(*h->host));
	return h->host != NULL;
}

void
dns_hosts_free(struct dns_hosts *h)
{
	table_free(&h->ends);
	free(h->host);
}

uint32_t
dns_hosts_find(struct dns_hosts *h, const struct addr *a, uint16_t port,
    uint64_t hash, uint64_t frame)
{
	uint8_t key[DNS_END_BYTES] BYTES_UNSET;
	size_t at = table_intern_hashed(&h->ends, dns_end_key(key, a, port),
	    hash);

	if (at == SIZE_MAX)
		return DNS_NOBODY;
	if (at == h->n) {
		h->host[at] = (struct dns_host){ .first_frame = frame };
		h->n++;
	}
	h->host[at].last_frame = frame;
	return (uint32_t)at;
}

struct dns_host *
dns_host_at(const struct dns_hosts *h, uint32_t number)
{
	return number == DNS_NOBODY ? NULL : &h->host[number];
}

void
dns_hosts_prefetch(const struct dns_hosts *h, uint64_t hash)
{
	table_prefetch_slot(&h->ends, hash);
}

size_t
dns_hosts_guess(const struct dns_hosts *h, uint64_t hash)
{
	const struct table_entry *entry = table_guess(&h->ends, hash);

	if (entry == NULL)
		return SIZE_MAX;
	__builtin_prefetch(entry);
	return (size_t)(entry - h->ends.entries);
}

void
dns_hosts_prefetch_host(const struct dns_hosts *h, size_t number)
{
	if (number == SIZE_MAX)
		return;
	__builtin_prefetch(table_key(&h->ends, number).p);
	__builtin_prefetch(&h->host[number]);
}
