#include "proto/rtp.h"

#define FIXED 12 /* bytes; Wireshark takes no fewer for RTP */

enum rtp_row {
	RTP_RTP,
	RTP_VERSION,
	RTP_PADDING,
	RTP_EXT,
	RTP_CC,
	RTP_MARKER,
	RTP_P_TYPE,
	RTP_SEQ,
	RTP_TIMESTAMP,
	RTP_SSRC,
	RTP_CSRC_ITEM,
	RTP_EXT_PROFILE,
	RTP_EXT_LEN,
	RTP_PAYLOAD,
	RTP_ROWS
};

/* RFC 3551, section 6. */
static const struct value_name rtp_types[] = {
	{ 0, "ITU-T G.711 PCMU" },
	{ 3, "GSM 06.10" },
	{ 4, "ITU-T G.723" },
	{ 8, "ITU-T G.711 PCMA" },
	{ 9, "ITU-T G.722" },
	{ 10, "16-bit uncompressed audio, stereo" },
	{ 11, "16-bit uncompressed audio, monaural" },
	{ 13, "Comfort noise" },
	{ 15, "ITU-T G.728" },
	{ 18, "ITU-T G.729" },
	{ 26, "JPEG-compressed video" },
	{ 31, "ITU-T H.261" },
	{ 34, "ITU-T H.263" },
	{ 0, NULL },
};

static const struct field rows[RTP_ROWS] = {
	[RTP_RTP] = { .name = "rtp", .type = FIELD_PROTOCOL,
	    .help = "Real-Time Transport Protocol" },
	[RTP_VERSION] = { .name = "rtp.version", .type = FIELD_UINT,
	    .bits = 8, .help = "Version, 2" },
	[RTP_PADDING] = { .name = "rtp.padding", .type = FIELD_BOOL,
	    .bits = 8, .help = "Padding at the end" },
	[RTP_EXT] = { .name = "rtp.ext", .type = FIELD_BOOL, .bits = 8,
	    .help = "Header extension follows" },
	[RTP_CC] = { .name = "rtp.cc", .type = FIELD_UINT, .bits = 8,
	    .help = "Number of contributing sources" },
	[RTP_MARKER] = { .name = "rtp.marker", .type = FIELD_BOOL,
	    .bits = 8, .help = "Marker: start of a talk spurt or frame" },
	[RTP_P_TYPE] = { .name = "rtp.p_type", .type = FIELD_UINT,
	    .bits = 8, .help = "Payload type", .names = rtp_types },
	[RTP_SEQ] = { .name = "rtp.seq", .type = FIELD_UINT, .bits = 16,
	    .help = "Sequence number" },
	[RTP_TIMESTAMP] = { .name = "rtp.timestamp", .type = FIELD_UINT,
	    .bits = 32, .help = "Sampling time of the first octet" },
	[RTP_SSRC] = { .name = "rtp.ssrc", .type = FIELD_UINT, .bits = 32,
	    .base = FIELD_HEX, .help = "Synchronisation source" },
	[RTP_CSRC_ITEM] = { .name = "rtp.csrc.item", .type = FIELD_UINT,
	    .bits = 32, .base = FIELD_HEX, .help = "Contributing source" },
	[RTP_EXT_PROFILE] = { .name = "rtp.ext.profile", .type = FIELD_UINT,
	    .bits = 16, .base = FIELD_HEX, .help = "Extension's profile" },
	[RTP_EXT_LEN] = { .name = "rtp.ext.len", .type = FIELD_UINT,
	    .bits = 16, .help = "Extension's length in 32-bit words" },
	[RTP_PAYLOAD] = { .name = "rtp.payload", .type = FIELD_BYTES,
	    .help = "Payload" },
};

static const struct field_table table = {
	"Real-Time Transport Protocol", rows, RTP_ROWS
};

