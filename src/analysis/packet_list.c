#include "analysis/packet_list.h"

#include "net/plain.h"

#define ROW_MAX ((size_t)1 << 20)

struct packet_list {
	struct scan *scan;
	struct packet_list_options o;
	uint64_t matched;
	/* Rows that wait: a ring (around), or those sampled so far. */
	struct buf *kept;
	size_t n_kept, max_kept, next_kept;
	uint64_t stride;
	uint64_t kept_bytes;
	struct json json;
	bool arrived; /* frame `around` was reached */
	bool whole;   /* early: all rows that are wanted are there */
};

static bool
list_begin(void *state, struct scan *scan, const void *options)
{
	struct packet_list *l = state;
	uint64_t want;

	l->scan = scan;
	l->o = *(const struct packet_list_options *)options;
	l->stride = 1;
	want = l->o.sample != 0 ? l->o.sample + 1 : l->o.before;
	if (l->o.sample == 0 && l->o.around == 0)
		return true;
	l->max_kept = want < PACKET_LIST_KEPT ? (size_t)want :
	    PACKET_LIST_KEPT;
	l->kept = arena_array(&scan->arena, l->max_kept + 1, struct buf);
	if (l->kept == NULL)
		return false;
	for (size_t i = 0; i < l->max_kept; i++)
		buf_init(&l->kept[i], ROW_MAX);
	return true;
}

static void
row_write(struct packet_list *l, const struct packet *p, struct json *j)
{
	columns_collect(l->o.columns, p);
	columns_row(l->o.columns, p, j, l->o.rows->format == ROWS_NDJSON);
}

/* The next match goes to the answer, or is only counted. */
static void
row_answer(struct packet_list *l, const struct packet *p)
{
	struct rows *r = l->o.rows;
	struct json *j;
	struct buf *text;

	if (r->format == ROWS_TSV) {
		text = rows_text(r);
		if (text == NULL)
			return;
		columns_collect(l->o.columns, p);
		columns_tsv(l->o.columns, p, text);
	} else {
		j = rows_next(r);
		if (j == NULL)
			return;
		row_write(l, p, j);
	}
	rows_done(r);
	if (r->stopped)
		l->scan->stop = true;
}

/* The row as text of its own, to be answered later. */
static void
row_keep(struct packet_list *l, const struct packet *p, struct buf *out)
{
	if (out->full) {
		buf_free(out);
		buf_init(out, ROW_MAX);
	}
	buf_cut(out, 0);
	if (l->o.rows->format == ROWS_TSV) {
		columns_collect(l->o.columns, p);
		columns_tsv(l->o.columns, p, out);
		return;
	}
	json_init(&l->json, out);
	row_write(l, p, &l->json);
}

static void
row_release(struct packet_list *l, const struct buf *row)
{
	struct rows *r = l->o.rows;
	struct json *j;
	struct buf *text;

	if (r->format == ROWS_TSV) {
		text = rows_text(r);
		if (text == NULL)
			return;
		buf_span(text, buf_bytes(row));
	} else {
		j = rows_next(r);
		if (j == NULL)
			return;
		json_raw(j, NULL, buf_bytes(row));
	}
	rows_done(r);
}

/* Every second row goes; the others move together. */
static void
sample_thin(struct packet_list *l)
{
	size_t n = 0;

	l->kept_bytes = 0;
	for (size_t i = 0; i < l->n_kept; i += 2) {
		struct buf row = l->kept[n];

		l->kept[n] = l->kept[i];
		l->kept[i] = row;
		l->kept_bytes += l->kept[n].n;
		n++;
	}
	l->n_kept = n;
	l->stride *= 2;
}

static void
sample_packet(struct packet_list *l, const struct packet *p)
{
	const struct rows *r = l->o.rows;
	struct buf *row;

	if ((l->matched - 1) % l->stride != 0 || l->max_kept == 0)
		return;
	row = &l->kept[l->n_kept++];
	row_keep(l, p, row);
	l->kept_bytes += row->n;
	while (l->n_kept > 1 && (l->n_kept >= l->max_kept ||
	    (r->max_bytes != 0 && l->kept_bytes > r->max_bytes)))
		sample_thin(l);
}

static void
around_packet(struct packet_list *l, const struct packet *p)
{
	if (p->record->number < l->o.around) {
		if (l->max_kept == 0)
			return;
		row_keep(l, p, &l->kept[l->next_kept]);
		l->next_kept = (l->next_kept + 1) % l->max_kept;
		if (l->n_kept < l->max_kept)
			l->n_kept++;
		return;
	}
	if (!l->arrived) {
		l->arrived = true;
		for (size_t i = 0; i < l->n_kept; i++)
			row_release(l, &l->kept[(l->next_kept + l->max_kept -
			    l->n_kept + i) % l->max_kept]);
	}
	if (l->o.rows->returned < l->o.rows->limit)
		row_answer(l, p);
}

static void
list_packet(void *state, const struct packet *p)
{
	struct packet_list *l = state;

	l->matched++;
	if (l->o.sample != 0)
		sample_packet(l, p);
	else if (l->o.around != 0)
		around_packet(l, p);
	else
		row_answer(l, p);
}

