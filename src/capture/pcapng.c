/*
 * The pcapng format, as draft-ietf-opsawg-pcapng describes it.  What a block
 * says of the capture itself is read in pcapng_info.c.
 */
#include "capture/pcapng.h"

/* As in Wireshark: the largest packet (D-Bus) and room for options. */
#define BLOCK_MAX (((uint32_t)128 << 20) + ((uint32_t)128 << 10) + 32)
/* Blocks about the capture that are larger are not looked into. */
#define INFO_MAX ((uint32_t)16 << 20)

enum {
	BLOCK_IDB = 1,
	BLOCK_PB = 2, /* obsolete */
	BLOCK_SPB = 3,
	BLOCK_NRB = 4,
	BLOCK_ISB = 5,
	BLOCK_EPB = 6,
	BLOCK_JOURNAL = 9, /* systemd */
	BLOCK_DSB = 10,
	BLOCK_SYSDIG = 0x204,
	BLOCK_SYSDIG_FLAGS = 0x208,
	BLOCK_SYSDIG_2 = 0x216,
	BLOCK_SYSDIG_2_FLAGS = 0x217,
	BLOCK_SYSDIG_2_LARGE = 0x221,
	BLOCK_SYSDIG_2_FLAGS_LARGE = 0x222,
	BLOCK_CUSTOM = 0xbad,
	BLOCK_CUSTOM_PRIVATE = 0x40000bad,
	BLOCK_SHB = 0x0a0d0d0a,
};

enum {
	PACKET_COMMENT = 1,
	PACKET_FLAGS = 2,
};

struct block {
	uint32_t type;
	size_t size;      /* all of it */
	struct span body; /* between the lengths */
};

bool
option_next(struct cursor *c, bool big, struct option *o)
{
	if (cur_left(c) < 4)
		return false;
	o->code = big ? cur_be16(c) : cur_le16(c);
	o->value = cur_take(c, big ? cur_be16(c) : cur_le16(c));
	if (!cur_ok(c) || o->code == 0)
		return false;
	if (o->value.n % 4 != 0)
		cur_skip(c, 4 - o->value.n % 4);
	return true;
}

/* The byte order of a section, from the magic in its header. */
static bool
section_order(struct capture *c, struct span left)
{
	static const uint8_t big[] = { 0x1a, 0x2b, 0x3c, 0x4d };
	static const uint8_t little[] = { 0x4d, 0x3c, 0x2b, 0x1a };
	const uint8_t *magic = left.p + 8;

	if (memcmp(magic, big, 4) == 0)
		c->format.pcapng.big = true;
	else if (memcmp(magic, little, 4) == 0)
		c->format.pcapng.big = false;
	else
		return false;
	return true;
}

static bool
is_packet(uint32_t type)
{
	return type == BLOCK_EPB || type == BLOCK_SPB || type == BLOCK_PB;
}

static bool
is_read(const struct block *b)
{
	if (is_packet(b->type))
		return true;
	return b->size <= INFO_MAX &&
	    (b->type == BLOCK_SHB || b->type == BLOCK_IDB ||
		b->type == BLOCK_ISB || b->type == BLOCK_NRB);
}

/* Wireshark shows some blocks that hold no packet as frames: they take a
 * number, so that ours stay the same. */
static void
count_skipped(struct capture *c, uint32_t type)
{
	switch (type) {
	case BLOCK_DSB:
		c->facts.secrets++;
		break;
	case BLOCK_CUSTOM:
	case BLOCK_CUSTOM_PRIVATE:
		c->facts.custom_blocks++;
		c->frames++;
		break;
	case BLOCK_JOURNAL:
	case BLOCK_SYSDIG:
	case BLOCK_SYSDIG_FLAGS:
	case BLOCK_SYSDIG_2:
	case BLOCK_SYSDIG_2_FLAGS:
	case BLOCK_SYSDIG_2_LARGE:
	case BLOCK_SYSDIG_2_FLAGS_LARGE:
		c->frames++;
		c->facts.unknown_blocks++;
		break;
	default:
		c->facts.unknown_blocks++;
		break;
	}
}

static uint32_t
round_up(uint32_t n)
{
	return (n + 3) & ~(uint32_t)3;
}

/* The lengths at both ends of a block agree. */
static bool
trailer_matches(const struct capture *c, struct span trailer, size_t size)
{
	return round_up(field_u32(trailer, 0, c->format.pcapng.big)) == size;
}

