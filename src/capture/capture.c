#include "capture/capture.h"

#include <stdlib.h>
#include <unistd.h>

#include "capture/reader.h"
#include "capture/run.h"
#include "capture/seam.h"

#define STRINGS_MAX ((size_t)16 << 20)
#define INTERFACES_MAX ((size_t)64 << 20)

static const struct magic magics[] = {
	{ { 0xd4, 0xc3, 0xb2, 0xa1 }, false, "pcap", CAPTURE_PCAP,
	    PCAP_STANDARD, pcap_open, pcap_read },
	{ { 0xa1, 0xb2, 0xc3, 0xd4 }, true, "pcap", CAPTURE_PCAP, PCAP_STANDARD,
	    pcap_open, pcap_read },
	{ { 0x4d, 0x3c, 0xb2, 0xa1 }, false, "nanosecond pcap", CAPTURE_PCAP,
	    PCAP_NANOSECOND, pcap_open, pcap_read },
	{ { 0xa1, 0xb2, 0x3c, 0x4d }, true, "nanosecond pcap", CAPTURE_PCAP,
	    PCAP_NANOSECOND, pcap_open, pcap_read },
	{ { 0x34, 0xcd, 0xb2, 0xa1 }, false, "modified pcap", CAPTURE_PCAP,
	    PCAP_MODIFIED, pcap_open, pcap_read },
	{ { 0xa1, 0xb2, 0xcd, 0x34 }, true, "modified pcap", CAPTURE_PCAP,
	    PCAP_MODIFIED, pcap_open, pcap_read },
	/* Ixia's "lcap": four bytes more in the file header. */
	{ { 0xac, 0x01, 0x00, 0x1c }, false, "nanosecond pcap", CAPTURE_PCAP,
	    PCAP_NANOSECOND | PCAP_IXIA, pcap_open, pcap_read },
	{ { 0x1c, 0x00, 0x01, 0xac }, true, "nanosecond pcap", CAPTURE_PCAP,
	    PCAP_NANOSECOND | PCAP_IXIA, pcap_open, pcap_read },
	{ { 0xab, 0x01, 0x00, 0x1c }, false, "pcap", CAPTURE_PCAP, PCAP_IXIA,
	    pcap_open, pcap_read },
	{ { 0x1c, 0x00, 0x01, 0xab }, true, "pcap", CAPTURE_PCAP, PCAP_IXIA,
	    pcap_open, pcap_read },
	{ { 0x0a, 0x0d, 0x0d, 0x0a }, false, "pcapng", CAPTURE_PCAPNG, 0,
	    pcapng_open, pcapng_read },
};

const char *
capture_error_text(enum capture_error error)
{
	switch (error) {
	case CAPTURE_OK:
		return "no error";
	case CAPTURE_NOT_A_CAPTURE:
		return "not a pcap or pcapng capture (nor one in gzip); "
		       "convert other formats with: editcap IN OUT.pcapng";
	case CAPTURE_EMPTY:
		return "the file is empty; capture again or check the path";
	case CAPTURE_TOO_SHORT:
		return "the file ends inside its header; copy it again, whole";
	case CAPTURE_NOT_REGULAR:
		return "not a regular file; give the path of a capture file";
	case CAPTURE_READ_ERROR:
		return "reading failed; check the disk and the permissions";
	case CAPTURE_NO_MEMORY:
		return "not enough memory (--max-memory); raise the limit or "
		       "split the file with: editcap -c 100000 IN OUT";
	case CAPTURE_UNSUPPORTED:
		return "a capture of an unknown version; convert it with: "
		       "editcap IN OUT.pcapng";
	case CAPTURE_CUT:
		return "the file ends inside a packet: it was cut short; what "
		       "came before was read";
	case CAPTURE_DAMAGED:
		return "the file is damaged: a length in it cannot be; what "
		       "came before was read";
	case CAPTURE_GZIP_DAMAGED:
		return "the gzip data is damaged; what came before was read";
	case CAPTURE_GZIP_LIMIT:
		return "the gzip data unpacks to far more than captures do; "
		       "what came before was read; unpack it first";
	case CAPTURE_TOO_LARGE:
		return "the file is over the limit; what came before was "
		       "read; raise the limit or split the file";
	case CAPTURE_INTERFACES:
		return "the file declares more than 65536 interfaces; what "
		       "came before was read; split the file with: editcap "
		       "-c 100000 IN OUT";
	}
	return "unknown error";
}

