#ifndef ANALYSIS_PASS_H
#define ANALYSIS_PASS_H

#include "analysis/analyzer.h"
#include "net/flow_plain.h"
#include "net/frame.h"
#include "net/walk.h"

/*
 * One pass under way: what scan.c sets up and pass.c drives.  The contract
 * for everybody else is in analyzer.h.
 *
 * Records come in batches.  Where nobody wants fields of the walk itself, a
 * whole batch is walked before the flow table sees its first packet, so that
 * the flows' memory is on its way; else each packet goes all the way before
 * the next one.  Under a filter on what the walk finds a quick look at the
 * walked packet decides which way each goes.
 */
#define PASS_BATCH 32
/* Where all flows are wanted so many at once: the memory of one is on its way
 * while others are looked at. */
#define PASS_LOTS 2
#define PASS_ARENA ((size_t)4 << 10) /* of packets one by one: kept warm */
#define PASS_MASKS 64 /* a power of two */
/* Two counts of each kind of plain packets, in turns: a sum would wait for the
 * one before to be written.  Packets and bytes in one word, for as many packets
 * as the upper part can count: the lower then has room for their bytes. */
#define PASS_TURNS 2
#define PASS_PACKET ((uint64_t)1 << 48)
#define PASS_COUNTED ((size_t)UINT16_MAX)

/* Packets whose layers are the same are counted together. */
struct mask_count {
	uint64_t mask, packets, bytes;
};

/* Frames of which somebody wants fields. */
struct frames {
	bool any;
	uint64_t first, last;
};

static inline bool
frames_have(const struct frames *frames, uint64_t first, uint64_t last)
{
	return frames->any && last >= frames->first && first <= frames->last;
}

struct pass {
	struct scan *scan;
	struct scan_request *requests;
	uint64_t *heard;             /* for each request: bits by protos[] */
	uint64_t decoded;            /* what somebody wants of it */
	size_t n;
	unsigned wants;
	bool hears_packets;
	/* The requests that hear packets. */
	struct pass_hearer {
		void (*packet)(void *state, const struct packet *p);
		void *state;
	} *hearers;
	size_t n_hearers;
	/* And those that hear messages, of which: bits by protos[]. */
	struct pass_listener {
		void (*message)(void *state, const struct packet *p,
		    const struct message *m);
		void *state;
		uint64_t heard;
	} *listeners;
	size_t n_listeners;
	bool all_glance;             /* see analyzer.h: all of them do */
	bool glances;                /* and nothing else forbids it */
	bool hears_all;              /* one of them, whatever the ports */
	bool hears_others;           /* one of them nothing that has ports */
	bool hears_ports;            /* one of them, by these: */
	uint64_t heard_ports[1024];  /* a bit a port */
	uint64_t unheard;            /* packets that were glanced at */
	/* Glances with nobody near them; `far` of the batch, as it was read. */
	struct glance_near near;
	uint64_t near_changes;       /* pass_changes() then, plus one */
	uint32_t far;
	unsigned crowded;            /* batches that are no run */
	struct buf *copies;          /* of what is to be walked by another */
	/* Datagrams that somebody may read, of which all is known. */
	uint32_t said;
	struct glance_asks asks;     /* where all flows are wanted */
	/* A bit for the sum of the ports of each flow that is followed. */
	uint64_t followed[1024];
	uint64_t follows;            /* how often that grew */
	uint64_t counts[PASS_TURNS * PLAIN_KINDS];
	size_t counted;              /* at most, in these */
	struct glance_count {
		uint64_t packets, bytes;
	} kinds[PLAIN_KINDS];        /* and before */
	bool tracks;                 /* every flow, not only those that
	                              * messages need */
	uint8_t only_flows;          /* every one of TCP or of UDP, as IP
	                              * numbers them, and no other; 0 */
	bool flows;                  /* and of packets not more, if known */
	bool judges;                 /* and that is all the filter asks for */
	bool judges_numbers;         /* numbers of flows among it */
	struct field_wants *rows;    /* of all who want some */
	bool track_rows;             /* some the flow tracker hands out */
	bool walk_rows;              /* some of them the walk hands out */
	bool message_rows;           /* and some the messages */
	bool pairs_dns;              /* some of them tell of a DNS partner */
	struct frames some, all;
	unsigned deaf;               /* see net/walk.h, for `rows` */
	struct field_list fields;
	struct frame_facts frame;
	size_t at_only;              /* in scan->only: the next to pass */
	unsigned direct;             /* batches to come without a quick look */
	unsigned unsure;             /* packets of a batch after one */
	bool sees_payload;           /* the walk met one */
	bool skims;                  /* see scan->only_ports */
	bool early;                  /* see scan->early */
	bool asks_frames;            /* the filter does, of frame facts */
	bool numbers;                /* somebody wants numbers of flows */
	struct arena arena;          /* of a batch */
	/* Of a batch: a bit for each packet whose first transport has one,
	 * then struct payload for all others. */
	uint32_t with_payload;
	struct buf payloads;
	struct mask_count masks[PASS_MASKS];
	uint64_t progress_at, looked_at;
	int64_t progress_time;
	/* Of the batch that is at hand: its part of those below. */
	struct record *records;
	struct glance *seen;
	struct packet packets[PASS_BATCH];
	struct record read[PASS_LOTS * PASS_BATCH];
	struct glance glanced[PASS_LOTS * PASS_BATCH];
	struct flow_numbers numbers_of; /* the packet at hand */
	struct pass_lot {
		struct flow_lot flows;
		size_t n, at;
		uint64_t before;  /* packets */
		uint64_t changes; /* pass_changes() when `still` was found */
		/* Bits.  Without a flow, and nobody asks; not walked; of
		 * these, those whose payload nobody reads; those whose flow
		 * is there; in their flows or without one, but not heard
		 * of yet; and these when they were. */
		uint32_t others, quiet, still, known, passed, heard;
		uint8_t said[PASS_BATCH]; /* as analyzer.h has it */
	} lots[PASS_LOTS];
};

