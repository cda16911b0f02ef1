#include "capture/seam.h"

#include "capture/reader.h"

#define LOOK ((size_t)512 << 10) /* bytes in which a seam is looked for */
#define CHAIN 8 /* headers in a row that prove it, or what the bytes hold */
#define CHAIN_LEAST 3
#define YEAR 31557600

bool
capture_splits(const struct capture *c)
{
	return c->magic->read == pcap_read && c->in.gzip == NULL &&
	    c->in.anywhere && c->in.start == 0;
}

/* Lengths and time of a record header can be; `near` is a time of the file. */
static bool
is_header(const struct capture *c, struct span s, uint32_t near)
{
	const struct pcap *f = &c->format.pcap;
	uint32_t captured = field_u32(s, 8, c->big);
	uint32_t seconds, length;

	/* Most other bytes go no further. */
	if (captured == 0 || captured > f->max)
		return false;
	seconds = field_u32(s, 0, c->big);
	length = field_u32(s, 12, c->big);
	return s.n >= f->header &&
	    (seconds > near ? seconds - near : near - seconds) < YEAR &&
	    field_u32(s, 4, c->big) < f->second && captured <= length &&
	    length <= READER_PACKET_MAX;
}

static bool
is_chain(const struct capture *c, struct span s, uint32_t near)
{
	const struct pcap *f = &c->format.pcap;
	unsigned n = 0;

	while (n < CHAIN && s.n >= f->header) {
		if (!is_header(c, s, near))
			return false;
		n++;
		s = span_after(s,
		    (size_t)f->header + field_u32(s, 8, c->big));
	}
	return n >= CHAIN_LEAST;
}

/* Takes what comes before it. */
static bool
seam_find(struct capture *c)
{
	struct span s;
	size_t i = 0;

	for (size_t look = INPUT_CHUNK; look <= LOOK; look *= 2) {
		(void)input_need(&c->in, look);
		s = input_bytes(&c->in);
		for (; i < s.n / 2; i++) {
			if (!is_chain(c, span_after(s, i),
				c->format.pcap.near))
				continue;
			input_take(&c->in, i);
			return true;
		}
	}
	return false;
}

bool
capture_part(struct capture *c, uint64_t from, bool guess, uint64_t to)
{
	struct capture_interface *f = &c->interfaces[0]->shown;

	input_jump(&c->in, from, to);
	c->stop_at = to;
	c->status = CAPTURE_OK;
	c->ended = false;
	c->frames = c->facts.records = c->facts.bad_records = 0;
	f->packets = f->bytes = 0;
	f->first = f->last = (struct timestamp){ 0 };
	return !guess || seam_find(c);
}

bool
capture_stopped(const struct capture *c)
{
	return c->stop_at != 0 && input_offset(&c->in) >= c->stop_at;
}

bool
capture_rest(const struct capture *c, struct capture_rest *rest)
{
	const struct capture_interface *f = &c->interfaces[0]->shown;

	*rest = (struct capture_rest){
		.end = input_offset(&c->in),
		.records = c->facts.records,
		.bad_records = c->facts.bad_records,
		.packets = f->packets,
		.bytes = f->bytes,
		.first = f->first,
		.last = f->last,
	};
	return c->status == CAPTURE_OK && (c->ended || capture_stopped(c));
}

void
capture_rest_add(struct capture_rest *sum, const struct capture_rest *part)
{
	sum->end = part->end;
	sum->records += part->records;
	sum->bad_records += part->bad_records;
	if (part->packets == 0)
		return;
	if (sum->packets == 0)
		sum->first = part->first;
	sum->last = part->last;
	sum->packets += part->packets;
	sum->bytes += part->bytes;
}

void
capture_resume(struct capture *c, const struct capture_rest *sum)
{
	struct capture_interface *f = &c->interfaces[0]->shown;

	(void)capture_part(c, sum->end, false, 0);
	c->frames = c->facts.records = sum->records;
	c->facts.bad_records = sum->bad_records;
	c->facts.file_bytes = c->facts.unpacked_bytes = sum->end;
	f->packets = sum->packets;
	f->bytes = sum->bytes;
	f->first = sum->first;
	f->last = sum->last;
}
