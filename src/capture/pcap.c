/*
 * The pcap format, as draft-ietf-opsawg-pcap describes it and as Wireshark
 * reads what the years left behind.
 */
#include "base/fetch.h"
#include "base/span.h"
#include "capture/reader.h"
#include "capture/run.h"

#define FILE_HEADER 24
/* Bytes in which the first records are looked at for their form. */
#define TRIED ((size_t)64 << 10)

/* The order of the two lengths in a record header: versions before 2.3 had
 * the packet's length first; some that say 2.3 have, others have not. */
enum {
	LENGTHS_NORMAL,
	LENGTHS_SWAPPED,
	LENGTHS_DOUBTFUL,
};

/* Record headers: seconds, fraction, captured and packet length, then in
 * patched versions of old more.  The magic does not always tell. */
enum {
	HEADER_STANDARD = 16,
	HEADER_NOKIA = 20,    /* 4 bytes of unknown meaning */
	HEADER_MODIFIED = 24, /* interface, protocol, packet type, padding */
	HEADER_SMP = 28,      /* the same and 4 bytes of debugging */
};

struct header {
	uint32_t seconds, fraction, captured, length;
};

static inline struct header
header_read(const struct pcap *f, struct span s, bool big)
{
	struct header h = {
		field_u32(s, 0, big),
		field_u32(s, 4, big),
		field_u32(s, 8, big),
		field_u32(s, 12, big),
	};

	if (f->lengths == LENGTHS_SWAPPED ||
	    (f->lengths == LENGTHS_DOUBTFUL && h.captured > h.length)) {
		uint32_t captured = h.length;

		h.length = h.captured;
		h.captured = captured;
	}
	return h;
}

/* What is wrong with the fields that only patched versions have. */
static unsigned
extra_doubts(struct span s, bool big, uint32_t header)
{
	uint32_t word = field_u32(s, 16, big);
	uint16_t protocol = field_u16(s, 20, big);
	unsigned doubts = 0;

	if (header == HEADER_STANDARD)
		return 0;
	if (header == HEADER_NOKIA)
		/* Seen: 9fbfb601, bfbfd902 and the like. */
		return (word & 0x0fff00f0) != 0x0fbf0000;
	doubts += word > 10000; /* interface number */
	doubts += protocol < 0x600 && protocol > 0x17 && protocol != 0x60 &&
	    protocol != 0x200 && protocol != 0x400;
	doubts += s.n > 22 && s.p[22] > 4; /* PACKET_HOST and so on */
	return doubts;
}

/* How well the first three records fit a length of headers. */
struct fit {
	unsigned doubts;  /* what is wrong with their fields */
	unsigned records; /* whole ones */
	bool cut;         /* the file ends inside one */
};

static __attribute__((cold)) struct fit
fit_of(const struct capture *c, uint32_t header)
{
	const struct pcap *f = &c->format.pcap;
	struct span left = input_bytes(&c->in);
	struct fit fit = { 0 };

	while (fit.records < 3 && left.n > 0) {
		struct header h = header_read(f, left, c->big);

		fit.cut = c->in.ended;
		if (left.n < header)
			break;
		fit.doubts += h.fraction >= 1000000;
		fit.doubts += h.captured > f->max;
		fit.doubts += h.captured > c->facts.snaplen;
		fit.doubts += h.length > (uint32_t)128 << 20;
		fit.doubts += h.captured > h.length;
		fit.doubts += extra_doubts(left, c->big, header);
		if (h.captured > left.n - header)
			break;
		fit.cut = false;
		fit.records++;
		left = span_after(left, header + h.captured);
	}
	return fit;
}

/*
 * The first header, unless another one leaves no doubt: a damaged file shall
 * not be read as one of a rare kind.  A cut file of one record is no proof.
 */
static __attribute__((cold)) uint32_t
header_guess(struct capture *c, const uint32_t *headers, size_t n)
{
	struct fit first, fit;

	input_need(&c->in, TRIED);
	first = fit_of(c, headers[0]);
	if (first.doubts == 0 && !first.cut)
		return headers[0];
	for (size_t i = 1; i < n; i++) {
		fit = fit_of(c, headers[i]);
		if (fit.doubts == 0 && !fit.cut &&
		    (first.doubts > 0 || fit.records > 1))
			return headers[i];
	}
	return headers[0];
}

/* AIX writes version 2.2, nanoseconds, and interface types of RFC 1573. */
static bool
aix_link(uint32_t *link)
{
	switch (*link) {
	case 6:
		*link = 1;
		return true;
	case 9:
		*link = 6;
		return true;
	case 15:
		*link = 10;
		return true;
	case 24:
		*link = 0;
		return true;
	}
	return false;
}