/* Reads to the end, or until there is a reason to stop. */
void pass_read(struct pass *ps);
/* pass_glance.c.  A batch of which most packets are glanced at. */
void pass_glance(struct pass *ps, size_t n);
/* As far as the buffer goes, record by record where they stand; the next one is
 * for capture_read().  So many had to be counted and no more.  False: nothing
 * of it can be read so. */
bool pass_run(struct pass *ps, size_t *passed);
/* ahead.c: one of the batch to ps->copies. */
void pass_copy(struct pass *ps, size_t i);
/* Those of the batch, from one on, of which nobody asks more than a glance
 * gives, a bit each; and one of them, counted and heard. */
uint32_t pass_glances(struct pass *ps, size_t from, size_t n);
void pass_heard(struct pass *ps, size_t at);
/* One of the others, all the way. */
void pass_read_one(struct pass *ps, size_t i);
/* Those of one to another that were glanced at, counted. */
void pass_count_run(struct pass *ps, size_t from, size_t to);
/* Of a batch, a bit each: those of which somebody hears more than their
 * number.  From one on those before the next such one are counted, which is
 * the result. */
uint32_t pass_wanted(const struct pass *ps, uint32_t plain);
size_t pass_unheard(struct pass *ps, size_t at, size_t n, uint32_t wanted);
/* Before a batch: those who had enough of all of them hear no more. */
void pass_hear_less(struct pass *ps);
static inline void
pass_count_plain(struct pass *ps, size_t i)
{
	ps->counts[ps->seen[i].kind + i % PASS_TURNS * PLAIN_KINDS] +=
	    PASS_PACKET + ps->records[i].len;
}

/* Whether somebody hears what was glanced at; only those who hear all hear
 * what is far. */
static inline bool
pass_hears(const struct pass *ps, size_t i)
{
	const struct glance *g = &ps->seen[i];

	if (ps->hears_all || !ps->hears_ports || (ps->far >> i & 1) != 0)
		return ps->hears_all;
	return ports_have(ps->heard_ports, g->sport, g->dport);
}

static inline void
pass_glanced(struct pass *ps, size_t i)
{
	pass_count_plain(ps, i);
	if (pass_hears(ps, i))
		pass_heard(ps, i);
	else
		ps->unheard++;
}
/* Another number when pass_glances() may have another answer. */
uint64_t pass_changes(const struct pass *ps);

/* Where flows begin late: a segment of one that began belongs to it. */
void pass_follow(struct pass *ps, const struct transport *t);
/* pass_payloads.c: what the walk of a batch met, for the dispatch after it.
 * `at` is where those of packet `i` start that are not by with_payload; the
 * result is where the next one's do. */
#define PASS_SCTP 132 /* of which a packet may have several */
void pass_payload_note(void *context, struct packet *p, struct transport *t);
size_t pass_payloads_dispatch(struct pass *ps, size_t i, size_t at);
size_t pass_payloads_skip(const struct pass *ps, size_t i, size_t at);
/* One packet all the way, and parts of it; what filter_quick() said is the
 * answer. */
void pass_packet(struct pass *ps, struct packet *p, const struct record *r,
    enum filter_answer answer, struct defrag *defrag);
static inline void
pass_prepare(struct pass *ps, struct packet *p)
{
	p->messages = NULL;
	p->last_message = NULL;
	p->arena = &ps->arena;
	p->fields = NULL;
}

void pass_hear(struct pass *ps, const struct packet *p,
    enum filter_answer answer);
/* After the packets of a batch, or after one. */
void pass_passed(struct pass *ps, const struct record *r);
/* In place of a filter: scan->only. */
enum filter_answer pass_only(struct pass *ps, const struct record *r);
/* A batch's packets of `which`, a bit each, for the flows, messages and
 * analysers after it, one by one; `at` as of pass_payloads_dispatch(). */
void pass_walk(struct pass *ps, size_t n, uint32_t which);
size_t pass_walked(struct pass *ps, size_t i, size_t at);
/* The messages that were decoded of a packet. */
void pass_hear_messages(struct pass *ps, const struct packet *p);
/* pass_flows.c: batches when all flows are wanted. */
void pass_flows(struct pass *ps, size_t n);
/* pass_sieve.c: a batch under a filter; and one of which only some frames are
 * wanted. */
void pass_sieve(struct pass *ps, size_t n);
/* No analyser is early any more: of what passes nobody asks but how many. */
void pass_early_end(struct pass *ps);
void pass_skim(struct pass *ps, size_t n);
/* pass_count.c: what is counted of every packet that was walked. */
void pass_count(struct pass *ps, const struct packet *p);
/* Its messages, and whether it is malformed. */
void pass_count_messages(struct pass *ps, const struct packet *p);
/* Number in protos[]. */
static inline size_t
pass_proto(const struct proto *proto)
{
	size_t i = 0;

	while (i < proto_count && protos[i] != proto)
		i++;
	return i;
}
/* Makes room to count a batch; all that was counted is then in `kinds`, as it
 * is after pass_counts_take(). */
void pass_counts_take(struct pass *ps);
static inline void
pass_counts_room(struct pass *ps, size_t n)
{
	if (ps->counted + n > PASS_COUNTED)
		pass_counts_take(ps);
	ps->counted += n;
}
/* Sums up the counts of the scan. */
void pass_counts(struct pass *ps);
/* Tells the progress when it is time; false: cancelled. */
bool pass_progress(struct pass *ps, uint64_t at, bool at_end);

#endif
