#ifndef ANALYSIS_SUMMARY_HOSTS_H
#define ANALYSIS_SUMMARY_HOSTS_H

#include "base/fold.h"
#include "net/packet.h"

/*
 * The hosts of a capture in the order of their first packet, and what each
 * sent and received.  They are looked up a few packets at a time, so that
 * their memory is on its way.
 */
#define SUMMARY_HOSTS_MAX 100000
#define SUMMARY_HOSTS_PART 1024
#define SUMMARY_HOSTS_PARTS (SUMMARY_HOSTS_MAX / SUMMARY_HOSTS_PART + 1)
#define SUMMARY_HOST_LINE 64
#define SUMMARY_HOSTS_LATER 16 /* a power of two */

struct summary_host { /* a cache line */
	struct addr addr;
	uint64_t packets, bytes_out, bytes_in;
	uint64_t first_frame, last_frame;
};

struct summary_hosts {
	size_t n, n_slots;
	uint32_t *slots;  /* bits of the hash above a number plus one */
	struct fold_key key;
	uint64_t refused; /* ends of packets, of hosts beyond the cap */
	/* A host is a line of the cache each: where they begin, in what was
	 * allocated. */
	struct summary_host *parts[SUMMARY_HOSTS_PARTS];
	void *allocated[SUMMARY_HOSTS_PARTS];
	size_t n_later, n_counted; /* of packets, ever */
	struct summary_ends { /* of a packet */
		struct addr addr[2]; /* source and destination */
		uint64_t hash[2];
		uint64_t frame;
		uint32_t len;
		struct summary_host *near[2]; /* most likely, or NULL */
	} later[SUMMARY_HOSTS_LATER];
};

/* From zeroes. */
void summary_hosts_init(struct summary_hosts *h);
void summary_hosts_free(struct summary_hosts *h);
/* Both hosts of an IP packet; what is told is complete after settle(). */
void summary_hosts_add(struct summary_hosts *h, const struct packet *p);
/* The same of addresses as they are in it, the source first. */
void summary_hosts_add_plain(struct summary_hosts *h, const struct record *r,
    const uint8_t *bytes, bool ipv6);
void summary_hosts_settle(struct summary_hosts *h);

static inline struct summary_host *
summary_host_at(const struct summary_hosts *h, size_t i)
{
	return &h->parts[i / SUMMARY_HOSTS_PART][i % SUMMARY_HOSTS_PART];
}

#endif
