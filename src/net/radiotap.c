#include "net/link.h"
#include "net/step.h"

/* What capture drivers put before an 802.11 frame: radiotap, PPI, Prism and
 * AVS.  All they decide for us is whether an FCS ends the frame. */
#define PRESENT_TSFT 0x01
#define PRESENT_FLAGS 0x02
#define PRESENT_RATE 0x04
#define PRESENT_CHANNEL 0x08
#define PRESENT_FHSS 0x10
#define PRESENT_SIGNAL 0x20
#define PRESENT_MORE 0x80000000

#define FLAG_FCS 0x10
#define FLAG_DATA_PAD 0x20

#define PPI_COMMON 2 /* type of the field with flags */
#define AVS_MAGIC 0x80211001

enum row {
	RADIOTAP_RADIOTAP,
	RADIOTAP_VERSION,
	RADIOTAP_LENGTH,
	RADIOTAP_RATE,
	RADIOTAP_FREQ,
	RADIOTAP_SIGNAL,
	RADIOTAP_ROWS
};

static const struct field rows[RADIOTAP_ROWS] = {
	[RADIOTAP_RADIOTAP] = { "radiotap", FIELD_PROTOCOL,
	    .help = "IEEE 802.11 radiotap capture header" },
	[RADIOTAP_VERSION] = { "radiotap.version", FIELD_UINT, 8,
	    .help = "Version of the header" },
	[RADIOTAP_LENGTH] = { "radiotap.length", FIELD_UINT, 16,
	    .help = "Length of the header" },
	[RADIOTAP_RATE] = { "radiotap.datarate", FIELD_DOUBLE,
	    .help = "Rate in Mb/s" },
	[RADIOTAP_FREQ] = { "radiotap.channel.freq", FIELD_UINT, 32,
	    .help = "Frequency in MHz" },
	[RADIOTAP_SIGNAL] = { "radiotap.dbm_antsignal", FIELD_INT, 32,
	    .help = "Signal in dBm" },
};

const struct field_table radiotap_table = {
	"IEEE 802.11 radiotap capture header", rows, RADIOTAP_ROWS
};

static const struct field ppi_rows[] = {
	{ "ppi", FIELD_PROTOCOL, .help = "PPI packet header" },
};
static const struct field prism_rows[] = {
	{ "prism", FIELD_PROTOCOL, .help = "Prism capture header" },
};
static const struct field avs_rows[] = {
	{ "wlancap", FIELD_PROTOCOL, .help = "AVS WLAN capture header" },
};

const struct field_table ppi_table = { "PPI packet header", ppi_rows, 1 };
const struct field_table prism_table = {
	"Prism capture header", prism_rows, 1
};
const struct field_table avs_table = {
	"AVS WLAN capture header", avs_rows, 1
};

static void
fcs_cut(struct step *s)
{
	size_t left = cur_claimed_left(&s->c);

	if (left > 4)
		step_trim(s, left - 4);
}

/* Fields stand at multiples of their size, counted from the header. */
static void
align(struct cursor *c, size_t n)
{
	cur_skip(c, (n - c->pos % n) % n);
}

static uint8_t
fields_read(struct cursor *c, uint32_t present, struct field_list *l)
{
	uint8_t flags = 0;
	struct span at;

	if (present & PRESENT_TSFT) {
		align(c, 8);
		cur_skip(c, 8);
	}
	if (present & PRESENT_FLAGS)
		flags = cur_u8(c);
	if (present & PRESENT_RATE) {
		at = span_of(c->base + c->pos, 1);
		if (l != NULL && cur_left(c) > 0)
			field_put_real(l, &rows[RADIOTAP_RATE], at,
			    at.p[0] / 2.0);
		cur_skip(c, 1);
	}
	if (present & PRESENT_CHANNEL) {
		align(c, 2);
		at = span_of(c->base + c->pos, 2);
		if (cur_left(c) >= 4)
			field_number(l, &rows[RADIOTAP_FREQ], at,
			    (uint64_t)(at.p[1] << 8 | at.p[0]));
		cur_skip(c, 4);
	}
	if (present & PRESENT_FHSS)
		cur_skip(c, 2);
	if ((present & PRESENT_SIGNAL) && cur_left(c) > 0) {
		at = span_of(c->base + c->pos, 1);
		field_number(l, &rows[RADIOTAP_SIGNAL], at,
		    (uint64_t)(int64_t)(int8_t)at.p[0]);
	}
	return cur_ok(c) ? flags : 0;
}