static const struct magic *
magic_find(struct span start)
{
	for (size_t i = 0; i < LENGTH(magics); i++)
		if (memcmp(start.p, magics[i].bytes, 4) == 0)
			return &magics[i];
	return NULL;
}

static bool
host_is_big(void)
{
	static const uint16_t one = 1;

	return *(const uint8_t *)&one == 0;
}

/* From the open input to the first record. */
static enum capture_error
start(struct capture *c)
{
	enum capture_error error;

	if (!input_need(&c->in, 4)) {
		if (c->in.error != CAPTURE_OK)
			return c->in.error;
		return CAPTURE_TOO_SHORT;
	}
	c->magic = magic_find(input_bytes(&c->in));
	if (c->magic == NULL)
		return CAPTURE_NOT_A_CAPTURE;
	c->facts.format = c->magic->format;
	c->facts.variant = c->magic->variant;
	c->big = c->magic->big;
	error = c->magic->open(c);
	c->facts.swapped = c->big != host_is_big();
	return error;
}

__attribute__((cold)) struct capture *
capture_open(int fd, bool any_file, const struct capture_limits *limits,
    enum capture_error *error)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		struct input in = { .fd = fd };

		input_close(&in);
		*error = CAPTURE_NO_MEMORY;
		return NULL;
	}
	c->facts.hardware = c->facts.os = c->facts.application = span_empty();
	arena_init(&c->strings, STRINGS_MAX);
	arena_init(&c->interface_memory, INTERFACES_MAX);
	*error = input_open(&c->in, fd, any_file, limits);
	if (*error == CAPTURE_OK)
		*error = start(c);
	if (*error != CAPTURE_OK) {
		capture_close(c);
		return NULL;
	}
	return c;
}

struct capture *
capture_again(struct capture *c, enum capture_error *error)
{
	struct capture_limits limits = c->in.limits;
	off_t start = (off_t)c->in.start;
	int fd = c->in.fd;

	if (fd < 0 || lseek(fd, start, SEEK_SET) != start) {
		*error = CAPTURE_NOT_REGULAR;
		return NULL;
	}
	c->in.fd = -1;
	return capture_open(fd, false, &limits, error);
}

void
capture_close(struct capture *c)
{
	if (c == NULL)
		return;
	input_close(&c->in);
	arena_free(&c->strings);
	arena_free(&c->interface_memory);
	free(c->interfaces);
	free(c->names);
	free(c);
}

static uint32_t
snaplen_of(const struct capture_interface *f)
{
	return f->snaplen != 0 ? f->snaplen : UINT32_MAX;
}

/* What holds for the records of every format; those here are of one
 * interface. */
static void
account_interface(struct capture *c, struct record *records, size_t n)
{
	struct capture_interface *f =
	    &c->interfaces[records[0].interface]->shown;
	struct capture_quality *q = reader_quality(c);
	uint64_t bytes = q->bytes;

	c->facts.bad_records += quality_add(q, records, n, snaplen_of(f));
	if (f->packets == 0)
		f->first = records[0].time;
	f->last = records[n - 1].time;
	f->packets += n;
	f->bytes += q->bytes - bytes;
}

static void
account(struct capture *c, struct record *records, size_t n)
{
	size_t from = 0, to;

	for (; from < n; from = to) {
		to = c->n_interfaces == 1 ? n : from + 1;
		while (to < n &&
		    records[to].interface == records[from].interface)
			to++;
		account_interface(c, records + from, to - from);
	}
}

/* The input has no whole record more: why? */
static enum capture_error
end_status(const struct capture *c)
{
	if (c->in.error != CAPTURE_OK)
		return c->in.error;
	if (input_bytes(&c->in).n > 0 || c->inside)
		return CAPTURE_CUT;
	return CAPTURE_OK;
}