static void
list_finish(void *state, struct scan *scan)
{
	struct packet_list *l = state;

	(void)scan;
	if (l->o.sample == 0 && l->o.around == 0)
		return;
	if (l->o.sample != 0 || !l->arrived) {
		for (size_t i = 0; i < l->n_kept; i++)
			row_release(l, &l->kept[l->o.sample != 0 ? i :
			    (l->next_kept + l->max_kept - l->n_kept + i) %
			    l->max_kept]);
	}
	for (size_t i = 0; i < l->max_kept; i++)
		buf_free(&l->kept[i]);
	l->o.rows->matched = l->matched;
}

uint64_t
packet_list_stride(const void *state)
{
	const struct packet_list *l = state;

	return l->o.sample != 0 ? l->stride : 0;
}

#define LIST_ANALYZER(wanted) \
	{ .name = "packet_list", .wants = (wanted), \
	    .size = sizeof(struct packet_list), .begin = list_begin, \
	    .packet = list_packet, .finish = list_finish }

static const struct analyzer walked = LIST_ANALYZER(WANT_WALK | WANT_DEFRAG);
static const struct analyzer read = LIST_ANALYZER(WANT_WALK | WANT_DEFRAG |
    WANT_FLOWS | WANT_MESSAGES);
static const struct analyzer fields = LIST_ANALYZER(WANT_WALK | WANT_DEFRAG |
    WANT_FIELDS);
static const struct analyzer both = LIST_ANALYZER(WANT_WALK | WANT_DEFRAG |
    WANT_FLOWS | WANT_MESSAGES | WANT_FIELDS);

const struct analyzer *
packet_list_analyzer(const struct columns *c)
{
	if (columns_need_messages(c))
		return c->wants != NULL ? &both : &read;
	return c->wants != NULL ? &fields : &walked;
}

/* Where the filter says of its ends what holds for all packets of its flow; and
 * no datagram, which another packet may have announced. */
static bool
is_plain(const struct packet *p)
{
	const uint64_t plain = (uint64_t)1 << LAYER_FRAME |
	    (uint64_t)1 << LAYER_ETH | (uint64_t)1 << LAYER_VLAN |
	    (uint64_t)1 << LAYER_IP | (uint64_t)1 << LAYER_IPV6 |
	    (uint64_t)1 << LAYER_TCP | (uint64_t)1 << LAYER_DATA;

	for (size_t i = 0; i < p->n_transports; i++)
		if (!p->transports[i].in_error)
			return p->transports[i].protocol == 6 && (p->layers &
			    ~plain) == 0 && packet_has(p, LAYER_ETH) && p->n_tunnels == 0 &&
			    p->n_transports == 1 && !p->has_fragment;
	return true;
}

static void
early_packet(void *state, const struct packet *p)
{
	struct packet_list *l = state;
	const struct rows *r = l->o.rows;

	if (l->scan->early == 0)
		return;
	if (!is_plain(p)) {
		l->scan->early = 0;
		return;
	}
	row_answer(l, p);
	l->whole = r->matched > r->skip && !rows_wanted(r);
	if (l->whole)
		l->scan->early = 0;
}

static bool
early_enough(const void *state)
{
	const struct packet_list *l = state;

	return l->scan->early == 0;
}

static void
early_finish(void *state, struct scan *scan)
{
	struct packet_list *l = state;

	l->whole |= scan->early != 0;
}

const struct analyzer packet_list_early = {
	.name = "packet_list_early",
	.wants = WANT_WALK | WANT_DEFRAG | WANT_FLOWS | WANT_MESSAGES,
	.early = true,
	.size = sizeof(struct packet_list),
	.begin = list_begin,
	.packet = early_packet,
	.enough = early_enough,
	.finish = early_finish,
};

bool
packet_list_whole(const void *state)
{
	const struct packet_list *l = state;

	return l->whole;
}

/* ---- Which packets a listing shows -------------------------------------- */

static bool
choice_begin(void *state, struct scan *scan, const void *options)
{
	struct packet_choice *c = state;

	c->o = *(const struct packet_choice_options *)options;
	c->frames = arena_array(&scan->arena, (size_t)c->o.n + 1, uint64_t);
	return c->frames != NULL;
}

static void
choice_packet(void *state, const struct packet *p)
{
	struct packet_choice *c = state;

	c->matched++;
	if (c->matched < c->o.first || c->n == c->o.n)
		return;
	c->frames[c->n++] = p->record->number;
	for (size_t i = 0; i < p->n_transports; i++) {
		const struct transport *t = &p->transports[i];
		uint16_t sum = ports_sum(t->sport, t->dport);

		c->ports[sum / 64] |= (uint64_t)1 << sum % 64;
	}
	/* There may have been more of them. */
	if (p->n_transports == PACKET_TRANSPORTS)
		memset(c->ports, 0xff, sizeof(c->ports));
}

static bool
choice_enough(const void *state)
{
	const struct packet_choice *c = state;

	return c->matched >= c->o.first && c->n == c->o.n;
}

static void
choice_unheard(void *state, uint64_t packets)
{
	struct packet_choice *c = state;

	c->matched += packets;
}

const struct analyzer packet_chooser = {
	.name = "packet_choice",
	.wants = WANT_WALK | WANT_DEFRAG,
	.glances = true,
	.size = sizeof(struct packet_choice),
	.begin = choice_begin,
	.packet = choice_packet,
	.unheard = choice_unheard,
	.enough = choice_enough,
};
