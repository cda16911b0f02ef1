#ifndef ANALYSIS_ANALYZER_H
#define ANALYSIS_ANALYZER_H

#include "base/json.h"
#include "filter/filter.h"

/* What a pass has to decode, as a union over its analysers. */
#define WANT_WALK 0x01     /* packets with layers */
#define WANT_FLOWS 0x02    /* transports with flow and analysis */
#define WANT_MESSAGES 0x04 /* messages; flows only as far as they need them */
#define WANT_FIELDS 0x08   /* p->fields; see scan_request */
#define WANT_STREAMS 0x10  /* stream and gap events */
#define WANT_DEFRAG 0x20   /* IP datagrams put together */
#define WANT_TCP 0x40      /* as WANT_FLOWS, but those of TCP do */
#define WANT_UDP 0x80      /* and those of UDP */

struct scan;
struct ahead;
struct glance;

/*
 * One question asked of a capture.  scan_run() drives any number of them in a
 * single pass, zeroes `size` bytes of state for each in the scan's arena and
 * frees all at once.  Methods may be NULL.  Without any WANT_* nothing looks
 * into the records: `packet` then finds record and bytes only.  IP datagrams
 * are put together whenever packets are walked, so that a packet is the same
 * whoever asks.  Stream events are not subject to the filter.
 */
struct analyzer {
	const char *name;
	unsigned wants;
	size_t size;
	/* `options` is the analyser's own struct; false: no memory. */
	bool (*begin)(void *state, struct scan *scan, const void *options);
	/* By scan_free(): what is not of the scan's arena.  NULL: nothing. */
	void (*release)(void *state);
	void (*packet)(void *state, const struct packet *p);
	/* Of IP with TCP or UDP without messages of its own it asks in
	 * packet() for nothing but the record, layers, and protocol and ports
	 * of the only transport: without a filter nothing else is set there,
	 * unless few hops are left (net/plain.h).  Of a datagram with messages
	 * it may ask for ends and payload, too, there and in message(). */
	bool glances;
	/* It only hears packets, and wants them decoded as long as scan->early
	 * lasts; of others it does not ask. */
	bool early;
	/* Of those it hears in packet() only when one of the ports is among
	 * these, which 0 ends, and nothing of echoes and ARP; of the others it
	 * is told before finish() how many they were.  NULL: of all of them.
	 * None: of none of them, but of all echoes and ARP. */
	const uint16_t *ports;
	void (*unheard)(void *state, uint64_t packets);
	/* Of those it glances at it needs from now on no more than how many
	 * they are, as unheard() is told.  NULL: it never has enough. */
	bool (*enough)(const void *state);
	/* Without a filter in place of packet() for most of the packets that
	 * have a flow, of one transport; with WANT_TCP alone many that have
	 * none are not told of at all.  Where it is set
	 * packet() may find no more than net/flow_plain.h says, too.  The
	 * flow may have had the next packets before this is called, which is
	 * for several at once: a bit each, and which of them are of UDP, not
	 * TCP. */
	void (*known)(void *state, const struct record *records,
	    struct flow *const *flows, uint32_t which, uint32_t udp);
	/* In place of both for plain packets that were not walked; NULL flow:
	 * the table is full.  Of those with messages, which may have been
	 * told of before, `said` has the first one's protocol: 1 + its number
	 * in protos[]. */
	void (*plain)(void *state, const struct record *records,
	    const struct glance *glances, struct flow *const *flows,
	    uint32_t which, const uint8_t *said);
	/* For messages of these protocols only ("dns mdns llmnr"); NULL proto:
	 * all. */
	const char *proto;
	void (*message)(void *state, const struct packet *p,
	    const struct message *m);
	/* Whose streams it wants, always the same; NULL: of all flows. */
	bool (*follows)(const void *state, const struct flow *f);
	void (*stream)(void *state, const struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, struct span bytes,
	    uint64_t from);
	void (*gap)(void *state, const struct packet *p, struct flow *f,
	    unsigned direction, uint64_t offset, uint64_t missing);
	void (*finish)(void *state, struct scan *scan);
	/* Of packets that it glances at it keeps nothing but counts, in the
	 * state itself: adds those of a copy of what begin() made, which heard
	 * only such packets.  NULL: it keeps more, or hears none.  See
	 * ahead.h. */
	void (*append)(void *state, const void *counts);
};

struct scan_request {
	const struct analyzer *analyzer;
	const void *options;
	void *state;       /* set by scan_run(): for the report */
	/* With WANT_FIELDS: these rows, or all; only for frames first..last
	 * (0, 0: every frame). */
	const struct field_wants *fields;
	bool all_fields;
	uint64_t first_frame, last_frame;
};

/*
 * One pass over one capture.  The public members may be read by analysers
 * at any time and by reports after scan_run().
 */
struct scan {
	struct capture *capture;
	const struct filter *filter; /* NULL: every packet */
	/* In place of a filter: the frames that pass, ascending; or NULL. */
	const uint64_t *only;
	size_t n_only;
	/* 65536 bits; one for the sum of the ports of each transport of these
	 * frames, so that no other flow needs to be tracked.  NULL: all. */
	const uint64_t *only_ports;
	/* Under a filter that is about headers alone: so many packets may be
	 * tracked for an analyser that is `early`, and more as more are read.
	 * 0: none, or no more. */
	uint64_t early;
	uint64_t stop_after;   /* stop when so many frames were read; 0 all */
	/* Called now and then; false cancels. */
	bool (*progress)(void *context, uint64_t done, uint64_t total);
	void *progress_context;

	struct arena arena;    /* lives until scan_free() */
	struct scan_state *states; /* of analysers, the last one first */
	struct capture_quality quality; /* of all packets read */
	uint64_t packets;      /* read */
	uint64_t matched;      /* passed the filter */
	uint64_t undecoded;    /* packets whose link type we do not know */
	uint32_t undecoded_link; /* the first such link type */
	uint64_t malformed;
	uint64_t duplicates;   /* set by an analyser that looked for them */
	uint64_t layer_packets[LAYER_COUNT]; /* packets that have the layer */
	uint64_t layer_bytes[LAYER_COUNT];
	struct flows *flows;
	bool late_flows; /* not all, nor from their first packet on */
	/* Of another reading for the same answer, which the quality is also
	 * of: see scan_join(). */
	struct scan_caps {
		uint64_t flows, untracked, unacked;
	} caps;
	struct defrag *defrag;
	struct dispatch *dispatch;
	uint64_t proto_messages[64]; /* by index in protos[] */
	struct ahead *ahead;   /* NULL: one thread; see ahead.h */
	bool reads_ahead;      /* this is the assistant */
	uint64_t not_analyzed; /* found, but beyond --max-packets */
	bool cancelled, no_memory, stop;  /* stop: an analyser has enough */
	/* Not 0, set by begin() and then by who hears: it may set `stop`, but not
	 * before it has heard so many packets more.  No more are read. */
	uint64_t may_stop;
};

/* The capture stays the caller's. */
void scan_init(struct scan *s, struct capture *capture);
/* False: cancelled, or no memory to begin with; `no_memory` may also be set
 * after true: the answer then is about a part. */
bool scan_run(struct scan *s, struct scan_request *requests, size_t n);
void scan_free(struct scan *s);

/* What limited `other` limits the answer that `s` reports. */
void scan_join(struct scan *s, const struct scan *other);
/* The "quality" member every answer has: a list of {what, count, ...}. */
void scan_quality_report(const struct scan *s, struct json *j);

#endif
