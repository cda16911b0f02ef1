#include "net/link.h"
#include "net/step.h"

/*
 * What capturers put before 802.11 frames: radiotap, PPI, the Prism and the
 * AVS headers.  All little-endian but AVS.
 */
#define RADIOTAP_FLAG_FCS 0x10
#define RADIOTAP_FLAG_PADDED 0x20
#define AVS_MAGIC 0x80211000
#define PPI_COMMON 2

enum radiotap_row {
	RADIOTAP_RADIOTAP,
	RADIOTAP_VERSION,
	RADIOTAP_PAD,
	RADIOTAP_LENGTH,
	RADIOTAP_PRESENT,
	RADIOTAP_MACTIME,
	RADIOTAP_FLAGS,
	RADIOTAP_FLAGS_CFP,
	RADIOTAP_FLAGS_PREAMBLE,
	RADIOTAP_FLAGS_WEP,
	RADIOTAP_FLAGS_FRAG,
	RADIOTAP_FLAGS_FCS,
	RADIOTAP_FLAGS_DATAPAD,
	RADIOTAP_FLAGS_BADFCS,
	RADIOTAP_FLAGS_SHORTGI,
	RADIOTAP_DATARATE,
	RADIOTAP_CHANNEL_FREQ,
	RADIOTAP_CHANNEL_FLAGS,
	RADIOTAP_ANTSIGNAL,
	RADIOTAP_ANTNOISE,
	RADIOTAP_ANTENNA,
	RADIOTAP_ROWS
};

enum ppi_row {
	PPI_PPI,
	PPI_VERSION,
	PPI_FLAGS,
	PPI_LENGTH,
	PPI_DLT,
	PPI_FIELD_TYPE,
	PPI_FIELD_LEN,
	PPI_ROWS
};

enum prism_row {
	PRISM_PRISM,
	PRISM_MSGCODE,
	PRISM_MSGLEN,
	PRISM_DEVNAME,
	PRISM_ROWS
};

enum avs_row {
	AVS_AVS,
	AVS_MAGIC_ROW,
	AVS_VERSION,
	AVS_LENGTH,
	AVS_ROWS
};

static const struct field rows[RADIOTAP_ROWS] = {
	[RADIOTAP_RADIOTAP] = { "radiotap", FIELD_PROTOCOL,
	    .help = "IEEE 802.11 Radiotap Capture header" },
	[RADIOTAP_VERSION] = { "radiotap.version", FIELD_UINT, 8,
	    .help = "Version; always 0" },
	[RADIOTAP_PAD] = { "radiotap.pad", FIELD_UINT, 8,
	    .help = "Padding" },
	[RADIOTAP_LENGTH] = { "radiotap.length", FIELD_UINT, 16,
	    .help = "Bytes of the header" },
	[RADIOTAP_PRESENT] = { "radiotap.present.word", FIELD_UINT, 32,
	    FIELD_HEX, .help = "Bits that say which fields follow" },
	[RADIOTAP_MACTIME] = { "radiotap.mactime", FIELD_UINT, 64,
	    .help = "Clock of the receiver, microseconds" },
	[RADIOTAP_FLAGS] = { "radiotap.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Properties of the frame" },
	[RADIOTAP_FLAGS_CFP] = { "radiotap.flags.cfp", FIELD_BOOL, 8,
	    .help = "In a contention-free period" },
	[RADIOTAP_FLAGS_PREAMBLE] = { "radiotap.flags.preamble", FIELD_BOOL,
	    8, .help = "Short preamble" },
	[RADIOTAP_FLAGS_WEP] = { "radiotap.flags.wep", FIELD_BOOL, 8,
	    .help = "Encrypted with WEP" },
	[RADIOTAP_FLAGS_FRAG] = { "radiotap.flags.frag", FIELD_BOOL, 8,
	    .help = "A fragment" },
	[RADIOTAP_FLAGS_FCS] = { "radiotap.flags.fcs", FIELD_BOOL, 8,
	    .help = "The frame ends in its check sequence" },
	[RADIOTAP_FLAGS_DATAPAD] = { "radiotap.flags.datapad", FIELD_BOOL, 8,
	    .help = "The 802.11 header is padded to four bytes" },
	[RADIOTAP_FLAGS_BADFCS] = { "radiotap.flags.badfcs", FIELD_BOOL, 8,
	    .help = "The check sequence was wrong" },
	[RADIOTAP_FLAGS_SHORTGI] = { "radiotap.flags.shortgi", FIELD_BOOL, 8,
	    .help = "Short guard interval" },
	[RADIOTAP_DATARATE] = { "radiotap.datarate", FIELD_DOUBLE,
	    .help = "Megabits a second" },
	[RADIOTAP_CHANNEL_FREQ] = { "radiotap.channel.freq", FIELD_UINT, 32,
	    .help = "Frequency of the channel, MHz" },
	[RADIOTAP_CHANNEL_FLAGS] = { "radiotap.channel.flags", FIELD_UINT,
	    16, FIELD_HEX, .help = "Properties of the channel" },
	[RADIOTAP_ANTSIGNAL] = { "radiotap.dbm_antsignal", FIELD_INT, 8,
	    .help = "Signal at the antenna, dBm" },
	[RADIOTAP_ANTNOISE] = { "radiotap.dbm_antnoise", FIELD_INT, 8,
	    .help = "Noise at the antenna, dBm" },
	[RADIOTAP_ANTENNA] = { "radiotap.antenna", FIELD_UINT, 32,
	    .help = "Number of the antenna" },
};

