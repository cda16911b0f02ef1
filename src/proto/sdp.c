#include "proto/sdp.h"

#include "base/bytes.h"
#include "proto/rtp.h"

enum sdp_row {
	SDP_SDP,
	SDP_VERSION,
	SDP_OWNER,
	SDP_SESSION_NAME,
	SDP_SESSION_INFO,
	SDP_MEDIA_TITLE,
	SDP_CONNECTION,
	SDP_CONNECTION_ADDRESS,
	SDP_BANDWIDTH,
	SDP_TIME,
	SDP_MEDIA_LINE,
	SDP_MEDIA_KIND,
	SDP_MEDIA_PORT,
	SDP_MEDIA_PROTO,
	SDP_MEDIA_FORMAT,
	SDP_MEDIA_ATTR,
	SDP_SESSION_ATTR,
	SDP_ROWS
};

static const struct field rows[SDP_ROWS] = {
	[SDP_SDP] = { .name = "sdp", .type = FIELD_PROTOCOL,
	    .help = "Session Description Protocol" },
	[SDP_VERSION] = { .name = "sdp.version", .type = FIELD_STRING,
	    .help = "v= version" },
	[SDP_OWNER] = { .name = "sdp.owner", .type = FIELD_STRING,
	    .help = "o= originator and session identifier" },
	[SDP_SESSION_NAME] = { .name = "sdp.session_name",
	    .type = FIELD_STRING, .help = "s= session name" },
	[SDP_SESSION_INFO] = { .name = "sdp.session_info",
	    .type = FIELD_STRING, .help = "i= session information" },
	[SDP_MEDIA_TITLE] = { .name = "sdp.media_title",
	    .type = FIELD_STRING, .help = "i= of a media" },
	[SDP_CONNECTION] = { .name = "sdp.connection_info",
	    .type = FIELD_STRING, .help = "c= connection" },
	[SDP_CONNECTION_ADDRESS] = { .name = "sdp.connection_info.address",
	    .type = FIELD_STRING, .help = "Address of c=" },
	[SDP_BANDWIDTH] = { .name = "sdp.bandwidth", .type = FIELD_STRING,
	    .help = "b= bandwidth" },
	[SDP_TIME] = { .name = "sdp.time", .type = FIELD_STRING,
	    .help = "t= start and stop" },
	[SDP_MEDIA_LINE] = { .name = "sdp.media", .type = FIELD_STRING,
	    .help = "m= media line" },
	[SDP_MEDIA_KIND] = { .name = "sdp.media.media",
	    .type = FIELD_STRING, .help = "Kind of media" },
	[SDP_MEDIA_PORT] = { .name = "sdp.media.port", .type = FIELD_UINT,
	    .bits = 16, .help = "Port of the media" },
	[SDP_MEDIA_PROTO] = { .name = "sdp.media.proto",
	    .type = FIELD_STRING, .help = "Transport of the media" },
	[SDP_MEDIA_FORMAT] = { .name = "sdp.media.format",
	    .type = FIELD_STRING, .help = "Format: RTP payload type" },
	[SDP_MEDIA_ATTR] = { .name = "sdp.media_attr",
	    .type = FIELD_STRING, .help = "a= of a media" },
	[SDP_SESSION_ATTR] = { .name = "sdp.session_attr",
	    .type = FIELD_STRING, .help = "a= of the session" },
};

const struct field_table sdp_fields = {
	"Session Description Protocol", rows, SDP_ROWS
};

/* The next word up to a space; *s moves behind it. */
static struct span
word(struct span *s)
{
	size_t n = span_find_byte(*s, ' ');
	struct span w = span_first(*s, n);

	*s = span_after(*s, n + 1);
	return w;
}

/* c=IN IP4 192.0.2.1/127 */
static struct span
connection_read(struct span value, struct addr *address,
    struct field_list *l)
{
	struct span text;

	(void)word(&value);
	(void)word(&value);
	text = span_first(value, span_find_byte(value, '/'));
	text = span_trim(text);
	if (!addr_read(text, address))
		address->kind = ADDR_NONE;
	if (text.n > 0)
		field_bytes(l, &rows[SDP_CONNECTION_ADDRESS], text);
	return text;
}

static void
formats_read(struct span value, struct sdp_media *m, struct field_list *l)
{
	while (value.n > 0) {
		struct span w = word(&value);
		uint64_t type;

		if (w.n == 0)
			continue;
		field_bytes(l, &rows[SDP_MEDIA_FORMAT], w);
		if (!span_read_uint(w, 127, &type) ||
		    m->n_formats == SDP_FORMATS)
			continue;
		m->formats[m->n_formats].payload_type = (uint8_t)type;
		m->formats[m->n_formats++].encoding = span_empty();
	}
}

/* m=audio 49170/2 RTP/AVP 0 8 */
static void
media_read(struct span value, struct sdp_media *m, struct field_list *l)
{
	struct span port;
	uint64_t number = 0;

	m->kind = word(&value);
	port = word(&value);
	port = span_first(port, span_find_byte(port, '/'));
	m->transport = word(&value);
	m->direction = m->address_text = span_empty();
	field_bytes(l, &rows[SDP_MEDIA_KIND], m->kind);
	if (span_read_uint(port, UINT16_MAX, &number))
		field_number(l, &rows[SDP_MEDIA_PORT], port, number);
	m->port = (uint16_t)number;
	field_bytes(l, &rows[SDP_MEDIA_PROTO], m->transport);
	formats_read(value, m, l);
}