static void
variant_choose(struct capture *c, uint16_t shape, uint32_t *link)
{
	static const uint32_t standard[] = { HEADER_STANDARD, HEADER_MODIFIED,
		HEADER_NOKIA };
	static const uint32_t modified[] = { HEADER_MODIFIED, HEADER_SMP };
	struct pcap *f = &c->format.pcap;
	uint16_t major = c->facts.major, minor = c->facts.minor;

	f->header = HEADER_STANDARD;
	/* 543.0 is DG/UX's. */
	if ((major == 2 && minor < 3) || major == 543)
		f->lengths = LENGTHS_SWAPPED;
	else if (major == 2 && minor == 3)
		f->lengths = LENGTHS_DOUBTFUL;
	if (shape == PCAP_STANDARD && major == 2 && minor == 2 &&
	    aix_link(link)) {
		f->unit = 1;
		f->digits = 9;
	} else if (shape == PCAP_STANDARD && f->lengths == LENGTHS_NORMAL) {
		f->header = header_guess(c, standard, LENGTH(standard));
		if (f->header != HEADER_STANDARD)
			c->facts.variant = "modified pcap";
	} else if (shape == PCAP_MODIFIED) {
		f->header = header_guess(c, modified, LENGTH(modified));
	}
}

/* What the records of a file have in common, in words: those of the link and
 * of the end of the time. */
#define LINK_AT offsetof(struct record, link)
#define TIME_AT (offsetof(struct record, time) + \
	offsetof(struct timestamp, nanoseconds))

_Static_assert(offsetof(struct record, time) == LINK_AT + 8 &&
    sizeof(struct timestamp) == 16, "words without holes");

static __attribute__((cold)) void
same_find(struct pcap *f)
{
	const struct record r = {
		.link = f->link,
		.fcs_len = f->fcs_len,
		.time = { .digits = f->digits, .known = true },
	};

	memcpy(&f->link_word, (const char *)&r + LINK_AT, 8);
	memcpy(&f->time_word, (const char *)&r + TIME_AT, 8);
}

static inline void
same_put(struct record *r, const struct pcap *f)
{
	memcpy((char *)r + LINK_AT, &f->link_word, 8);
	memcpy((char *)r + TIME_AT, &f->time_word, 8);
	r->interface = 0;
	r->comment = span_empty();
}

__attribute__((cold)) enum capture_error
pcap_open(struct capture *c)
{
	struct pcap *f = &c->format.pcap;
	uint16_t shape = c->magic->shape;
	size_t size = FILE_HEADER + (shape & PCAP_IXIA ? 4 : 0);
	struct reader_interface *interface;
	struct span s;
	uint32_t link;

	if (!input_need(&c->in, size))
		return c->in.error != CAPTURE_OK ? c->in.error
						 : CAPTURE_TOO_SHORT;
	s = input_bytes(&c->in);
	c->facts.major = field_u16(s, 4, c->big);
	c->facts.minor = field_u16(s, 6, c->big);
	c->facts.snaplen = field_u32(s, 16, c->big);
	link = field_u32(s, 20, c->big);
	input_take(&c->in, size);
	if (c->facts.major < 2)
		return CAPTURE_UNSUPPORTED;
	f->unit = shape & PCAP_NANOSECOND ? 1 : 1000;
	f->digits = shape & PCAP_NANOSECOND ? 9 : 6;
	/* Bits 28 to 31: length of the FCS in 16-bit words, if bit 26. */
	if (link & (uint32_t)1 << 26)
		f->fcs_len = (uint8_t)(link >> 28 << 1);
	link &= 0xffff;
	f->max = link_packet_max(link_normal((uint16_t)link));
	variant_choose(c, shape, &link);
	f->near = field_u32(input_bytes(&c->in), 0, c->big);
	f->second = 1000000000 / f->unit;
	f->link = link_normal((uint16_t)link);
	same_find(f);
	interface = reader_add_interface(c);
	if (interface == NULL)
		return c->status;
	interface->shown.link = f->link;
	interface->shown.fcs_len = f->fcs_len;
	interface->shown.snaplen = c->facts.snaplen;
	interface->shown.time_digits = interface->shown.tsresol = f->digits;
	c->facts.nanosecond = f->digits == 9;
	c->facts.order = c->big ? "big-endian" : "little-endian";
	c->facts.sections = 1;
	return CAPTURE_OK;
}

/* How much must be left for a record to be read: its header, and that it
 * starts before the place to stop at. */
static size_t
least_left(const struct capture *c, size_t header)
{
	uint64_t here = c->in.base + c->in.at;
	uint64_t all = input_bytes(&c->in).n, ours = all;

	if (c->stop_at != 0)
		ours = c->stop_at > here ? c->stop_at - here : 0;
	return ours >= all || all - ours < header ? header :
	    (size_t)(all - ours) + 1;
}

/* One that is larger than what is read at once comes alone. */
static __attribute__((cold, noinline)) bool
may_come(struct capture *c, uint32_t captured, bool alone)
{
	if (captured > c->format.pcap.max)
		reader_fail(c, CAPTURE_DAMAGED);
	return captured <= c->format.pcap.max && alone;
}

/* A fraction of seconds and more is carried over. */
static __attribute__((cold, noinline)) void
carry(struct record *r, const struct pcap *f, uint32_t fraction)
{
	r->time.seconds += fraction / f->second;
	r->time.nanoseconds = fraction % f->second * f->unit;
}