static const struct field ppi_rows[PPI_ROWS] = {
	[PPI_PPI] = { "ppi", FIELD_PROTOCOL, .help = "PPI Packet Header" },
	[PPI_VERSION] = { "ppi.version", FIELD_UINT, 8,
	    .help = "Version; always 0" },
	[PPI_FLAGS] = { "ppi.flags", FIELD_UINT, 8, FIELD_HEX,
	    .help = "Bit 0: fields are padded to four bytes" },
	[PPI_LENGTH] = { "ppi.length", FIELD_UINT, 16,
	    .help = "Bytes of the header" },
	[PPI_DLT] = { "ppi.dlt", FIELD_UINT, 32,
	    .help = "Link type of what follows" },
	[PPI_FIELD_TYPE] = { "ppi.field_type", FIELD_UINT, 16,
	    .help = "Type of a field" },
	[PPI_FIELD_LEN] = { "ppi.field_len", FIELD_UINT, 16,
	    .help = "Bytes of a field" },
};

static const struct field prism_rows[PRISM_ROWS] = {
	[PRISM_PRISM] = { "prism", FIELD_PROTOCOL,
	    .help = "Prism capture header" },
	[PRISM_MSGCODE] = { "prism.msgcode", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Code of the message" },
	[PRISM_MSGLEN] = { "prism.msglen", FIELD_UINT, 32,
	    .help = "Bytes of the header" },
	[PRISM_DEVNAME] = { "prism.devname", FIELD_STRING,
	    .help = "Name of the device" },
};

static const struct field avs_rows[AVS_ROWS] = {
	[AVS_AVS] = { "wlancap", FIELD_PROTOCOL,
	    .help = "AVS WLAN Capture header" },
	[AVS_MAGIC_ROW] = { "wlancap.magic", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Magic of the header" },
	[AVS_VERSION] = { "wlancap.version", FIELD_UINT, 32,
	    .help = "Version of the header" },
	[AVS_LENGTH] = { "wlancap.length", FIELD_UINT, 32,
	    .help = "Bytes of the header" },
};

const struct field_table radiotap_table = {
	"IEEE 802.11 Radiotap Capture header", rows, RADIOTAP_ROWS
};
const struct field_table ppi_table = {
	"PPI Packet Header", ppi_rows, PPI_ROWS
};
const struct field_table prism_table = {
	"Prism capture header", prism_rows, PRISM_ROWS
};
const struct field_table avs_table = {
	"AVS WLAN Capture header", avs_rows, AVS_ROWS
};

static uint16_t
read_le16(struct cursor *c, struct field_list *l, const struct field *f)
{
	struct span at = span_of(c->base + c->pos, 2);
	uint16_t v = cur_le16(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, at, v);
	return v;
}

static uint32_t
read_le32(struct cursor *c, struct field_list *l, const struct field *f)
{
	struct span at = span_of(c->base + c->pos, 4);
	uint32_t v = cur_le32(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, f, at, v);
	return v;
}

static void
align(struct cursor *c, size_t n)
{
	cur_skip(c, (n - c->pos % n) % n);
}

static uint8_t
radiotap_flags(struct cursor *c, struct field_list *l)
{
	struct span at = span_of(c->base + c->pos, 1);
	uint8_t flags = cur_u8(c);
	size_t entered;
	unsigned i;

	if (l == NULL || !cur_ok(c))
		return flags;
	entered = field_enter_number(l, &rows[RADIOTAP_FLAGS], at, flags);
	for (i = 0; i < 8; i++)
		field_put_number(l, &rows[RADIOTAP_FLAGS_CFP + i], at,
		    flags >> i & 1);
	field_leave(l, entered, NULL);
	return flags;
}

static void
radiotap_signed(struct cursor *c, struct field_list *l,
    enum radiotap_row row)
{
	struct span at = span_of(c->base + c->pos, 1);
	int v = cur_u8(c);

	if (l != NULL && cur_ok(c))
		field_put_number(l, &rows[row], at,
		    (uint64_t)(int64_t)(v < 128 ? v : v - 256));
}

/* The fields of the first word that we know, up to bit 11. */
static void
radiotap_fields(struct cursor *c, struct field_list *l, uint32_t present)
{
	struct span at;

	if ((present & 1U << 2) != 0) {
		at = cur_take(c, 1);
		if (at.n > 0)
			field_put_real(l, &rows[RADIOTAP_DATARATE], at,
			    at.p[0] / 2.0);
	}
	if ((present & 1U << 3) != 0) {
		align(c, 2);
		read_le16(c, l, &rows[RADIOTAP_CHANNEL_FREQ]);
		read_le16(c, l, &rows[RADIOTAP_CHANNEL_FLAGS]);
	}
	if ((present & 1U << 4) != 0)
		cur_skip(c, 2);
	if ((present & 1U << 5) != 0)
		radiotap_signed(c, l, RADIOTAP_ANTSIGNAL);
	if ((present & 1U << 6) != 0)
		radiotap_signed(c, l, RADIOTAP_ANTNOISE);
	if ((present & 7U << 7) != 0) {
		align(c, 2);
		cur_skip(c, 2 * ((present >> 7 & 1) + (present >> 8 & 1) +
		    (present >> 9 & 1)));
	}
	if ((present & 1U << 10) != 0)
		cur_skip(c, 1);
	if ((present & 1U << 11) != 0)
		read_u8(c, l, &rows[RADIOTAP_ANTENNA]);
}

void
radiotap_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_RADIOTAP,
	    &rows[RADIOTAP_RADIOTAP]);
	size_t start = s->c.pos;
	struct cursor c;
	uint32_t present, word;
	uint16_t length;
	uint8_t flags = 0;
	struct span at;
	uint64_t time;

	read_u8(&s->c, s->l, &rows[RADIOTAP_VERSION]);
	read_u8(&s->c, s->l, &rows[RADIOTAP_PAD]);
	length = read_le16(&s->c, s->l, &rows[RADIOTAP_LENGTH]);
	cur_seek(&s->c, start);
	c = cur_sub(&s->c, length);
	cur_skip(&c, 4);
	word = present = read_le32(&c, s->l, &rows[RADIOTAP_PRESENT]);
	while ((word & 1U << 31) != 0 && cur_ok(&c))
		word = read_le32(&c, s->l, &rows[RADIOTAP_PRESENT]);
	if ((present & 1) != 0) {
		align(&c, 8);
		at = span_of(c.base + c.pos, 8);
		time = cur_le64(&c);
		if (cur_ok(&c))
			field_number(s->l, &rows[RADIOTAP_MACTIME], at, time);
	}
	if ((present & 2) != 0)
		flags = radiotap_flags(&c, s->l);
	if (s->l != NULL)
		radiotap_fields(&c, s->l, present);
	step_leave(s, entered);
	if ((flags & RADIOTAP_FLAG_FCS) != 0)
		s->fcs = 4;
	s->wlan_padded = (flags & RADIOTAP_FLAG_PADDED) != 0;
	if (!cur_ok(&s->c) || length < 8)
		step_fail(s);
	else
		step_to(s, NEXT_WLAN, 0);
}