/* a=rtpmap:0 PCMU/8000 */
static void
rtpmap_read(struct span value, struct sdp_media *m)
{
	struct span type = word(&value);
	uint64_t number;

	if (!span_read_uint(type, 127, &number))
		return;
	for (size_t i = 0; i < m->n_formats; i++) {
		if (m->formats[i].payload_type == number)
			m->formats[i].encoding = value;
	}
}

static void
attribute_read(struct span value, struct sdp_media *m)
{
	if (m == NULL)
		return;
	if (span_starts(value, "rtpmap:"))
		rtpmap_read(span_after(value, 7), m);
	else if (span_is(value, "sendrecv") || span_is(value, "sendonly") ||
	    span_is(value, "recvonly") || span_is(value, "inactive"))
		m->direction = value;
}

static enum sdp_row
row_of(uint8_t letter, bool in_media)
{
	switch (letter) {
	case 'v':
		return SDP_VERSION;
	case 'o':
		return SDP_OWNER;
	case 's':
		return SDP_SESSION_NAME;
	case 'i':
		return in_media ? SDP_MEDIA_TITLE : SDP_SESSION_INFO;
	case 'c':
		return SDP_CONNECTION;
	case 'b':
		return SDP_BANDWIDTH;
	case 't':
		return SDP_TIME;
	case 'm':
		return SDP_MEDIA_LINE;
	case 'a':
		return in_media ? SDP_MEDIA_ATTR : SDP_SESSION_ATTR;
	default:
		return SDP_SDP;
	}
}

/* Those that are left out have their fields, too. */
static struct sdp_media *
media_add(struct sdp *s, struct span value, struct field_list *l)
{
	BYTES_UNSET struct sdp_media more;
	struct sdp_media *m = &more;

	if (s->n_media < SDP_MEDIA)
		m = &s->media[s->n_media++];
	else
		s->n_left_out++;
	m->n_formats = 0;
	m->address = (struct addr){ .kind = ADDR_NONE };
	media_read(value, m, l);
	return m == &more ? NULL : m;
}

static void
line_read(struct sdp *s, struct sdp_media **media, struct span line,
    struct field_list *l)
{
	struct span value = span_after(line, 2);
	bool in_media = s->n_media > 0;
	enum sdp_row row = row_of(line.p[0], in_media);

	if (row == SDP_SDP)
		return;
	if (l != NULL) {
		field_put_bytes(l, &rows[row], line, value);
		l->depth++;
	}
	if (row == SDP_OWNER)
		s->owner = value;
	else if (row == SDP_SESSION_NAME)
		s->session_name = value;
	else if (row == SDP_CONNECTION && *media != NULL)
		(*media)->address_text = connection_read(value,
		    &(*media)->address, l);
	else if (row == SDP_CONNECTION && !in_media)
		s->address_text = connection_read(value, &s->address, l);
	else if (row == SDP_MEDIA_LINE)
		*media = media_add(s, value, l);
	else if (row == SDP_MEDIA_ATTR)
		attribute_read(value, *media);
	if (l != NULL)
		l->depth--;
}

/* RTP may now be met there: the only way to know it for what it is. */
static void
announce(struct sdp *s, struct decode *d)
{
	for (size_t i = 0; i < s->n_media; i++) {
		struct sdp_media *m = &s->media[i];

		if (m->address_text.n == 0) {
			m->address = s->address;
			m->address_text = s->address_text;
		}
		if (d->dispatch == NULL || m->port == 0 ||
		    m->address.kind == ADDR_NONE ||
		    !span_starts(m->transport, "RTP/"))
			continue;
		dispatch_expect(d->dispatch, &m->address, m->port, &proto_rtp);
	}
}

const struct sdp *
sdp_decode(struct span body, struct decode *d)
{
	struct cursor c = cur_open(body);
	struct sdp_media *media = NULL;
	struct sdp *s;
	size_t entered;

	if (!span_starts(body, "v="))
		return NULL;
	s = arena_room(d->arena, 1, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->owner = s->session_name = s->address_text = span_empty();
	s->address = (struct addr){ .kind = ADDR_NONE };
	s->n_media = s->n_left_out = 0;
	entered = field_enter(d->fields, &rows[SDP_SDP], body);
	while (cur_left(&c) > 0) {
		struct span line = cur_line(&c);

		if (line.n >= 2 && line.p[1] == '=')
			line_read(s, &media, line, d->fields);
	}
	field_leave(d->fields, entered, body.p + body.n);
	announce(s, d);
	return s;
}

static const void *
sdp_message_decode(struct cursor *c, struct decode *d)
{
	return sdp_decode(cur_rest(c), d);
}

/* Never found on a port of its own: bodies of SIP bring it. */
const struct proto proto_sdp = {
	.name = "sdp",
	.title = "Session Description Protocol",
	.fields = &sdp_fields,
	.found_by = "sip",
	.decode = sdp_message_decode,
};
