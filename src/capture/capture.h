#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include "base/arena.h"
#include "base/number.h"

/*
 * A capture file, read once from front to back through one buffer: pcap and
 * pcapng, plain or gzip, from a descriptor that may be a pipe.  What the file
 * is is decided by its magic, never by its name.  Nothing here knows what is
 * inside a record.
 */
struct capture;

enum capture_format {
	CAPTURE_PCAP,
	CAPTURE_PCAPNG,
};

/* Why a capture could not be opened or ended early.  The texts do not echo
 * bytes of the file and say what to do. */
enum capture_error {
	CAPTURE_OK = 0,
	CAPTURE_NOT_A_CAPTURE, /* magic of neither format */
	CAPTURE_EMPTY,         /* no bytes at all */
	CAPTURE_TOO_SHORT,     /* ends inside the file header */
	CAPTURE_NOT_REGULAR,   /* folder, device, FIFO where a file must be */
	CAPTURE_READ_ERROR,    /* read(2) failed */
	CAPTURE_NO_MEMORY,
	CAPTURE_UNSUPPORTED, /* a capture, but of a version nobody wrote */
	/* These end a capture that was opened; what came before is good. */
	CAPTURE_CUT,          /* the file ends inside a record or block */
	CAPTURE_DAMAGED,      /* a length that cannot be */
	CAPTURE_GZIP_DAMAGED, /* deflate data or checksum wrong */
	CAPTURE_GZIP_LIMIT,   /* unpacked size or ratio over the limit */
	CAPTURE_TOO_LARGE,    /* over the limit of bytes read */
	CAPTURE_INTERFACES,   /* more of them than READER_INTERFACES */
};

const char *capture_error_text(enum capture_error error);

/* One packet record as it stands in the file. */
struct record {
	uint64_t number;     /* from 1, as Wireshark's frame.number */
	uint64_t offset;     /* of the record in the (unpacked) file */
	struct span bytes;   /* what was captured (caplen bytes) */
	uint32_t len;        /* length on the wire, as claimed */
	uint32_t interface;  /* number in capture_interface() */
	uint16_t link;       /* LINKTYPE_ value (tcpdump.org/linktypes) */
	uint8_t fcs_len;     /* bytes of FCS at the end of `bytes`, 0 unknown */
	uint8_t flags;       /* RECORD_* */
	uint32_t pack_flags; /* epb_flags, 0 when absent */
	struct timestamp time;
	struct span comment; /* first opt_comment, else empty */
};

#define RECORD_CUT 1        /* caplen < len: cut by the snapshot length */
#define RECORD_BAD_LENGTH 2 /* caplen > len, or over the snapshot length */
#define RECORD_HAS_FLAGS 4  /* pack_flags is there */

struct capture_interface {
	uint16_t link;
	uint8_t fcs_len;
	uint8_t time_digits; /* decimal digits of the time resolution */
	uint32_t snaplen;    /* 0: no limit */
	uint32_t section;
	uint32_t id;      /* number in its section, as frame.interface_id */
	uint8_t tsresol;  /* as in the option; 6 when absent */
	int64_t tsoffset; /* seconds */
	/* Options of the IDB, empty when absent. */
	struct span name, description, filter, os, hardware, comment;
	uint64_t packets, bytes;
	/* From the last ISB of the interface. */
	bool has_received, has_dropped;
	uint64_t received, dropped; /* isb_ifrecv; isb_ifdrop */
	struct timestamp first, last;
};

/* Where and with what limits to read.  Zero means the default. */
struct capture_limits {
	uint64_t max_bytes;    /* of the file itself */
	uint64_t max_unpacked; /* of a .gz, default 64 GiB */
	uint32_t max_ratio;    /* of a .gz, from 64 MiB on; default 250 */
};

/*
 * Takes the descriptor over (closed by capture_close, also on error).
 * `any_file` lets a pipe in (standard input); else only regular files.
 * NULL on error, and *error says why.
 */
struct capture *capture_open(int fd, bool any_file,
    const struct capture_limits *limits, enum capture_error *error);
void capture_close(struct capture *c);
/*
 * The same file from where it began; the descriptor passes to the new capture,
 * and `c` can only be asked for facts and closed.  NULL: a pipe, which is read
 * once (CAPTURE_NOT_REGULAR), or any error of capture_open().
 */
struct capture *capture_again(struct capture *c, enum capture_error *error);

