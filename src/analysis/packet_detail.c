#include "analysis/packet_detail.h"

#include "analysis/field_json.h"
#include "analysis/flow_ends.h"
#include "analysis/packet_info.h"

#define TEXT_MAX_BYTES ((size_t)64 << 20)
#define HEX_SHOWN 4096
#define HEX_ROW 150 /* bytes of the answer beside the digits */
#define INFO_SHOWN 400
#define NEST_MAX 10 /* subtrees; what is deeper stands beside */

/* ---- Fields as trees -------------------------------------------------- */

struct tree {
	struct packet_detail *d;
	const struct field_list *l;
	unsigned level;   /* open subtrees of the open layer */
	bool open;        /* a layer is */
	bool full;        /* the budget is spent */
};

static void
tree_close(struct tree *t, unsigned level)
{
	for (; t->level > level; t->level--) {
		json_end(&t->d->json); /* the children */
		json_end(&t->d->json); /* their parent */
	}
}

static void
layer_close(struct tree *t)
{
	if (!t->open)
		return;
	tree_close(t, 0);
	json_end(&t->d->json);
	json_end(&t->d->json);
	t->open = false;
}

static bool
layer_wanted(const struct packet_detail *d, const struct field_value *v)
{
	for (size_t i = 0; i < d->o.n_layers; i++) {
		if (span_is_nocase(d->o.layers[i], v->field->name))
			return true;
	}
	return d->o.n_layers == 0;
}

static void
layer_open(struct tree *t, const struct field_value *v)
{
	struct json *j = &t->d->json;

	json_object(j, NULL);
	json_text(j, "layer", v->field->name);
	if (v->source != 0 && v->source < t->l->n_sources)
		json_text(j, "bytes_of", t->l->source_names[v->source]);
	json_uint(j, "offset", v->offset);
	json_uint(j, "length", v->length);
	json_array(j, "fields");
	t->open = true;
}

/* [name, value, label, children]; the last two only when there are any. */
static void
field_write(struct tree *t, size_t i)
{
	const struct field_value *v = &t->l->values[i];
	struct json *j = &t->d->json;
	const char *label = field_label(v);
	bool parent = i + 1 < t->l->n && t->level < NEST_MAX &&
	    t->l->values[i + 1].depth > v->depth;

	json_array(j, NULL);
	json_text(j, NULL, v->field->name);
	field_json(j, NULL, v);
	if (label != NULL)
		json_text(j, NULL, label);
	if (parent) {
		json_array(j, NULL);
		t->level++;
	} else {
		json_end(j);
	}
}

/* A field of the open layer, or false: the budget does not have it. */
static bool
field_add(struct tree *t, size_t i)
{
	const struct field_value *v = &t->l->values[i];
	struct json_mark mark;
	unsigned level;

	tree_close(t, v->depth > 0 ? v->depth - 1u : 0);
	mark = json_mark(&t->d->json);
	level = t->level;
	field_write(t, i);
	if (t->d->o.max_bytes == 0 || t->d->text.n <= t->d->tree_bytes)
		return true;
	json_rewind(&t->d->json, mark);
	t->level = level;
	return false;
}

static void
trees_write(struct packet_detail *d, const struct packet *p)
{
	struct tree t = { .d = d, .l = p->fields };
	bool wanted = false;

	json_array(&d->json, "layers");
	for (size_t i = 0; t.l != NULL && i < t.l->n; i++) {
		const struct field_value *v = &t.l->values[i];

		if (v->depth == 0) {
			layer_close(&t);
			wanted = layer_wanted(d, v);
			if (wanted && !t.full)
				layer_open(&t, v);
			continue;
		}
		if (!wanted)
			continue;
		if (!t.full && t.open && field_add(&t, i))
			continue;
		t.full = true;
		d->left_out++;
	}
	layer_close(&t);
	json_end(&d->json);
}

/* ---- The frame -------------------------------------------------------- */

