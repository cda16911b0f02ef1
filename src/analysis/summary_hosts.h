#ifndef ANALYSIS_SUMMARY_HOSTS_H
#define ANALYSIS_SUMMARY_HOSTS_H

#include "base/fold.h"
#include "net/plain.h"

/*
 * The hosts of a capture in the order of their first packet, and what each
 * sent and received.  They are looked up a few packets at a time, so that
 * their memory is on its way.
 */
#define SUMMARY_HOSTS_MAX 100000
#define SUMMARY_HOSTS_LATER 32

struct summary_host { /* a line of the cache */
	struct addr addr;
	uint64_t packets, bytes[2]; /* out and in */
	uint64_t first_frame, last_frame;
};

struct summary_hosts {
	size_t n, n_slots;
	size_t max;       /* SUMMARY_HOSTS_MAX; less where memory is short */
	uint32_t *slots;  /* bits of the hash above a number plus one */
	struct fold_key key;
	uint64_t refused; /* ends of packets, of hosts beyond the cap */
	/* Behind one that is nobody; memory comes as it is used. */
	struct summary_host *hosts;
	size_t n_later;
	struct summary_later { /* packets */
		uint64_t frame;
		uint32_t len;
	} later[SUMMARY_HOSTS_LATER];
	struct summary_end { /* the source and the destination of each */
		uint64_t words[2], hash;
		uint8_t kind;
	} ends[2 * SUMMARY_HOSTS_LATER];
};

/* From zeroes. */
void summary_hosts_init(struct summary_hosts *h);
void summary_hosts_free(struct summary_hosts *h);
/* Both hosts of an IP packet; what is told is complete after settle(). */
void summary_hosts_add(struct summary_hosts *h, const struct packet *p);
/* The same of plain ones, a bit each. */
void summary_hosts_add_plain(struct summary_hosts *h,
    const struct record *records, const struct glance *glances,
    uint32_t which);
void summary_hosts_settle(struct summary_hosts *h);

static inline struct summary_host *
summary_host_at(const struct summary_hosts *h, size_t i)
{
	return &h->hosts[i + 1];
}

#endif