/* Type and size of the block that comes; false when its head is not there
 * or cannot be. */
static bool
head_read(struct capture *c, struct block *b)
{
	struct span left = input_bytes(&c->in);
	uint32_t total;

	c->want = 12;
	if (left.n < 12)
		return false;
	b->type = field_u32(left, 0, c->format.pcapng.big);
	/* Its type reads the same in both orders. */
	if (b->type == BLOCK_SHB && !section_order(c, left)) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	total = field_u32(left, 4, c->format.pcapng.big);
	if (total < 12 || total > BLOCK_MAX) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	/* Some writers leave the padding out of the length. */
	b->size = round_up(total);
	return true;
}

/* Goes on behind a block that is not read; false when more bytes or the end
 * of the capture are needed first. */
static bool
skip_on(struct capture *c)
{
	struct pcapng *f = &c->format.pcapng;
	struct span left = input_bytes(&c->in);
	size_t n = left.n < f->skip ? left.n : f->skip;

	input_take(&c->in, n);
	f->skip -= n;
	c->want = f->skip > 0 ? 1 : 4;
	left = span_after(left, n);
	if (f->skip > 0 || left.n < 4)
		return false;
	c->inside = false;
	input_take(&c->in, 4);
	if (!trailer_matches(c, left, f->skipped)) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	return true;
}

/* The next whole block that is read, not taken yet. */
static bool
block_next(struct capture *c, struct block *b)
{
	struct span left;

	for (;;) {
		if (c->inside && !skip_on(c))
			return false;
		if (!head_read(c, b))
			return false;
		if (is_read(b))
			break;
		count_skipped(c, b->type);
		c->format.pcapng.skipped = b->size;
		c->format.pcapng.skip = b->size - 4;
		c->inside = true;
	}
	left = input_bytes(&c->in);
	c->want = b->size;
	if (left.n < b->size)
		return false;
	if (!trailer_matches(c, span_after(left, b->size - 4), b->size)) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	b->body = span_of(left.p + 8, b->size - 12);
	return true;
}

/* rest * 10^9 / units, rest < units: bit by bit where 64 are not enough. */
static uint32_t
nanoseconds_of(uint64_t rest, uint64_t units)
{
	const uint32_t second = 1000000000;
	uint64_t over = 0; /* < units, as all that is added to it */
	uint32_t n = 0;

	if (units <= UINT64_MAX / second)
		return (uint32_t)(rest * second / units);
	for (uint32_t bit = (uint32_t)1 << 29; bit != 0; bit >>= 1) {
		n *= 2;
		n += over >= units - over;
		over = over >= units - over ? over - (units - over) : over * 2;
		if ((second & bit) == 0)
			continue;
		n += over >= units - rest;
		over = over >= units - rest ? over - (units - rest) :
		    over + rest;
	}
	return n;
}

/* Seconds since 1970 of `ticks` units. */
static struct timestamp
time_of(const struct reader_interface *f, uint64_t ticks)
{
	struct timestamp t = { .digits = f->shown.time_digits };
	uint64_t seconds;

	if (f->units == 0)
		return t;
	if (f->units == 1000000) {
		seconds = ticks / 1000000;
		t.nanoseconds = (uint32_t)(ticks % 1000000) * 1000;
	} else {
		seconds = ticks / f->units;
		t.nanoseconds = nanoseconds_of(ticks % f->units, f->units);
	}
	t.seconds = (int64_t)(seconds + (uint64_t)f->shown.tsoffset);
	t.known = true;
	return t;
}

static void
packet_options(struct record *r, struct span options, bool big)
{
	struct cursor c = cur_open(options);
	struct option o;

	while (option_next(&c, big, &o)) {
		if (o.code == PACKET_COMMENT && r->comment.n == 0) {
			r->comment = o.value;
		} else if (o.code == PACKET_FLAGS && o.value.n == 4) {
			r->pack_flags = field_u32(o.value, 0, big);
			r->flags |= RECORD_HAS_FLAGS;
			/* Bits 5 to 8: length of the FCS in bytes. */
			if (r->pack_flags >> 5 & 0xf)
				r->fcs_len = r->pack_flags >> 5 & 0xf;
		}
	}
}

/* The `number`th interface of the section; NULL, counted, if undeclared. */
static const struct reader_interface *
interface_of(struct capture *c, uint32_t number)
{
	const struct pcapng *f = &c->format.pcapng;

	if (number < c->n_interfaces - f->first)
		return c->interfaces[f->first + number];
	c->facts.undeclared_interface++;
	return NULL;
}

