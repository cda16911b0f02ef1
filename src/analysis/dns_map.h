#ifndef ANALYSIS_DNS_MAP_H
#define ANALYSIS_DNS_MAP_H

#include "analysis/ranked.h"
#include "base/table_later.h"
#include "proto/dns.h"

/* Passive DNS: which name was said to have which address, and when.  From A
 * and AAAA records of answers; PTR records give the name of an address. */
struct dns_map_entry {
	struct timestamp first, last;
	uint64_t first_frame, last_frame;
	uint32_t seen;
	uint32_t ttl_least;
};

/* Keys: 1 for PTR, the address, the name.  `at` goes by number of entry. */
struct dns_map {
	struct table entries;
	struct dns_map_entry *at;
	size_t n;                  /* of these */
	struct table_later later;
	struct dns_map_entry waiting[TABLE_LATER];
};

bool dns_map_init(struct dns_map *m);
void dns_map_free(struct dns_map *m);
/* A record of the packet's message; `name_hash` is hash_text() of the first
 * question's name. */
void dns_map_add(struct dns_map *map, const struct dns_message *m,
    const struct dns_record *r, uint64_t name_hash, const struct packet *p);
/* After the last one, before the report. */
void dns_map_settle(struct dns_map *map);
void dns_map_report(const struct dns_map *m, struct json *j,
    size_t max_bytes);

#endif