static void
partner_add(struct packet_detail *d, uint64_t frame, const char *what,
    bool from_there)
{
	if (frame == 0 || frame == d->o.frame ||
	    d->n_partners == DETAIL_PARTNERS)
		return;
	for (size_t i = 0; i < d->n_partners; i++) {
		if (d->partners[i].frame == frame &&
		    d->partners[i].what == what)
			return;
	}
	d->partners[d->n_partners++] = (struct packet_partner){
		.frame = frame, .what = what, .from_there = from_there };
}

static void
stream_write(struct packet_detail *d, const struct packet *p)
{
	const struct transport *t = packet_transport(p);
	struct json *j = &d->json;
	const char *name;

	if (t == NULL || t->flow == NULL || t->stream == STREAM_NONE)
		return;
	name = t->protocol == 6 ? "tcp" : t->protocol == 17 ? "udp" :
	    t->protocol == 132 ? "sctp" : "udplite";
	json_object(j, "stream");
	json_text(j, "protocol", name);
	json_uint(j, "stream", t->stream);
	json_text(j, "direction", t->direction == 0 ? "client to server" :
	    "server to client");
	flow_ends_report(t->flow, j);
	if (t->protocol == 6 || t->protocol == 17)
		json_textf(j, "filter", "%s.stream == %u", name, t->stream);
	json_end(j);
	partner_add(d, t->retransmission_of, "retransmission_of", false);
}

/* Bytes shown of the next source, of so many that it has. */
static size_t
hex_room(const struct packet_detail *d, size_t n)
{
	size_t room;

	if (d->o.max_bytes == 0)
		return n < HEX_SHOWN ? n : HEX_SHOWN;
	if (d->text.n + HEX_ROW >= d->o.max_bytes)
		return 0;
	room = (d->o.max_bytes - d->text.n - HEX_ROW) / 2;
	if (room > HEX_SHOWN)
		room = HEX_SHOWN;
	return n < room ? n : room;
}

static void
hex_write(struct packet_detail *d, const struct packet *p)
{
	const struct field_list *l = p->fields;
	struct json *j = &d->json;

	if (!d->o.hex || l == NULL)
		return;
	json_array(j, "bytes");
	for (size_t i = 0; i < l->n_sources; i++) {
		struct span bytes = l->sources[i];
		size_t shown = hex_room(d, bytes.n);

		json_object(j, NULL);
		json_text(j, "of", i == 0 ? "frame" : l->source_names[i]);
		json_uint(j, "length", bytes.n);
		json_hex(j, "hex", span_first(bytes, shown));
		if (bytes.n > shown)
			json_uint(j, "not_shown", bytes.n - shown);
		json_end(j);
	}
	json_end(j);
}

/* The trees leave half of what the heading left to the bytes, at most. */
static void
budget_split(struct packet_detail *d, const struct packet *p)
{
	size_t room = d->o.max_bytes, want;

	d->tree_bytes = room;
	if (!d->o.hex || room <= d->text.n)
		return;
	want = 2 * p->bytes.n + HEX_ROW;
	room = (room - d->text.n) / 2;
	d->tree_bytes -= want < room ? want : room;
}

static void
heading_write(struct packet_detail *d, const struct packet *p)
{
	const struct record *r = p->record;
	struct json *j = &d->json;
	struct buf text;

	json_uint(j, "number", r->number);
	if (r->time.known)
		json_time(j, "time", r->time);
	json_uint(j, "length_bytes", r->len);
	json_uint(j, "captured_bytes", r->bytes.n);
	buf_init(&text, TEXT_MAX_BYTES);
	packet_source(&text, p);
	if (text.n > 0)
		json_span(j, "source", buf_bytes(&text));
	buf_cut(&text, 0);
	packet_destination(&text, p);
	if (text.n > 0)
		json_span(j, "destination", buf_bytes(&text));
	buf_cut(&text, 0);
	packet_protocol(&text, p);
	json_span(j, "protocol", buf_bytes(&text));
	buf_cut(&text, 0);
	packet_info(&text, p, INFO_SHOWN);
	json_span(j, "info", buf_bytes(&text));
	buf_free(&text);
	if (r->comment.n > 0)
		json_foreign(j, "comment", r->comment);
	if (p->cut)
		json_bool(j, "cut_by_snaplen", true);
	if (p->malformed)
		json_bool(j, "malformed", true);
}