static void
extension_read(struct cursor *c, struct field_list *l)
{
	uint16_t words;

	(void)read_be16(c, l, &rows[RTP_EXT_PROFILE]);
	words = read_be16(c, l, &rows[RTP_EXT_LEN]);
	cur_skip(c, (size_t)words * 4);
}

/* The last octet of the padding says how much there is. */
static size_t
padding_length(const struct rtp_packet *r, struct span rest, size_t claimed)
{
	uint8_t n;

	if (!r->padding || rest.n == 0 || rest.n != claimed)
		return 0;
	n = rest.p[rest.n - 1];
	return n <= rest.n ? n : 0;
}

static void
header_read(struct cursor *c, struct field_list *l, struct rtp_packet *r)
{
	struct span first = cur_take(c, 1);
	struct span second = cur_take(c, 1);
	unsigned a = first.n ? first.p[0] : 0, b = second.n ? second.p[0] : 0;

	r->version = (uint8_t)(a >> 6);
	r->padding = (a & 0x20) != 0;
	r->extension = (a & 0x10) != 0;
	r->n_csrc = a & 0x0f;
	r->marker = (b & 0x80) != 0;
	r->payload_type = b & 0x7f;
	field_bits(l, &rows[RTP_VERSION], first, a, 0xc0);
	field_bits(l, &rows[RTP_PADDING], first, a, 0x20);
	field_bits(l, &rows[RTP_EXT], first, a, 0x10);
	field_bits(l, &rows[RTP_CC], first, a, 0x0f);
	field_bits(l, &rows[RTP_MARKER], second, b, 0x80);
	field_bits(l, &rows[RTP_P_TYPE], second, b, 0x7f);
	r->seq = read_be16(c, l, &rows[RTP_SEQ]);
	r->timestamp = read_be32(c, l, &rows[RTP_TIMESTAMP]);
	r->ssrc = read_be32(c, l, &rows[RTP_SSRC]);
	for (unsigned i = 0; i < r->n_csrc && cur_ok(c); i++)
		(void)read_be32(c, l, &rows[RTP_CSRC_ITEM]);
	if (r->extension)
		extension_read(c, l);
}

static const void *
rtp_decode(struct cursor *c, struct decode *d)
{
	struct rtp_packet *r = arena_new(d->arena, struct rtp_packet);
	struct span all = span_of(c->base + c->pos, cur_left(c));
	size_t entered, claimed;
	struct span rest;

	/* Another version is something else on an announced port: STUN. */
	if (r == NULL || all.n < FIXED || all.p[0] >> 6 != 2)
		return NULL;
	entered = field_enter(d->fields, &rows[RTP_RTP], all);
	header_read(c, d->fields, r);
	if (!cur_ok(c)) {
		field_leave(d->fields, entered, all.p + all.n);
		return c->cut ? r : NULL;
	}
	claimed = cur_claimed_left(c);
	rest = cur_rest(c);
	r->payload_length = claimed - padding_length(r, rest, claimed);
	if (rest.n > 0)
		field_bytes(d->fields, &rows[RTP_PAYLOAD],
		    span_first(rest, r->payload_length));
	field_leave(d->fields, entered, all.p + all.n);
	return r;
}

static void
rtp_info(struct buf *out, const void *data)
{
	const struct rtp_packet *r = data;
	const char *type = value_name(rtp_types, r->payload_type);

	if (type != NULL)
		buf_printf(out, "PT=%s", type);
	else
		buf_printf(out, "PT=%u", r->payload_type);
	buf_printf(out, ", SSRC=0x%X, Seq=%u, Time=%u%s", (unsigned)r->ssrc,
	    r->seq, (unsigned)r->timestamp, r->marker ? ", Mark" : "");
}

const struct proto proto_rtp = {
	.name = "rtp",
	.title = "Real-Time Transport Protocol",
	.fields = &table,
	.found_by = "sip",
	.decode = rtp_decode,
	.info = rtp_info,
};