void
radiotap_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_RADIOTAP,
	    &rows[RADIOTAP_RADIOTAP]);
	size_t start = s->c.pos;
	struct cursor header;
	uint32_t present, more;
	struct span at;
	uint16_t length;
	uint8_t flags;

	(void)read_u8(&s->c, s->l, &rows[RADIOTAP_VERSION]);
	cur_skip(&s->c, 1);
	at = span_of(s->c.base + s->c.pos, 2);
	length = cur_le16(&s->c);
	if (cur_ok(&s->c))
		field_number(s->l, &rows[RADIOTAP_LENGTH], at, length);
	header = s->c;
	header.base += start;
	header.pos -= start;
	header.end -= start;
	header.claimed -= start;
	if (length < header.end)
		header.end = length > header.pos ? length : header.pos;
	present = more = cur_le32(&header);
	while ((more & PRESENT_MORE) && cur_left(&header) > 0)
		more = cur_le32(&header);
	flags = fields_read(&header, present, s->l);
	cur_seek(&s->c, start + length);
	step_leave(s, entered);
	if (!cur_ok(&s->c) || length < 8) {
		cur_fail(&s->c);
		step_fail(s, LAYER_RADIOTAP);
		return;
	}
	if (flags & FLAG_FCS)
		fcs_cut(s);
	s->pad_header = (flags & FLAG_DATA_PAD) != 0;
	step_to(s, NEXT_WLAN, 0);
}

/* The flags of the 802.11-Common field: bit 0 says that an FCS is there. */
static bool
ppi_has_fcs(struct cursor fields)
{
	while (cur_left(&fields) >= 4) {
		uint16_t type = cur_le16(&fields);
		uint16_t length = cur_le16(&fields);
		struct cursor body = cur_sub(&fields, length);

		if (type != PPI_COMMON)
			continue;
		cur_skip(&body, 8);
		return (cur_le16(&body) & 1) != 0;
	}
	return false;
}

void
ppi_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PPI, &ppi_rows[0]);
	struct cursor fields;
	uint16_t length;
	uint32_t link;
	bool fcs;

	cur_skip(&s->c, 2);
	length = cur_le16(&s->c);
	link = cur_le32(&s->c);
	fields = cur_sub(&s->c, length < 8 ? 0 : length - 8U);
	fcs = ppi_has_fcs(fields);
	step_leave(s, entered);
	if (!cur_ok(&s->c) || length < 8) {
		cur_fail(&s->c);
		step_fail(s, LAYER_PPI);
		return;
	}
	if (link == 105 && fcs)
		fcs_cut(s);
	if (link == 192) /* itself again */
		step_undecoded(s, "ppi.dlt", link);
	else
		step_to(s, NEXT_LINK, link);
}

/* A code and a length in the byte order of the machine that captured. */
void
prism_read(struct step *s)
{
	struct cursor c = s->c;
	size_t entered;
	uint32_t length;

	if (cur_be32(&c) == AVS_MAGIC) {
		step_to(s, NEXT_AVS, 0);
		return;
	}
	entered = step_enter(s, LAYER_PRISM, &prism_rows[0]);
	length = cur_le32(&c);
	if (length > 0xffff)
		length = length >> 24 | (length >> 8 & 0xff00);
	cur_skip(&s->c, length);
	step_leave(s, entered);
	if (!cur_ok(&s->c) || length < 8) {
		cur_fail(&s->c);
		step_fail(s, LAYER_PRISM);
	} else {
		step_to(s, NEXT_WLAN, 0);
	}
}

void
avs_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_AVS, &avs_rows[0]);
	size_t start = s->c.pos;
	uint32_t length;

	cur_skip(&s->c, 4);
	length = cur_be32(&s->c);
	cur_seek(&s->c, start + length);
	step_leave(s, entered);
	if (!cur_ok(&s->c) || length < 8) {
		cur_fail(&s->c);
		step_fail(s, LAYER_AVS);
	} else {
		step_to(s, NEXT_WLAN, 0);
	}
}