static void
own_partners(struct packet_detail *d, const struct packet *p)
{
	const struct field_list *l = p->fields;

	for (size_t i = 0; l != NULL && i < l->n; i++) {
		const struct field_value *v = &l->values[i];

		if (v->field->type == FIELD_FRAME)
			partner_add(d, v->number, v->field->name, false);
	}
}

static bool
detail_begin(void *state, struct scan *scan, const void *options)
{
	struct packet_detail *d = state;

	d->scan = scan;
	d->o = *(const struct packet_detail_options *)options;
	buf_init(&d->text, TEXT_MAX_BYTES);
	json_init(&d->json, &d->text);
	return true;
}

static void
detail_packet(void *state, const struct packet *p)
{
	struct packet_detail *d = state;

	if (p->record->number != d->o.frame)
		return;
	d->found = true;
	json_object(&d->json, NULL);
	heading_write(d, p);
	stream_write(d, p);
	own_partners(d, p);
	budget_split(d, p);
	trees_write(d, p);
	if (d->left_out > 0)
		json_uint(&d->json, "fields_left_out", d->left_out);
	hex_write(d, p);
	json_end(&d->json);
}

const struct analyzer analyzer_packet_detail = {
	.name = "packet_detail",
	.wants = WANT_WALK | WANT_FLOWS | WANT_MESSAGES | WANT_FIELDS |
	    WANT_DEFRAG,
	.size = sizeof(struct packet_detail),
	.begin = detail_begin,
	.packet = detail_packet,
};

/* ---- Frames behind it ------------------------------------------------- */

struct partners {
	const struct scan_request *of;
	struct scan *scan;
};

struct field_wants *
detail_frame_rows(void)
{
	struct field_wants *w = field_wants_new();

	for (size_t i = 0; w != NULL && i < field_tables(); i++) {
		const struct field_table *t = field_table_at(i);

		for (size_t k = 0; k < t->n; k++) {
			if (t->rows[k].type == FIELD_FRAME)
				field_wants_add(w, &t->rows[k]);
		}
	}
	return w;
}

static bool
partners_begin(void *state, struct scan *scan, const void *options)
{
	struct partners *ps = state;

	ps->of = options;
	ps->scan = scan;
	return true;
}

static void
partners_packet(void *state, const struct packet *p)
{
	const struct partners *ps = state;
	struct packet_detail *d = ps->of->state;
	const struct transport *t = packet_transport(p);
	uint64_t number = p->record->number;

	if (number <= d->o.frame)
		return;
	for (size_t i = 0; p->fields != NULL && i < p->fields->n; i++) {
		const struct field_value *v = &p->fields->values[i];

		if (v->field->type == FIELD_FRAME && v->number == d->o.frame)
			partner_add(d, number, v->field->name, true);
	}
	if (t != NULL && t->retransmission_of == d->o.frame)
		partner_add(d, number, "retransmission_of", true);
	if (number >= d->o.frame + DETAIL_AHEAD)
		ps->scan->stop = true;
}

const struct analyzer analyzer_packet_partners = {
	.name = "packet_partners",
	.wants = WANT_WALK | WANT_FLOWS | WANT_FIELDS,
	.size = sizeof(struct partners),
	.begin = partners_begin,
	.packet = partners_packet,
};

/* ---- The answer ------------------------------------------------------- */

void
packet_detail_report(const struct packet_detail *d, struct json *j)
{
	json_raw(j, "packet", buf_bytes(&d->text));
	if (d->n_partners == 0)
		return;
	json_array(j, "partners");
	for (size_t i = 0; i < d->n_partners; i++) {
		const struct packet_partner *p = &d->partners[i];

		json_object(j, NULL);
		json_uint(j, "frame", p->frame);
		json_text(j, p->from_there ? "says_of_this" :
		    "said_by_this", p->what);
		json_end(j);
	}
	json_end(j);
}

void
packet_detail_free(struct packet_detail *d)
{
	buf_free(&d->text);
}