/* All that the header at `p` tells of its record. */
static inline __attribute__((always_inline)) void
record_put(struct record *r, const struct pcap *f, struct header h,
    const uint8_t *p)
{
	same_put(r, f);
	r->bytes = span_of(p + f->header, h.captured);
	r->len = h.length;
	r->time.seconds = h.seconds;
	r->time.nanoseconds = h.fraction * f->unit;
	if (__builtin_expect(h.fraction >= f->second, 0))
		carry(r, f, h.fraction);
}

/* Of files that few systems write. */
static __attribute__((cold, noinline)) struct header
rare_header(const struct capture *c, const uint8_t *p)
{
	return header_read(&c->format.pcap, span_of(p, HEADER_STANDARD),
	    c->big);
}

/* With all that changes kept near this is short: every record waits for the
 * one before. */
size_t
pcap_read(struct capture *c, struct record *records, size_t max)
{
	const struct pcap f = c->format.pcap, usual = {
		.lengths = LENGTHS_NORMAL };
	const bool rare = c->big || f.lengths != LENGTHS_NORMAL;
	const uint32_t most = f.max < INPUT_CHUNK ? f.max : INPUT_CHUNK;
	const size_t least = least_left(c, f.header);
	const struct span all = input_bytes(&c->in);
	/* From an address to where it is in the file. */
	const uint64_t offset = c->in.base + c->in.at - (uintptr_t)all.p;
	const uint8_t *p = all.p;
	size_t left = all.n, want = f.header;
	struct record *r = records, *end = records + max;
	const uint64_t before = c->frames;
	uint64_t number = before;

	for (; r < end && left >= least; r++) {
		struct header h = header_read(&usual,
		    span_of(p, HEADER_STANDARD), false);

		if (__builtin_expect(rare, 0))
			h = rare_header(c, p);
		want = f.header + (size_t)h.captured;
		if (__builtin_expect(h.captured > most, 0)) {
			if (h.captured > f.max)
				want = f.header;
			if (left < want ||
			    !may_come(c, h.captured, r == records))
				break;
			end = r + 1;
		}
		if (left < want)
			break;
		/* Whoever looks into it finds its headers near. */
		fetch(p + 64);
		record_put(r, &f, h, p);
		r->number = ++number;
		r->offset = (uintptr_t)p + offset;
		p += want;
		left -= want;
		want = f.header;
	}
	c->want = want;
	c->frames = number;
	input_take(&c->in, (size_t)(p - all.p));
	return (size_t)(number - before);
}

/* ---- Where they stand -------------------------------------------------- */

__attribute__((cold)) bool
capture_run_begin(struct capture *c, struct capture_run *run)
{
	const struct pcap *f = &c->format.pcap;
	const struct timestamp *before = &reader_quality(c)->previous;
	struct span all = input_bytes(&c->in);
	size_t most = CAPTURE_RUN_HEADER +
	    (f->max < INPUT_CHUNK ? f->max : INPUT_CHUNK);
	size_t least, beyond = all.n > most ? all.n - most : 0;

	if (c->magic->read != pcap_read || c->big ||
	    before->seconds > UINT32_MAX || f->lengths != LENGTHS_NORMAL ||
	    f->header != CAPTURE_RUN_HEADER || c->status != CAPTURE_OK)
		return false;
	if (c->ordinary > 0) {
		c->ordinary--;
		return false;
	}
	/* Larger records come alone, from capture_read(). */
	least = least_left(c, f->header);
	*run = (struct capture_run){
		.next = all.p,
		/* Nothing, where no record came before. */
		.left = before->known ? all.n - beyond : 0,
		.least = least > f->header + beyond ? least - beyond :
		    f->header,
		.time = (uint64_t)before->seconds << 32 |
		    before->nanoseconds / f->unit,
		.shortest = reader_quality(c)->shortest,
		.spread = reader_quality(c)->longest -
		    reader_quality(c)->shortest,
		.last_fraction = f->second - 1,
	};
	return true;
}

void
capture_run_pass(struct capture_run *run)
{
	struct capture_run own = *run;

	while (capture_run_next(&own))
		continue;
	*run = own;
}

void
pcap_record(const struct capture *c, const uint8_t *header, uint64_t number,
    struct record *r)
{
	const struct pcap *f = &c->format.pcap, usual = {
		.lengths = LENGTHS_NORMAL };
	struct header h = header_read(&usual,
	    span_of(header, HEADER_STANDARD), false);

	record_put(r, f, h, header);
	r->number = number;
	r->offset = c->in.base + (uint64_t)(header - c->in.p);
}

__attribute__((cold)) struct timestamp
pcap_time(const struct capture *c, uint64_t time)
{
	return (struct timestamp){
		.seconds = (int64_t)(time >> 32),
		.nanoseconds = (uint32_t)time * c->format.pcap.unit,
		.digits = c->format.pcap.digits,
		.known = true,
	};
}