/*
 * The next records, at most `max`, in file order; 0 at the end.  Bytes and
 * comments of all of them stay where they are until the next call.  A record
 * over 256 KiB is returned alone.
 */
size_t capture_read(struct capture *c, struct record *records, size_t max);

/* CAPTURE_OK while there is more and at a clean end. */
enum capture_error capture_status(const struct capture *c);

enum capture_format capture_format(const struct capture *c);
bool capture_is_gzip(const struct capture *c);

/* What the file says of itself; complete only when all was read. */
struct capture_facts {
	enum capture_format format;
	uint16_t major, minor;
	bool nanosecond;   /* pcap: magic of nanosecond files */
	bool swapped;      /* byte order is not this machine's */
	const char *order; /* "little-endian" or "big-endian" (first section) */
	/* "pcap", "nanosecond pcap", "modified pcap" or "pcapng" */
	const char *variant;
	uint32_t snaplen; /* of the pcap file header */
	uint32_t sections, interfaces;
	struct span hardware, os, application; /* of the first SHB */
	uint64_t file_bytes;     /* read from the descriptor so far */
	uint64_t unpacked_bytes; /* the same without gzip */
	uint64_t records;
	uint64_t comments; /* packet comments seen */
	uint64_t names;    /* name records in NRBs */
	uint64_t secrets, custom_blocks, unknown_blocks, simple_packets;
	uint64_t bad_records;          /* RECORD_BAD_LENGTH */
	uint64_t undeclared_interface; /* packets skipped: no such interface */
	uint64_t dropped, received;    /* summed over interfaces */
	bool has_dropped;
};

const struct capture_facts *capture_facts(const struct capture *c);
/* The number of the last record or numbered block so far. */
uint64_t capture_frames(const struct capture *c);
size_t capture_interfaces(const struct capture *c);
const struct capture_interface *capture_interface(
    const struct capture *c, size_t i);
/* Section comments and the like, at most 100 kept. */
size_t capture_comments(const struct capture *c);
struct span capture_comment(const struct capture *c, size_t i);

/* Names from Name Resolution Blocks: address to name, at most 10000 kept. */
struct capture_name {
	uint8_t kind; /* 4 or 6 */
	uint8_t bytes[16];
	struct span name;
};
size_t capture_names(const struct capture *c);
const struct capture_name *capture_name(const struct capture *c, size_t i);

/* Bytes of the file taken so far and its size (0 for a pipe): progress. */
uint64_t capture_position(const struct capture *c);
uint64_t capture_size(const struct capture *c);
/* Where what could not be read begins, in the unpacked file. */
uint64_t capture_offset(const struct capture *c);

/*
 * Quality of the records themselves: what limits every conclusion drawn from
 * the capture.
 */
struct capture_quality {
	uint64_t packets, bytes, captured_bytes;
	uint64_t cut; /* packets cut by the snapshot length */
	uint32_t inferred_snaplen_min, inferred_snaplen_max; /* of cut ones */
	uint64_t out_of_order;       /* earlier than the one before */
	uint64_t first_out_of_order; /* frame number */
	uint64_t clock_steps;        /* backwards by more than 1 s */
	uint64_t no_time;            /* records without a time */
	int64_t largest_step;        /* ns backwards */
	struct timestamp earliest, latest, first, last;
	uint64_t first_timed;        /* frame number of `first` */
	struct timestamp previous;
	uint32_t longest, shortest; /* len */
};

/* All that is read from now on counts there; NULL: nowhere. */
void capture_watch(struct capture *c, struct capture_quality *q);
/* Records in their order, under the snapshot length of their interface: marks
 * those of which it cut something, and those with a length that cannot be,
 * whose number it gives. */
size_t quality_add(struct capture_quality *q, struct record *records,
    size_t n, uint32_t snaplen);
/* What quality_add() marks. */
void quality_flags(struct record *r, uint32_t snaplen);
/* The records of a run (capture/run.h) that needs no other look: the last one's
 * time, and the bytes of all. */
struct capture_run;
void quality_add_run(struct capture_quality *q, const struct capture_run *run,
    const struct timestamp *last, uint64_t bytes);
/* Of records that come behind those of `q`: their numbers, and those in
 * `after`, begin anew. */
void quality_append(struct capture_quality *q,
    const struct capture_quality *after);

/* Name of a LINKTYPE_ value as Wireshark's capinfos prints it ("Ethernet");
 * NULL when unknown. */
const char *link_name(uint16_t link);

#endif
