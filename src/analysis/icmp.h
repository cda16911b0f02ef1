#ifndef ANALYSIS_ICMP_H
#define ANALYSIS_ICMP_H

#include "analysis/analyzer.h"
#include "analysis/listing.h"
#include "analysis/rows.h"
#include "base/table_later.h"

/*
 * Every ICMP and ICMPv6 packet as a row, their statistics, echo pairs with
 * round-trip times and loss, errors with the flow they are about, paths that
 * expired hop limits draw, routers and neighbours.
 */

/* Echo requests and replies between two hosts under one identifier. */
struct icmp_echo {
	struct addr asker, answerer;
	uint16_t id;
	uint8_t version;
	uint64_t requests, replies, duplicates, unmatched;
	uint64_t repeated; /* of the requests: the same packet seen again */
	uint64_t first_frame, last_frame;
	int64_t rtt_min, rtt_max, rtt_sum; /* ns */
	uint64_t rtt_count;
	uint32_t size_min, size_max;       /* of the data */
	uint8_t request_ttl, reply_ttl;    /* of the last ones */
	bool reply_seen;
	bool noted[2]; /* as source and destination: of replies, of requests */
	struct icmp_ids *ids;              /* of all with this identifier */
};

/* A request that waits for its reply. */
struct icmp_waiting {
	struct timestamp time;
	uint64_t data;    /* hash of the data: is it sent back unchanged? */
	uint16_t ip_id;   /* of IPv4 */
	uint8_t hop;      /* hop limit */
	bool whole;       /* the data is all there */
	bool waits;
};

/* One kind of error about one flow. */
struct icmp_error {
	struct addr sender;
	uint8_t version, type, code, protocol;
	struct addr src, dst;  /* of the quoted datagram */
	uint16_t sport, dport;
	uint32_t word;         /* MTU, pointer */
	struct addr gateway;   /* of a redirect */
	uint64_t count, first_frame, last_frame;
};

/* A packet sent with a small hop limit. */
struct icmp_probe {
	struct timestamp time;
	uint8_t hop;
};

struct icmp_path {
	bool reached;          /* the target itself answered a probe */
};

/* A hop of a path: who answered probes that were sent so far. */
struct icmp_hop {
	struct addr router;
	uint32_t path;
	uint8_t number;        /* 0: the probe was not captured */
	uint8_t ttl_left;      /* of the answer, as it arrived */
	int64_t rtt;           /* fastest, ns; -1 unknown */
	uint64_t count, first_frame;
};

/* Router or neighbour advertisements, redirects. */
struct icmp_told {
	struct addr sender, about, prefix;
	struct addr link;      /* link-layer address, from its option */
	uint8_t type, flags, prefix_length;
	uint32_t lifetime, mtu;
	uint64_t count, first_frame, last_frame;
};

/* Who sent an answer, as far as a hop has to know. */
struct icmp_answer {
	struct addr src, dst;
	struct timestamp time;
	uint64_t frame;
	uint8_t ttl;
};

/* Echo requests and replies whose look-ups are under way. */
struct icmp_pings {
	struct table_later echoes, waiting, sources, destinations;
	struct icmp_ping {
		struct icmp_answer answer; /* or question */
		uint64_t data;             /* hash of it */
		size_t echo, waiting;      /* numbers, when they are known */
		uint32_t size;
		uint16_t id, seq, ip_id;
		uint8_t version;
		bool request, whole;
		bool noted;                /* its ends are */
	} pings[TABLE_LATER];
};

struct icmp_state {
	struct listing listing;
	uint64_t ip_packets;
	uint64_t v4, v6, cut;
	struct table types;         /* by version and type: uint64_t */
	uint64_t *of_type[2][256];  /* where that is; the first: version 4 */
	struct table sources, destinations; /* by struct addr */
	struct table unreachable;   /* uint64_t by struct addr */
	struct table echoes;        /* struct icmp_echo */
	struct table waiting;       /* struct icmp_waiting by number of the
	                             * echo and of the request */
	struct table errors;        /* struct icmp_error */
	struct table probes, paths, hops; /* icmp_path.c */
	uint64_t paths_reached;
	struct table told;          /* struct icmp_told */
	struct table by_id;         /* mcpcap's echo_pairs */
	struct icmp_pings pings;
	uint64_t data_packets, data_bytes, data_max, data_changed;
	uint64_t data_odd;          /* not a ping's usual pattern */
	uint64_t largest_frame;
};

extern const struct analyzer analyzer_icmp;

/* The "statistics" object. */
/* `max_bytes` for its lists together. */
void icmp_statistics_report(void *state, struct json *j,
    size_t max_bytes);

/* icmp_echo.c: pairing.  What is told, and what is there for errors to be
 * compared with, is complete after settle().  False: not an echo, and its
 * ends are not noted. */
bool icmp_echo_add(struct icmp_state *s, const struct packet *p);
void icmp_echo_settle(struct icmp_state *s);
void icmp_echo_finish(struct icmp_state *s);
void icmp_ends_note(struct icmp_state *s, const struct packet *p);
void icmp_echo_report(const struct icmp_state *s, struct json *j,
    size_t max_bytes);
/* icmp_errors.c: what is about other packets. */
void icmp_errors_add(struct icmp_state *s, const struct packet *p);
void icmp_errors_report(const struct icmp_state *s, struct json *j,
    size_t max_bytes);

/* icmp_path.c: traceroutes. */
void icmp_path_probe(struct icmp_state *s, const struct packet *p);
void icmp_path_error(struct icmp_state *s, const struct packet *p);
void icmp_path_reply(struct icmp_state *s, const struct icmp_answer *a,
    uint8_t hop, struct timestamp sent);
void icmp_paths_report(const struct icmp_state *s, struct json *j,
    size_t max_bytes);

#endif
