#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include "net/flow.h"
#include "net/packet.h"
#include "net/plain.h"

/*
 * One application protocol: how it is recognised, how its messages are cut
 * out of a stream, and the one decode function that fills its plain struct
 * and, with d->fields, hands out its named fields.  Adding a protocol is one
 * file with one of these and one line in registry.c.
 */
struct decode {
	struct arena *arena;       /* of the packet: the struct lives there */
	struct field_list *fields; /* NULL: nobody listens */
	struct packet *packet;
	const struct transport *transport; /* NULL inside another message */
	bool over_stream;          /* cut out of a TCP stream */
	bool malformed;            /* set by decode: contradicts itself */
	struct dispatch *dispatch; /* to announce RTP and the like; or NULL */
};

struct proto_port {
	uint8_t protocol; /* 6, 17, 132; 0 ends the list */
	uint16_t first, last;
};

/* Answers of proto->frame besides a length in bytes. */
#define FRAME_MORE 0          /* the message is not whole yet */
#define FRAME_NOT SIZE_MAX    /* no message of this protocol starts here */

struct proto {
	const char *name;  /* "dns": Wireshark's filter name */
	const char *title; /* "Domain Name System" */
	const struct field_table *fields;
	/* Names of others whose messages hold its rows or announce it, with
	 * spaces between; or NULL. */
	const char *found_by;
	const struct proto_port *ports; /* ends in protocol 0; or NULL */
	/*
	 * By content, on other ports: true only when a mistake is very
	 * unlikely.  Called for the payloads that no port claims, of
	 * LOOKS_LEAST bytes and more; must decide on the first bytes cheaply.
	 * NULL: by port alone.
	 */
	bool (*looks_like)(struct span payload, size_t claimed,
	    const struct transport *t);
	uint8_t looks_over; /* IP protocol it is asked for; 0: any */
	bool (*looks_from)(uint8_t first); /* by its first byte; NULL: any */
	bool (*looks_on)(uint8_t second);  /* the same of the next */
	/* Bits that are 0 in the eight bytes behind these two; the first of
	 * the eight is the lowest byte. */
	uint64_t looks_zero;
	/*
	 * Over TCP: the length of the message at the start of `s` (2-byte
	 * prefix and all), FRAME_MORE or FRAME_NOT.  `at_end`: no more bytes
	 * will come.  NULL: not over TCP.
	 */
	size_t (*frame)(struct span s, bool at_end);
	/*
	 * Decodes one message.  The struct (see the protocol's header) is
	 * from d->arena.  NULL: these bytes are not this protocol after all.
	 */
	const void *(*decode)(struct cursor *c, struct decode *d);
	/* "Standard query 0x1 A example.org": Wireshark's spirit, one line,
	 * foreign bytes only through text_escape().  NULL: the title. */
	void (*info)(struct buf *out, const void *data);
	/* What the message is about: the name asked, the Call-ID; empty when
	 * it names nothing.  For the rows of flows.  Or NULL. */
	struct span (*subject)(const void *data);
};

extern const struct proto *const protos[];
extern const size_t proto_count;

/* Those whose messages may have rows of the table: bits by protos[]. */
uint64_t protos_of(const struct field_table *table);
/* Of these names, with spaces between. */
uint64_t protos_named(const char *names);

/* Every named field of the program: the tables of net, then those of the
 * protocols. */
size_t field_tables(void);
const struct field_table *field_table_at(size_t i);
/* The i-th row that has this name as `name` or `also`, else NULL. */
const struct field *field_find(struct span name, size_t i);

/*
 * Dispatch: which protocol a payload is (the flow's earlier verdict, an
 * announcement, the port, then content), messages cut out of TCP streams,
 * decoded, and hung into p->messages.
 */
struct dispatch;

struct dispatch_limits {
	size_t max_message;  /* bytes waiting for one message, 1 MiB */
	size_t max_bytes;    /* in all, 64 MiB */
};

struct dispatch *dispatch_new(const struct dispatch_limits *limits);
void dispatch_free(struct dispatch *d);
/* A TCP segment, with payload or without, after flow_track(): for whom
 * dispatch_listen() was called. */
void dispatch_stream(struct dispatch *d, struct packet *p,
    struct transport *t);
/* A payload of UDP, SCTP ... or a TCP segment, after flow_track(); p->fields
 * is the listener. */
void dispatch_payload(struct dispatch *d, struct packet *p,
    struct transport *t);
/* What is left in the streams at the end of the capture. */
void dispatch_finish(struct dispatch *d, struct flows *flows);
/* Only these protocols are looked for and decoded; before the first packet.
 * Without it all are. */
void dispatch_only(struct dispatch *d, const struct proto *const *wanted,
    size_t n);
/* Nobody asks which DNS query a response belongs to: query_frame stays 0. */
void dispatch_without_partners(struct dispatch *d);
/*
 * False when messages are found in it without its flow: whoever wants nothing
 * else from the flow may spare flow_track().  Where only some protocols are
 * wanted, a flow between ports that are nobody's begins with the first segment
 * that looks like a message.
 */
bool dispatch_needs_flow(const struct dispatch *d, const struct flows *flows,
    const struct transport *t);
/* True when flows may begin so, in the middle. */
bool dispatch_begins_late(const struct dispatch *d);
/*
 * All that is met is decoded, but the caller needs only messages of these, bits
 * by protos[]: dispatch_passes() stops at no others, and no others need flows.
 * Or only those that hold or announce others: then it sees to the flows and
 * messages that matter to it by itself.
 */
void dispatch_heed(struct dispatch *d, uint64_t heeded);
void dispatch_heed_finders(struct dispatch *d);
/* Or none but those of the packets that it is given. */
void dispatch_heed_none(struct dispatch *d);
/* What becomes of a payload does not depend on those before it, but for
 * those of TCP between wanted ports. */
bool dispatch_is_stateless(const struct dispatch *d);
/*
 * Of these packets that are plain (net/plain.h) those in which
 * dispatch_payload() would find nothing, as far as their flow is not known:
 * `plain` and the answer have a bit for each.  It holds until
 * dispatch_changes() is another number.
 */
uint32_t dispatch_passes(const struct dispatch *d,
    const struct glance *glances, uint32_t plain);
/* Adds the ports they may be at and sets how their payloads may begin; then,
 * and again after dispatch_changes(), what was announced: all others pass. */
void dispatch_near(const struct dispatch *d, struct glance_near *near);
void dispatch_nearer(const struct dispatch *d, struct glance_near *near);
uint64_t dispatch_changes(const struct dispatch *d);
/* The same where all flows are known, of packets whose flow has no
 * flow_app(), which were glanced at with what is asked for here. */
void dispatch_ask(const struct dispatch *d, struct glance_asks *asks);
uint32_t dispatch_silent(const struct dispatch *d,
    const struct glance *glances, const struct glanced *seen,
    uint32_t plain);
/* SDP says that RTP goes there: payloads to or from it are `proto`. */
void dispatch_expect(struct dispatch *d, const struct addr *a, uint16_t port,
    const struct proto *proto);
/* To also hear of the streams' bytes and gaps (follow_stream, search). */
void dispatch_listen(struct dispatch *d, const struct stream_events *events);
const struct stream_counts *dispatch_stream_counts(const struct dispatch *d);
/* Messages over TCP of protos[i] that began and were not whole when their
 * connection or, after dispatch_finish(), the capture ended. */
struct unfinished {
	uint64_t count;
	uint64_t first_frame;
};

const struct unfinished *dispatch_unfinished(const struct dispatch *d,
    size_t i);

#endif
