#include "base/bytes.h"
#include "net/frame.h"

#include "base/number.h"

enum row {
	FRAME_FRAME,
	FRAME_SECTION,
	FRAME_INTERFACE_ID,
	FRAME_INTERFACE_NAME,
	FRAME_INTERFACE_DESCRIPTION,
	FRAME_ENCAP,
	FRAME_TIME,
	FRAME_TIME_EPOCH,
	FRAME_TIME_DELTA,
	FRAME_TIME_DELTA_DISPLAYED,
	FRAME_TIME_RELATIVE,
	FRAME_OFFSET_SHIFT,
	FRAME_NUMBER,
	FRAME_LEN,
	FRAME_CAP_LEN,
	FRAME_LEN_LT_CAPLEN,
	FRAME_MARKED,
	FRAME_IGNORED,
	FRAME_FLAGS,
	FRAME_FLAGS_DIRECTION,
	FRAME_FLAGS_RECEPTION,
	FRAME_FLAGS_FCS,
	FRAME_FLAGS_CRC_ERROR,
	FRAME_COMMENT,
	FRAME_PROTOCOLS,
	FRAME_ROWS
};

static const struct value_name directions[] = {
	{ 0, "Unknown" },
	{ 1, "Inbound" },
	{ 2, "Outbound" },
	{ 0, NULL }
};

static const struct value_name receptions[] = {
	{ 0, "Not specified" },
	{ 1, "Unicast" },
	{ 2, "Multicast" },
	{ 3, "Broadcast" },
	{ 4, "Promiscuous" },
	{ 0, NULL }
};

static const struct field rows[FRAME_ROWS] = {
	[FRAME_FRAME] = { "frame", FIELD_PROTOCOL, .help = "Frame" },
	[FRAME_SECTION] = { "frame.section_number", FIELD_UINT, 32,
	    .help = "Section of the pcapng file, from 1" },
	[FRAME_INTERFACE_ID] = { "frame.interface_id", FIELD_UINT, 32,
	    .help = "Capture interface, numbered in its section from 0" },
	[FRAME_INTERFACE_NAME] = { "frame.interface_name", FIELD_STRING,
	    .help = "Name of the capture interface" },
	[FRAME_INTERFACE_DESCRIPTION] = { "frame.interface_description",
	    FIELD_STRING, .help = "Description of the capture interface" },
	[FRAME_ENCAP] = { "frame.encap_type", FIELD_INT, 16,
	    .help = "Link layer, as Wireshark numbers them" },
	[FRAME_TIME] = { "frame.time", FIELD_TIME,
	    .help = "When the frame was captured, UTC" },
	[FRAME_TIME_EPOCH] = { "frame.time_epoch", FIELD_DURATION,
	    .help = "When the frame was captured, seconds since 1970 UTC" },
	[FRAME_TIME_DELTA] = { "frame.time_delta", FIELD_DURATION,
	    .help = "Seconds since the frame before it in the file" },
	[FRAME_TIME_DELTA_DISPLAYED] = { "frame.time_delta_displayed",
	    FIELD_DURATION, .help = "Seconds since the frame shown before" },
	[FRAME_TIME_RELATIVE] = { "frame.time_relative", FIELD_DURATION,
	    .help = "Seconds since the first frame of the file" },
	[FRAME_OFFSET_SHIFT] = { "frame.offset_shift", FIELD_DURATION,
	    .help = "Correction of the time; always zero here" },
	[FRAME_NUMBER] = { "frame.number", FIELD_UINT, 32,
	    .help = "Number of the frame in the file, from 1" },
	[FRAME_LEN] = { "frame.len", FIELD_UINT, 32,
	    .help = "Bytes on the wire" },
	[FRAME_CAP_LEN] = { "frame.cap_len", FIELD_UINT, 32,
	    .help = "Bytes that the file holds" },
	[FRAME_LEN_LT_CAPLEN] = { "frame.len_lt_caplen", FIELD_NONE,
	    .help = "More bytes in the file than there were on the wire" },
	[FRAME_MARKED] = { "frame.marked", FIELD_BOOL,
	    .help = "Marked by the user; never here" },
	[FRAME_IGNORED] = { "frame.ignored", FIELD_BOOL,
	    .help = "Ignored by the user; never here" },
	[FRAME_FLAGS] = { "frame.packet_flags", FIELD_UINT, 32, FIELD_HEX,
	    .help = "Flags that the capturer gave (pcapng)" },
	[FRAME_FLAGS_DIRECTION] = { "frame.packet_flags_direction",
	    FIELD_UINT, 32, FIELD_HEX, .names = directions,
	    .help = "Into or out of the capturing host" },
	[FRAME_FLAGS_RECEPTION] = { "frame.packet_flags_reception_type",
	    FIELD_UINT, 32, .names = receptions,
	    .help = "How the capturing host was addressed" },
	[FRAME_FLAGS_FCS] = { "frame.packet_flags_fcs_length", FIELD_UINT,
	    32, .help = "Bytes of check sequence, 0 unknown" },
	[FRAME_FLAGS_CRC_ERROR] = { "frame.packet_flags_crc_error",
	    FIELD_BOOL, .help = "The check sequence was wrong" },
	[FRAME_COMMENT] = { "frame.comment", FIELD_STRING,
	    .help = "Comment on the packet (pcapng)" },
	[FRAME_PROTOCOLS] = { "frame.protocols", FIELD_STRING,
	    .help = "The layers, from outside in" },
};

