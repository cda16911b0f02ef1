#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include "base/arena.h"
#include "capture/capture.h"
#include "capture/input.h"

/*
 * What the formats share: the open capture, the table of formats, and what
 * is kept of what a file says about itself.
 *
 * A format's read function takes whole records from the bytes that are in
 * the buffer and does no input.  When there is none, it says in `want` how
 * many bytes it needs, and is called again with them.
 */
#define READER_COMMENTS 100
#define READER_NAMES 10000
#define READER_INTERFACES 65536
/* Larger packets are damage, as in Wireshark. */
#define READER_PACKET_MAX ((uint32_t)256 << 10)

struct capture;

struct magic {
	uint8_t bytes[4];
	bool big;
	const char *variant;
	enum capture_format format;
	uint16_t shape; /* of the format's own */
	enum capture_error (*open)(struct capture *c);
	size_t (*read)(struct capture *c, struct record *records, size_t max);
};

/* What the magic of a pcap file tells of its shape. */
#define PCAP_STANDARD 0
#define PCAP_NANOSECOND 1
#define PCAP_MODIFIED 2
#define PCAP_IXIA 4

/* A pcap file: how its records look. */
struct pcap {
	uint32_t header; /* bytes of a record header */
	uint32_t unit;   /* nanoseconds of a fraction */
	uint32_t second; /* fractions of a second */
	uint32_t max;    /* captured bytes */
	uint8_t digits;
	uint8_t lengths; /* the order of the lengths */
	uint8_t fcs_len;
	uint16_t link;
	uint32_t near; /* seconds of the first record */
	uint64_t link_word, time_word; /* what records have in common */
};

/* A pcapng file: the current section. */
struct pcapng {
	bool big;
	uint32_t first; /* number of the section's first interface */
	/* A block that nobody wants: bytes to go to its last length, and what
	 * that has to be. */
	size_t skip, skipped;
};

/* An interface, and what its packets are read with. */
struct reader_interface {
	struct capture_interface shown;
	uint32_t number;
	uint32_t max;   /* captured bytes */
	uint64_t units; /* of time in a second; 0: too many to count */
};

struct capture {
	struct input in;
	const struct magic *magic;
	bool big; /* byte order of the first section */
	enum capture_error status;
	uint64_t frames; /* the last record's number */
	size_t want;
	uint64_t stop_at; /* 0: the end; see capture_part() */
	bool inside; /* what was taken ends inside a block */
	bool ended;
	struct capture_facts facts;
	struct capture_quality *watched, unwatched;
	unsigned ordinary; /* calls until another run may begin */
	union {
		struct pcap pcap;
		struct pcapng pcapng;
	} format;
	struct arena strings;
	struct arena interface_memory;
	struct reader_interface **interfaces;
	size_t n_interfaces, size_interfaces;
	struct span comments[READER_COMMENTS];
	size_t n_comments;
	struct capture_name *names;
	size_t n_names, size_names;
};

/* Ends the capture; what was read before stays good. */
void reader_fail(struct capture *c, enum capture_error error);
/* A new interface, zeroed; NULL (and failed) at the limit. */
struct reader_interface *reader_add_interface(struct capture *c);
void reader_add_comment(struct capture *c, struct span text);
void reader_add_name(
    struct capture *c, uint8_t kind, struct span address, struct span name);
/* A copy that lives as long as the capture; empty when memory is used up. */
struct span reader_keep(struct capture *c, struct span text);

static inline struct capture_quality *
reader_quality(struct capture *c)
{
	return c->watched != NULL ? c->watched : &c->unwatched;
}

enum capture_error pcap_open(struct capture *c);
size_t pcap_read(struct capture *c, struct record *records, size_t max);
/* Of a run: the record whose header stands there in the buffer; and a time of
 * seconds and fraction. */
void pcap_record(const struct capture *c, const uint8_t *header,
    uint64_t number, struct record *r);
struct timestamp pcap_time(const struct capture *c, uint64_t time);
enum capture_error pcapng_open(struct capture *c);
size_t pcapng_read(struct capture *c, struct record *records, size_t max);

/* Numbers of a header; 0 beyond its end. */
static inline uint16_t
field_u16(struct span s, size_t at, bool big)
{
	if (at + 2 > s.n)
		return 0;
	if (big)
		return (uint16_t)(s.p[at] << 8 | s.p[at + 1]);
	return (uint16_t)(s.p[at + 1] << 8 | s.p[at]);
}

static inline uint32_t
field_u32(struct span s, size_t at, bool big)
{
	const uint8_t *p = s.p + at;

	if (at + 4 > s.n)
		return 0;
	if (big)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[1] << 8 | p[0];
}

static inline uint64_t
field_u64(struct span s, size_t at, bool big)
{
	uint64_t first = field_u32(s, at, big);
	uint64_t second = field_u32(s, at + 4, big);

	return big ? first << 32 | second : second << 32 | first;
}

/* As Wireshark reads a link type of a file: old and foreign DLT_ values
 * become the LINKTYPE_ value of the same meaning. */
uint16_t link_normal(uint16_t link);
/* The largest packet that Wireshark takes of a link type. */
uint32_t link_packet_max(uint16_t link);

#endif
