#include "capture/pcapng.h"

/* Longer names than the DNS has are cut. */
#define NAME_MAX_BYTES 255

enum {
	OPTION_COMMENT = 1,
	SHB_HARDWARE = 2,
	SHB_OS = 3,
	SHB_APPLICATION = 4,
	IDB_NAME = 2,
	IDB_DESCRIPTION = 3,
	IDB_TSRESOL = 9,
	IDB_FILTER = 11,
	IDB_OS = 12,
	IDB_FCSLEN = 13,
	IDB_TSOFFSET = 14,
	IDB_HARDWARE = 15,
	ISB_RECEIVED = 4,
	ISB_DROPPED = 5,
};

enum {
	NAME_END = 0,
	NAME_IPV4 = 1,
	NAME_IPV6 = 2,
};

/* Some writers count a final NUL as text. */
static struct span
text_of(struct span s)
{
	return span_first(s, span_find_byte(s, 0));
}

static void
keep_first(struct capture *c, struct span *kept, struct span value)
{
	if (kept->n == 0)
		*kept = reader_keep(c, text_of(value));
}

static void
section_options(struct capture *c, struct span options)
{
	struct cursor cursor = cur_open(options);
	struct capture_facts *facts = &c->facts;
	bool first = facts->sections == 1;
	struct option o;

	while (option_next(&cursor, c->format.pcapng.big, &o)) {
		if (o.code == OPTION_COMMENT)
			reader_add_comment(c, text_of(o.value));
		else if (first && o.code == SHB_HARDWARE)
			keep_first(c, &facts->hardware, o.value);
		else if (first && o.code == SHB_OS)
			keep_first(c, &facts->os, o.value);
		else if (first && o.code == SHB_APPLICATION)
			keep_first(c, &facts->application, o.value);
	}
}

void
pcapng_section(struct capture *c, struct span body)
{
	const bool big = c->format.pcapng.big;
	uint16_t major = field_u16(body, 4, big);
	uint16_t minor = field_u16(body, 6, big);

	if (body.n < 16) {
		reader_fail(c, CAPTURE_DAMAGED);
		return;
	}
	/* 1.2 is 1.0 from writers of more kinds of blocks. */
	if (major != 1 || (minor != 0 && minor != 2)) {
		reader_fail(c, CAPTURE_UNSUPPORTED);
		return;
	}
	if (c->facts.sections++ == 0) {
		c->facts.major = major;
		c->facts.minor = minor;
	}
	c->format.pcapng.first = (uint32_t)c->n_interfaces;
	section_options(c, span_after(body, 16));
}

/* if_tsresol: units of a second; 0 when they do not fit in 64 bits. */
static uint64_t
units_of(uint8_t tsresol)
{
	unsigned exponent = tsresol & 0x7f;
	uint64_t units = 1;

	if (tsresol & 0x80)
		return exponent > 63 ? 0 : (uint64_t)1 << exponent;
	if (exponent > 19)
		return 0;
	while (exponent-- > 0)
		units *= 10;
	return units;
}

/* Decimal digits that such units are worth showing with. */
static uint8_t
digits_of(uint64_t units)
{
	uint8_t digits = 0;

	for (; units >= 10 && digits < 9; units /= 10)
		digits++;
	return digits;
}

/* if_fcslen is in bits, but the draft's example, and so some writers, are in
 * bytes. */
static uint8_t
fcs_bytes(uint8_t value)
{
	return value < 8 ? value : value / 8;
}

static void
interface_option(
    struct capture *c, struct capture_interface *f, const struct option *o)
{
	switch (o->code) {
	case OPTION_COMMENT:
		keep_first(c, &f->comment, o->value);
		break;
	case IDB_NAME:
		keep_first(c, &f->name, o->value);
		break;
	case IDB_DESCRIPTION:
		keep_first(c, &f->description, o->value);
		break;
	case IDB_FILTER:
		/* First byte 0: text of libpcap; 1: compiled. */
		if (o->value.n > 1 && *o->value.p == 0)
			keep_first(c, &f->filter, span_after(o->value, 1));
		break;
	case IDB_OS:
		keep_first(c, &f->os, o->value);
		break;
	case IDB_HARDWARE:
		keep_first(c, &f->hardware, o->value);
		break;
	case IDB_TSRESOL:
		if (o->value.n == 1)
			f->tsresol = *o->value.p;
		break;
	case IDB_FCSLEN:
		if (o->value.n == 1)
			f->fcs_len = fcs_bytes(*o->value.p);
		break;
	case IDB_TSOFFSET:
		if (o->value.n == 8)
			f->tsoffset = (int64_t)field_u64(
			    o->value, 0, c->format.pcapng.big);
		break;
	}
}

void
pcapng_interface(struct capture *c, struct span body)
{
	const bool big = c->format.pcapng.big;
	struct cursor cursor = cur_open(span_after(body, 8));
	struct reader_interface *added;
	struct capture_interface *f;
	struct option o;

	if (body.n < 8) {
		reader_fail(c, CAPTURE_DAMAGED);
		return;
	}
	added = reader_add_interface(c);
	if (added == NULL)
		return;
	f = &added->shown;
	f->link = link_normal(field_u16(body, 0, big));
	f->snaplen = field_u32(body, 4, big);
	f->section = c->facts.sections - 1;
	f->id = added->number - c->format.pcapng.first;
	f->tsresol = 6;
	while (option_next(&cursor, big, &o))
		interface_option(c, f, &o);
	added->units = units_of(f->tsresol);
	added->max = link_packet_max(f->link);
	f->time_digits = digits_of(added->units);
}

void
pcapng_statistics(struct capture *c, struct span body)
{
	const bool big = c->format.pcapng.big;
	struct cursor cursor = cur_open(span_after(body, 12));
	uint32_t number = field_u32(body, 0, big);
	struct capture_interface *f;
	struct option o;

	if (body.n < 12) {
		reader_fail(c, CAPTURE_DAMAGED);
		return;
	}
	if (number >= c->n_interfaces - c->format.pcapng.first)
		return;
	f = &c->interfaces[c->format.pcapng.first + number]->shown;
	while (option_next(&cursor, big, &o)) {
		if (o.value.n != 8)
			continue;
		if (o.code == ISB_RECEIVED) {
			c->facts.received -= f->received;
			f->received = field_u64(o.value, 0, big);
			c->facts.received += f->received;
			f->has_received = true;
		} else if (o.code == ISB_DROPPED) {
			c->facts.dropped -= f->dropped;
			f->dropped = field_u64(o.value, 0, big);
			c->facts.dropped += f->dropped;
			f->has_dropped = c->facts.has_dropped = true;
		}
	}
}

/* The names of one address, each ended by NUL. */
static void
names_of(struct capture *c, uint8_t kind, struct span record)
{
	size_t size = kind == 6 ? 16 : 4;
	struct span address = span_first(record, size);
	struct span names = span_after(record, size);

	if (address.n < size)
		return;
	while (names.n > 0) {
		struct span name = text_of(names);

		reader_add_name(
		    c, kind, address, span_first(name, NAME_MAX_BYTES));
		names = span_after(names, name.n + 1);
	}
}

void
pcapng_names(struct capture *c, struct span body)
{
	struct cursor cursor = cur_open(body);
	struct option record;

	/* Records look like options, and 0 ends them too. */
	while (option_next(&cursor, c->format.pcapng.big, &record)) {
		if (record.code == NAME_IPV4)
			names_of(c, 4, record.value);
		else if (record.code == NAME_IPV6)
			names_of(c, 6, record.value);
	}
}