const struct field_table frame_table = { "Frame", rows, FRAME_ROWS };

int
frame_encap(uint16_t link)
{
	static const struct {
		uint16_t link;
		int16_t encap;
	} encaps[] = {
		{ 0, 15 }, { 1, 1 }, { 6, 2 }, { 8, 3 }, { 9, 4 },
		{ 10, 6 }, { 12, 7 }, { 14, 7 }, { 50, 4 }, { 51, 139 },
		{ 100, 10 }, { 101, 7 }, { 104, 28 }, { 105, 20 },
		{ 106, 11 }, { 107, 26 }, { 108, 174 }, { 109, 38 },
		{ 113, 25 }, { 117, 39 }, { 119, 21 }, { 123, 13 },
		{ 127, 23 }, { 129, 9 }, { 163, 24 }, { 192, 97 },
		{ 195, 104 }, { 226, 124 }, { 228, 129 }, { 229, 130 },
		{ 230, 127 }, { 231, 146 }, { 239, 141 }, { 242, 180 },
		{ 253, 158 }, { 255, 160 }, { 256, 161 }, { 258, 171 },
		{ 271, 185 }, { 274, 1 }, { 276, 210 }, { 178, 83 },
		{ 137, 67 },
	};
	size_t i;

	if (link >= 147 && link <= 162) /* for private use */
		return link - 147 + 45;
	for (i = 0; i < LENGTH(encaps); i++) {
		if (encaps[i].link == link)
			return encaps[i].encap;
	}
	return -1;
}

static int64_t
since(struct timestamp t, struct timestamp before)
{
	return before.known && t.known ? time_diff(t, before) : 0;
}

/* Seconds and nanoseconds as one number; beyond 292 years it saturates. */
static int64_t
epoch(struct timestamp t)
{
	const struct timestamp zero = { .known = true };

	return time_diff(t, zero);
}

static void
epoch_field(struct field_list *l, struct timestamp t)
{
	size_t n = l->n;

	field_put_number(l, &rows[FRAME_TIME_EPOCH], span_empty(),
	    (uint64_t)epoch(t));
	if (l->n > n) {
		l->values[n].time.seconds = t.seconds;
		l->values[n].time.nanoseconds = t.nanoseconds;
	}
}

static void
interface_fields(struct field_list *l, const struct frame_facts *facts)
{
	const struct capture_interface *i = facts->interface;
	struct span none = span_empty(), name = span_text("unknown");

	if (facts->section != 0)
		field_put_number(l, &rows[FRAME_SECTION], none,
		    facts->section);
	if (facts->section != 0 || i != NULL)
		field_put_number(l, &rows[FRAME_INTERFACE_ID], none,
		    facts->interface_id);
	if (facts->interface_name.n != 0)
		name = facts->interface_name;
	else if (i != NULL && i->description.n != 0)
		name = i->description;
	if (facts->section != 0 || i != NULL)
		field_put_bytes(l, &rows[FRAME_INTERFACE_NAME], none, name);
	if (i != NULL && i->description.n != 0)
		field_put_bytes(l, &rows[FRAME_INTERFACE_DESCRIPTION], none,
		    i->description);
}

static void
time_fields(struct field_list *l, const struct record *r,
    const struct frame_facts *facts)
{
	struct span none = span_empty();

	if (r->time.known) {
		field_put_time(l, &rows[FRAME_TIME], none, r->time.seconds,
		    r->time.nanoseconds);
		field_put_number(l, &rows[FRAME_OFFSET_SHIFT], none, 0);
		epoch_field(l, r->time);
	}
	if (facts == NULL || !r->time.known)
		return;
	field_put_number(l, &rows[FRAME_TIME_DELTA], none,
	    (uint64_t)since(r->time, facts->previous));
	field_put_number(l, &rows[FRAME_TIME_DELTA_DISPLAYED], none,
	    (uint64_t)since(r->time, facts->displayed));
	field_put_number(l, &rows[FRAME_TIME_RELATIVE], none,
	    (uint64_t)since(r->time, facts->first));
}

