#ifndef ANALYSIS_PACKET_DETAIL_H
#define ANALYSIS_PACKET_DETAIL_H

#include "analysis/analyzer.h"

/*
 * One frame in full: its layers as trees of fields, its stream, its bytes;
 * and the frames that name it or that it names.
 */
#define DETAIL_LAYERS 32
#define DETAIL_PARTNERS 16
/* Frames behind it that are searched for an answer to it. */
#define DETAIL_AHEAD 20000

struct packet_detail_options {
	uint64_t frame;
	const struct span *layers; /* names of protocols; n 0: all */
	size_t n_layers;
	bool hex;
	size_t max_bytes;          /* of "packet"; 0: no limit */
};

/* A frame that has to do with the one asked for. */
struct packet_partner {
	uint64_t frame;
	const char *what;          /* "dns.response_in": constant text */
	bool from_there;           /* says the other frame, not this one */
};

struct packet_detail {
	struct scan *scan;
	struct packet_detail_options o;
	bool found;
	struct buf text;     /* members of the answer */
	struct json json;
	size_t tree_bytes;   /* where the fields have to end */
	uint64_t left_out;   /* fields that did not fit */
	struct packet_partner partners[DETAIL_PARTNERS];
	size_t n_partners;
};

extern const struct analyzer analyzer_packet_detail;
/* Looks at the frames behind; its options are the struct scan_request of the
 * packet_detail, its fields detail_frame_rows(). */
extern const struct analyzer analyzer_packet_partners;
/* The rows that hold numbers of frames; NULL: no memory. */
struct field_wants *detail_frame_rows(void);

/* Members "packet" and "partners". */
void packet_detail_report(const struct packet_detail *d, struct json *j);
void packet_detail_free(struct packet_detail *d);

#endif
