#ifndef ANALYSIS_FLOW_LIST_H
#define ANALYSIS_FLOW_LIST_H

#include "analysis/analyzer.h"
#include "analysis/flow_names.h"
#include "analysis/heard.h"
#include "analysis/rows.h"
#include "base/table_later.h"

/*
 * The flows of a capture as rows: TCP, UDP (with UDP-Lite), SCTP from the
 * tracker, ICMP and ICMPv6 by addresses, type and identifier here.  With a
 * display filter: the flows that have a packet which passed it, told of
 * whole.
 */
enum flow_group {
	FLOW_GROUP_NONE,
	FLOW_GROUP_HOST,
	FLOW_GROUP_SERVICE,
};

struct icmp_flow {
	struct addr a, b;      /* first sender, the other */
	uint8_t protocol;      /* 1 or 58 */
	uint8_t type, code;    /* of the first packet */
	bool has_id;
	uint16_t id;
	uint32_t stream;       /* number among the ICMP flows */
	uint64_t packets[2], bytes[2];
	uint64_t first_frame, last_frame;
	struct timestamp first, last;
};

/* Of a packet what its flow needs. */
struct icmp_seen {
	struct addr src, dst;
	uint8_t version, type, code;
	bool has_id;
	uint16_t id;
	uint64_t bytes, frame;
	struct timestamp time;
};

struct flow_list {
	struct scan *scan;
	struct heard heard[4];     /* TCP, UDP, SCTP, UDP-Lite */
	struct heard quoted[4];    /* ICMP errors quote them */
	struct flow_names names;
	struct table icmp;         /* struct icmp_flow; after the scan */
	struct table_later icmp_later;
	struct icmp_seen icmp_seen[TABLE_LATER];
	uint64_t no_flow;          /* packets without a flow of any kind */
	bool has_tcp;              /* packets with a flow, of TCP */
};

/* The tracked kinds: TCP, UDP with UDP-Lite, SCTP. */
#define FLOW_LIST_KINDS 3
extern const uint8_t flow_list_kinds[FLOW_LIST_KINDS];

extern const struct analyzer analyzer_flow_list;
/* The same for who asks for no names: decodes no messages. */
extern const struct analyzer analyzer_flow_list_nameless;


/* One flow, whatever keeps it: what rows, groups and summaries need. */
struct flow_row {
	const struct flow *flow;       /* NULL for ICMP */
	const struct icmp_flow *icmp;  /* NULL for the others */
	uint8_t protocol;
	uint32_t stream;
	struct addr a, b;
	uint16_t a_port, b_port;
	uint64_t packets[2], bytes[2]; /* payload bytes */
	uint64_t first_frame, last_frame;
	struct timestamp first, last;
	uint64_t retransmissions;
	int64_t rtt;                   /* handshake, ns; -1 */
	int64_t data_rtt;              /* ns; -1 */
};

/* Without what a row of TCP tells behind `last`. */
void flow_row_of(const struct flow *f, struct flow_row *r);
void flow_row_of_icmp(const struct icmp_flow *f, struct flow_row *r);

/* Is a flow of the tracker's chosen?  One without packets is known from a
 * quotation alone. */
static inline bool
flow_list_has(const struct flow_list *s, size_t kind, const struct flow *f)
{
	return !flow_is_silent(f) && (s->scan->filter == NULL ||
	    heard_has(&s->heard[kind], flow_stream(f)));
}

/* The chosen flows, after the scan: a number each, of which a row is made
 * when it is wanted.  False: no memory. */
struct flow_ids {
	uint32_t *id;
	size_t n;
	size_t total; /* chosen ones; more than `n`: of an order the first */
};

bool flow_ids_make(const struct flow_list *s, struct flow_ids *ids);
void flow_ids_free(struct flow_ids *ids);
void flow_id_row(const struct flow_list *s, uint32_t id, struct flow_row *r);
/* Client and server. */
void flow_id_ends(const struct flow_list *s, uint32_t id, struct addr ends[2]);
uint64_t flow_id_first_frame(const struct flow_list *s, uint32_t id);

/* Are all chosen, and those of the tracker's of each kind in the order of their
 * first packets?  How many they are. */
bool flow_list_in_order(const struct flow_list *s);
size_t flow_list_count(const struct flow_list *s);

/* The chosen flows one after the other: `{ .list = s, .most = SIZE_MAX }`, then
 * until false; `id` is as above. */
struct flow_cursor {
	const struct flow_list *list;
	size_t most; /* of the tracker's of each kind the first so many */
	uint32_t id;
	size_t kind;
	struct flow_walk walk;
	uint32_t icmp;
};

bool flow_list_next_id(struct flow_cursor *c);
/* "tcp", "udp", "sctp", "icmp" ... */
const char *flow_row_protocol(const struct flow_row *r);
#endif
