#ifndef ANALYSIS_DNS_MAP_H
#define ANALYSIS_DNS_MAP_H

#include "analysis/dns_hosts.h"
#include "analysis/ranked.h"
#include "proto/dns.h"

/*
 * Passive DNS: which name was said to have which address, and when.  From A
 * and AAAA records of answers; PTR records give the name of an address.
 */
struct dns_map_entry { /* a line of the cache */
	uint64_t last_frame;
	struct timestamp last;
	const uint8_t *owner;   /* key of `owners`: the name, */
	uint16_t owner_bytes;   /* which has so many */
	bool reverse;           /* PTR */
	struct addr addr;
	uint32_t seen;
	uint32_t ttl_least;
	uint32_t next;          /* what followed it in an answer */
};

struct dns_map_first {
	struct timestamp time;
	uint64_t frame;
};

/* What was answered to a question before: answers repeat themselves, so most
 * entries are found without a look-up. */
struct dns_known {
	const uint8_t *owner;   /* the name asked for, or NULL */
	uint32_t first[2];      /* of an answer: to others, to AAAA; entries, or
	                         * DNS_NOBODY */
};

/* The records of one answer, while they wait: where names stand in `text`. */
#define DNS_SAID 8
#define DNS_SAID_TEXT 160

struct dns_said {
	struct addr addr;
	bool reverse;
	bool of_question;       /* the name is that of the question, else: */
	bool same;              /* as that of the one before */
	uint8_t name, name_bytes;
	uint32_t ttl;
};

struct dns_answer {
	uint64_t frame;
	struct timestamp time;
	struct span name;       /* of the question, and hash_text() of it */
	uint64_t hash;
	bool aaaa;              /* was asked for */
	uint8_t n, n_text;
	const uint8_t *last;    /* a name in the message, while it is read */
	struct dns_said said[DNS_SAID + 1]; /* and one that has no room */
	uint8_t text[DNS_SAID_TEXT];
};

struct dns_map {
	struct slots slots;
	struct table owners;
	struct dns_map_entry *at;
	struct dns_map_first *first; /* of each */
	size_t n;
	uint64_t refused;
};

bool dns_map_init(struct dns_map *m);
void dns_map_free(struct dns_map *m);
/* Adds what the records from one on tell of addresses, where they do; returns
 * the first for which there is no room, or how many there are. */
size_t dns_answer_add(struct dns_answer *answer, const struct dns_message *m,
    size_t from, struct arena *arena);
/* Some time before dns_map_learn(), in this order. */
void dns_map_prefetch(const struct dns_map *map,
    const struct dns_answer *answer, const struct dns_known *known);
void dns_map_prefetch_owner(const struct dns_map *map,
    const struct dns_answer *answer, const struct dns_known *known);
/* `known`: of the name asked for, or NULL. */
void dns_map_learn(struct dns_map *map, const struct dns_answer *answer,
    struct dns_known *known);
/* A record whose name has no room in an answer, of the same message. */
void dns_map_learn_alone(struct dns_map *map, const struct dns_answer *answer,
    const struct dns_message *m, const struct dns_record *r,
    struct arena *arena);
void dns_map_report(const struct dns_map *m, struct json *j,
    size_t max_bytes);

static inline struct dns_known
dns_known_nothing(void)
{
	return (struct dns_known){ NULL, { DNS_NOBODY, DNS_NOBODY } };
}

#endif