/* Only the flags of the 802.11 field matter to the walk: bit 0 is FCS. */
static void
ppi_fields(struct step *s, struct cursor *c, bool padded)
{
	struct cursor field;
	uint16_t type, length;

	while (cur_left(c) >= 4) {
		type = read_le16(c, s->l, &ppi_rows[PPI_FIELD_TYPE]);
		length = read_le16(c, s->l, &ppi_rows[PPI_FIELD_LEN]);
		field = cur_sub(c, length);
		if (type == PPI_COMMON) {
			cur_skip(&field, 8);
			s->fcs = (cur_le16(&field) & 1) != 0 ? 4 : 0;
		}
		if (padded)
			align(c, 4);
	}
}

void
ppi_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_PPI, &ppi_rows[PPI_PPI]);
	uint16_t length;
	uint32_t link;
	struct cursor c;
	uint8_t flags;

	read_u8(&s->c, s->l, &ppi_rows[PPI_VERSION]);
	flags = read_u8(&s->c, s->l, &ppi_rows[PPI_FLAGS]);
	length = read_le16(&s->c, s->l, &ppi_rows[PPI_LENGTH]);
	link = read_le32(&s->c, s->l, &ppi_rows[PPI_DLT]);
	if (length < 8)
		cur_fail(&s->c);
	c = cur_sub(&s->c, length - 8U);
	ppi_fields(s, &c, (flags & 1) != 0);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (link == 192)
		step_undecoded(s, "link", link);
	else
		step_to(s, NEXT_LINK, link);
}