size_t
capture_read(struct capture *c, struct record *records, size_t max)
{
	size_t n = 0;

	while (n == 0 && max > 0 && c->status == CAPTURE_OK && !c->ended) {
		n = c->magic->read(c, records, max);
		if (n > 0 || c->status != CAPTURE_OK || capture_stopped(c))
			break;
		if (!input_need(&c->in, c->want)) {
			c->ended = true;
			reader_fail(c, end_status(c));
		}
	}
	account(c, records, n);
	c->facts.records += n;
	c->facts.file_bytes = c->in.taken;
	c->facts.unpacked_bytes = c->in.base + c->in.n;
	return n;
}

/* ---- Runs -------------------------------------------------------------- */

#define ORDINARY 256 /* batches, where a run had to be looked at again */
#define AGAIN 32     /* records of it at once */

void
capture_run_record(const struct capture *c, const uint8_t *at,
    uint64_t number, struct record *r)
{
	pcap_record(c, at - CAPTURE_RUN_HEADER, c->frames + number, r);
	quality_flags(r, snaplen_of(&c->interfaces[0]->shown));
}

/* Record by record, from where it began. */
static __attribute__((cold)) void
run_again(struct capture *c, const struct capture_run *run)
{
	const uint8_t *p = input_bytes(&c->in).p;
	struct record records[AGAIN];
	size_t n = 0;

	for (size_t i = 1; i <= run->n; i++) {
		pcap_record(c, p, c->frames + i, &records[n]);
		p += CAPTURE_RUN_HEADER + records[n].bytes.n;
		if (++n == AGAIN || i == run->n) {
			account(c, records, n);
			n = 0;
		}
	}
	c->ordinary = ORDINARY;
}

__attribute__((cold)) void
capture_run_end(struct capture *c, const struct capture_run *run)
{
	struct capture_interface *f = &c->interfaces[0]->shown;
	size_t bytes = (size_t)(run->next - input_bytes(&c->in).p);

	if (run->n == 0)
		return;
	if (run->again || run->shortest + run->spread > snaplen_of(f)) {
		run_again(c, run);
	} else {
		f->last = pcap_time(c, run->time);
		f->packets += run->n;
		f->bytes += bytes - run->n * CAPTURE_RUN_HEADER;
		quality_add_run(reader_quality(c), run, &f->last,
		    bytes - run->n * CAPTURE_RUN_HEADER);
	}
	c->frames += run->n;
	c->facts.records += run->n;
	input_take(&c->in, bytes);
}

void
capture_watch(struct capture *c, struct capture_quality *q)
{
	c->watched = q;
}

enum capture_error
capture_status(const struct capture *c)
{
	return c->status;
}

enum capture_format
capture_format(const struct capture *c)
{
	return c->facts.format;
}

bool
capture_is_gzip(const struct capture *c)
{
	return c->in.gzip != NULL;
}

const struct capture_facts *
capture_facts(const struct capture *c)
{
	return &c->facts;
}

uint64_t
capture_frames(const struct capture *c)
{
	return c->frames;
}

size_t
capture_interfaces(const struct capture *c)
{
	return c->n_interfaces;
}

const struct capture_interface *
capture_interface(const struct capture *c, size_t i)
{
	return &c->interfaces[i]->shown;
}

size_t
capture_comments(const struct capture *c)
{
	return c->n_comments;
}

struct span
capture_comment(const struct capture *c, size_t i)
{
	return c->comments[i];
}

size_t
capture_names(const struct capture *c)
{
	return c->n_names;
}

const struct capture_name *
capture_name(const struct capture *c, size_t i)
{
	return &c->names[i];
}

uint64_t
capture_position(const struct capture *c)
{
	return c->in.taken;
}

uint64_t
capture_offset(const struct capture *c)
{
	return input_offset(&c->in);
}

uint64_t
capture_size(const struct capture *c)
{
	return c->in.file_size;
}
