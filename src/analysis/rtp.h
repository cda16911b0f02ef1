#ifndef ANALYSIS_RTP_H
#define ANALYSIS_RTP_H

#include "base/json.h"
#include "base/table.h"
#include "proto/rtp.h"
#include "proto/sdp.h"

/*
 * RTP streams seen where SDP announced them: packets, loss from sequence
 * numbers (RFC 3550, A.3), interarrival jitter (A.8; only with a known clock
 * rate, and of the first packet's payload type: a telephone-event keeps its
 * timestamp while it lasts), by source, destination and SSRC.
 */
struct rtp_stream {
	struct addr src, dst;
	uint16_t sport, dport;
	uint32_t ssrc;
	uint8_t payload_type;
	uint32_t clock_rate;    /* Hz; 0 unknown */
	uint64_t packets, bytes, first_frame, last_frame;
	uint64_t out_of_order, duplicates, resets;
	uint64_t expected_before;  /* of runs before a reset */
	uint64_t highest, lowest;  /* extended sequence numbers */
	uint64_t seen[4];          /* bits: the last 256 numbers */
	double jitter;             /* in units of the clock */
	double jitter_max;
	int64_t largest_gap;       /* ns between packets */
	struct timestamp first, last;
	struct timestamp clocked;  /* arrival of the last one in jitter */
	uint32_t clocked_timestamp;
	struct span call_id;       /* that began last before it, see rtp.c */
};

/* The rate of one payload type, which rtpmap said. */
struct rtp_clock {
	struct rtp_clock *next;
	uint32_t rate;
	uint8_t payload_type;
};

/* Where SDP said that media would be received. */
struct rtp_announced {
	struct rtp_clock *clocks;
	struct span kind, encoding;
	struct span call_id;    /* of the first */
	uint64_t packets;       /* seen to it, or from it */
	uint64_t first_frame;   /* of the first SDP that said so */
	struct span last_call;  /* whose SDP said so last */
	bool shared;            /* not only that one's */
};

struct rtp_streams {
	struct arena texts;
	struct table calls;     /* Call-IDs */
	struct table streams;
	struct table announced; /* address and port to struct rtp_announced */
};

void rtp_streams_init(struct rtp_streams *s);
void rtp_streams_free(struct rtp_streams *s);
void rtp_streams_announce(struct rtp_streams *s, const struct sdp *sdp,
    struct span call_id, uint64_t frame);
void rtp_streams_add(struct rtp_streams *s, const struct packet *p,
    const struct transport *t, const struct rtp_packet *r);
/* Members "rtp_announced", "rtp_streams_total" and "rtp_streams". */
void rtp_streams_report(const struct rtp_streams *s, struct json *j,
    size_t max_bytes);

#endif
