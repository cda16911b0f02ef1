#include "analysis/pass.h"

#define PROGRESS_BYTES ((uint64_t)64 << 20)
#define PROGRESS_LOOK ((uint64_t)1 << 20)
#define PROGRESS_NS 100000000

static void
masks_flush(struct scan *s, struct mask_count *m)
{
	for (unsigned layer = 0; layer < LAYER_COUNT; layer++) {
		if ((m->mask >> layer & 1) == 0)
			continue;
		s->layer_packets[layer] += m->packets;
		s->layer_bytes[layer] += m->bytes;
	}
	m->packets = m->bytes = 0;
}

static void
count_layers(struct pass *ps, const struct packet *p)
{
	uint64_t hash = p->layers * UINT64_C(0x9e3779b97f4a7c15);
	struct mask_count *m = &ps->masks[hash >> 58 & (PASS_MASKS - 1)];

	if (m->mask != p->layers) {
		masks_flush(ps->scan, m);
		m->mask = p->layers;
	}
	m->packets++;
	m->bytes += p->record->len;
}

void
pass_count_messages(struct pass *ps, const struct packet *p)
{
	struct scan *s = ps->scan;
	bool malformed = p->malformed;

	for (const struct message *m = p->messages; m != NULL && !ps->early;
	    m = m->next) {
		s->proto_messages[pass_proto(m->proto)]++;
		malformed |= m->malformed;
	}
	s->malformed += malformed;
}

/* Of a link type that we do not know, or with messages. */
static __attribute__((noinline)) void
count_rest(struct pass *ps, const struct packet *p)
{
	struct scan *s = ps->scan;

	if (p->undecoded != NULL && *p->undecoded == 'l' &&
	    strcmp(p->undecoded, "link") == 0) {
		if (s->undecoded++ == 0)
			s->undecoded_link = p->record->link;
	}
	pass_count_messages(ps, p);
}

void
pass_count(struct pass *ps, const struct packet *p)
{
	count_layers(ps, p);
	if (p->messages != NULL || p->malformed ||
	    (p->undecoded != NULL && *p->undecoded != '\0'))
		count_rest(ps, p);
}

__attribute__((cold)) void
pass_counts_take(struct pass *ps)
{
	for (size_t i = 0; i < LENGTH(ps->counts); i++) {
		struct glance_count *kind = &ps->kinds[i % PLAIN_KINDS];

		kind->packets += ps->counts[i] / PASS_PACKET;
		kind->bytes += ps->counts[i] % PASS_PACKET;
		ps->counts[i] = 0;
	}
	ps->counted = 0;
}

__attribute__((cold)) void
pass_counts(struct pass *ps)
{
	pass_counts_take(ps);
	for (size_t i = 0; i < PASS_MASKS; i++)
		masks_flush(ps->scan, &ps->masks[i]);
	for (unsigned i = 0; i < PLAIN_KINDS; i++) {
		struct mask_count m = { plain_layers(i),
			ps->kinds[i].packets, ps->kinds[i].bytes };

		masks_flush(ps->scan, &m);
		ps->kinds[i] = (struct glance_count){ 0 };
	}
}

bool
pass_progress(struct pass *ps, uint64_t at, bool at_end)
{
	struct scan *s = ps->scan;
	int64_t now;

	if (s->progress == NULL)
		return true;
	if (!at_end && at - ps->looked_at < PROGRESS_LOOK)
		return true;
	ps->looked_at = at;
	now = clock_monotonic();
	if (!at_end && at - ps->progress_at < PROGRESS_BYTES &&
	    now - ps->progress_time < PROGRESS_NS)
		return true;
	ps->progress_at = at;
	ps->progress_time = now;
	return s->progress(s->progress_context, at,
	    capture_size(s->capture));
}