static void
flags_fields(struct field_list *l, uint32_t flags)
{
	struct span none = span_empty();
	size_t entered = field_enter_number(l, &rows[FRAME_FLAGS],
	    none, flags);

	field_bits(l, &rows[FRAME_FLAGS_DIRECTION], none, flags, 0x3);
	field_bits(l, &rows[FRAME_FLAGS_RECEPTION], none, flags, 0x1c);
	field_bits(l, &rows[FRAME_FLAGS_FCS], none, flags, 0x1e0);
	field_bits(l, &rows[FRAME_FLAGS_CRC_ERROR], none, flags, 0x1000000);
	field_leave(l, entered, NULL);
}

void
frame_fields(struct packet *p, const struct frame_facts *facts)
{
	const struct record *r = p->record;
	struct field_list *l = p->fields;
	struct span none = span_empty();
	size_t entered = field_enter(l, &rows[FRAME_FRAME], r->bytes);
	int encap = frame_encap(r->link);

	if (facts != NULL)
		interface_fields(l, facts);
	if (encap >= 0)
		field_put_number(l, &rows[FRAME_ENCAP], none, (uint64_t)encap);
	time_fields(l, r, facts);
	field_put_number(l, &rows[FRAME_NUMBER], none, r->number);
	field_put_number(l, &rows[FRAME_LEN], none, r->len);
	field_put_number(l, &rows[FRAME_CAP_LEN], none, r->bytes.n);
	if (r->len < r->bytes.n)
		field_mark(l, &rows[FRAME_LEN_LT_CAPLEN], none);
	field_put_number(l, &rows[FRAME_MARKED], none, 0);
	field_put_number(l, &rows[FRAME_IGNORED], none, 0);
	if ((r->flags & RECORD_HAS_FLAGS) != 0)
		flags_fields(l, r->pack_flags);
	field_put_bytes(l, &rows[FRAME_PROTOCOLS], none, none);
	if (r->comment.n != 0)
		field_put_bytes(l, &rows[FRAME_COMMENT], none, r->comment);
	field_leave(l, entered, NULL);
}

struct words {
	char text[1024];
	size_t n;
};

static void
word_add(struct words *w, const char *word)
{
	size_t n = strlen(word);

	if (n == 0 || w->n + n + 1 > sizeof(w->text))
		return;
	if (w->n != 0)
		w->text[w->n++] = ':';
	memcpy(w->text + w->n, word, n);
	w->n += n;
}

static const char *
layer_word(const struct layer_at *at)
{
	static const struct value_name extensions[] = {
		{ 0, "ipv6.hopopts" },
		{ 43, "ipv6.routing" },
		{ 44, "ipv6.fraghdr" },
		{ 60, "ipv6.dstopts" },
		{ 135, "mipv6" },
		{ 139, "hip" },
		{ 140, "shim6" },
		{ 0, NULL }
	};
	const char *word;

	if (at->layer == LAYER_RADIOTAP)
		return "radiotap:wlan_radio";
	if (at->layer == LAYER_PPI)
		return "ppi:wlan_radio";
	if (at->layer == LAYER_VLAN && at->kind == 1)
		return "ieee8021ad";
	if (at->layer == LAYER_PPPOE)
		return at->kind == 0 ? "pppoed" : "pppoes";
	if (at->layer != LAYER_IPV6_EXT)
		return layer_name((enum layer)at->layer);
	word = value_name(extensions, at->kind);
	return word == NULL ? "" : word;
}

void
frame_protocols(struct packet *p, const char *const *words, size_t n)
{
	struct field_list *l = p->fields;
	struct words w BYTES_UNSET;
	size_t at, i;

	for (at = 0; at < l->n; at++) {
		if (l->values[at].field == &rows[FRAME_PROTOCOLS])
			break;
	}
	if (at == l->n)
		return;
	w.n = 0;
	if (p->record->link == 101 || p->record->link == 12 ||
	    p->record->link == 14)
		word_add(&w, "raw");
	for (i = 0; i < p->n_stack; i++) {
		word_add(&w, layer_word(&p->stack[i]));
		if (p->stack[i].ethertype)
			word_add(&w, "ethertype");
	}
	for (i = 0; i < n; i++)
		word_add(&w, words[i]);
	if (n == 0 && packet_has(p, LAYER_DATA))
		word_add(&w, "data");
	l->values[at].bytes = arena_copy(p->arena, span_of(w.text, w.n));
}