/* `captured` bytes at the start of `data` and, behind padding, options. */
static bool
packet_fill(struct capture *c, struct record *r,
    const struct reader_interface *f, struct span data, uint32_t captured)
{
	if (captured > f->max || data.n < round_up(captured)) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	r->number = ++c->frames;
	r->offset = input_offset(&c->in);
	r->bytes = span_first(data, captured);
	r->interface = f->number;
	r->link = f->shown.link;
	r->fcs_len = f->shown.fcs_len;
	r->comment = span_empty();
	if (data.n > round_up(captured))
		packet_options(r, span_after(data, round_up(captured)),
		    c->format.pcapng.big);
	if (r->comment.n > 0)
		c->facts.comments++;
	return true;
}

static bool
simple_packet(struct capture *c, struct span body, struct record *r)
{
	const struct reader_interface *f = interface_of(c, 0);
	uint32_t captured;

	c->facts.simple_packets++;
	if (body.n < 4) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	if (f == NULL)
		return false;
	*r = (struct record){ .len = field_u32(body, 0, c->format.pcapng.big) };
	r->time.digits = f->shown.time_digits;
	captured = r->len;
	if (f->shown.snaplen != 0 && captured > f->shown.snaplen)
		captured = f->shown.snaplen;
	return packet_fill(c, r, f, span_after(body, 4), captured);
}

/* An enhanced packet block, or the obsolete packet block, which only has a
 * shorter interface number. */
static bool
packet(struct capture *c, const struct block *b, struct record *r)
{
	const bool big = c->format.pcapng.big;
	const struct reader_interface *f;
	struct span body = b->body;
	uint64_t high, low;

	if (body.n < 20) {
		reader_fail(c, CAPTURE_DAMAGED);
		return false;
	}
	if (b->type == BLOCK_EPB)
		f = interface_of(c, field_u32(body, 0, big));
	else
		f = interface_of(c, field_u16(body, 0, big));
	if (f == NULL)
		return false;
	high = field_u32(body, 4, big);
	low = field_u32(body, 8, big);
	*r = (struct record){
		.len = field_u32(body, 16, big),
		.time = time_of(f, high << 32 | low),
	};
	return packet_fill(
	    c, r, f, span_after(body, 20), field_u32(body, 12, big));
}

/* True when the block was a packet that can be shown. */
static bool
block_read(struct capture *c, const struct block *b, struct record *r)
{
	switch (b->type) {
	case BLOCK_EPB:
	case BLOCK_PB:
		return packet(c, b, r);
	case BLOCK_SPB:
		return simple_packet(c, b->body, r);
	case BLOCK_SHB:
		pcapng_section(c, b->body);
		break;
	case BLOCK_IDB:
		pcapng_interface(c, b->body);
		break;
	case BLOCK_ISB:
		pcapng_statistics(c, b->body);
		break;
	case BLOCK_NRB:
		pcapng_names(c, b->body);
		break;
	}
	return false;
}

size_t
pcapng_read(struct capture *c, struct record *records, size_t max)
{
	struct block b;
	size_t n = 0;

	while (n < max && block_next(c, &b)) {
		bool large = b.size > INPUT_CHUNK;

		if (large && n > 0)
			break;
		if (block_read(c, &b, &records[n]))
			n++;
		if (c->status != CAPTURE_OK)
			break;
		input_take(&c->in, b.size);
		if (large && n > 0)
			break;
	}
	return n;
}

__attribute__((cold)) enum capture_error
pcapng_open(struct capture *c)
{
	struct span left;
	struct block b;

	if (!input_need(&c->in, 28))
		return c->in.error != CAPTURE_OK ? c->in.error
						 : CAPTURE_TOO_SHORT;
	left = input_bytes(&c->in);
	if (!section_order(c, left))
		return CAPTURE_NOT_A_CAPTURE;
	c->big = c->format.pcapng.big;
	c->facts.order = c->big ? "big-endian" : "little-endian";
	while (!block_next(c, &b)) {
		if (c->status != CAPTURE_OK)
			return c->status;
		if (!input_need(&c->in, c->want))
			return c->in.error != CAPTURE_OK ? c->in.error
							 : CAPTURE_TOO_SHORT;
	}
	pcapng_section(c, b.body);
	input_take(&c->in, b.size);
	return c->status;
}