void
prism_read(struct step *s)
{
	struct cursor c = s->c;
	size_t entered;
	uint32_t length;

	if ((cur_be32(&c) & 0xfffffff0) == AVS_MAGIC) {
		step_to(s, NEXT_AVS, 0);
		return;
	}
	entered = step_enter(s, LAYER_PRISM, &prism_rows[PRISM_PRISM]);
	read_le32(&s->c, s->l, &prism_rows[PRISM_MSGCODE]);
	length = read_le32(&s->c, s->l, &prism_rows[PRISM_MSGLEN]);
	read_stringz(&s->c, 16, s->l, &prism_rows[PRISM_DEVNAME]);
	if (length < 24)
		cur_fail(&s->c);
	cur_skip(&s->c, length - 24U);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_WLAN, 0);
}

void
avs_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_AVS, &avs_rows[AVS_AVS]);
	struct span at = span_of(s->c.base + s->c.pos, 4);
	uint32_t magic = cur_be32(&s->c), length;

	if (cur_ok(&s->c)) {
		field_number(s->l, &avs_rows[AVS_MAGIC_ROW], at, magic >> 4);
		field_number(s->l, &avs_rows[AVS_VERSION], at, magic & 0xf);
	}
	length = read_be32(&s->c, s->l, &avs_rows[AVS_LENGTH]);
	if (length < 8)
		cur_fail(&s->c);
	cur_skip(&s->c, length - 8U);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else
		step_to(s, NEXT_WLAN, 0);
}
