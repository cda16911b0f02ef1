#include "net/flow_rest.h"

#include "base/fetch.h"
#include "net/flow_state.h"

/* What waits longer has seen its last segments, most likely. */
_Static_assert((FLOW_ENDED & (FLOW_ENDED - 1)) == 0, "it is a mask, too");

struct spare {
	struct spare *next;
};

static void *
spare_take(void **list)
{
	struct spare *spare = *list;

	if (spare != NULL)
		*list = spare->next;
	return spare;
}

static void
spare_give(void **list, void *piece)
{
	struct spare *spare = piece;

	spare->next = *list;
	*list = spare;
}

struct tcp_state *
flow_rest_new(struct flows *t)
{
	struct tcp_state *s = spare_take(&t->rest.states);

	return s != NULL ? s : flow_pool_keep(&t->pool, sizeof(*s));
}

#define SLAB 64

static struct tcp_rest *
rest_new(struct flows *t)
{
	struct tcp_rest *slab;
	size_t i;

	if (t->rest.rests == NULL) {
		slab = flow_pool_keep(&t->pool, SLAB * sizeof(*slab));
		for (i = SLAB; slab != NULL && i > 0; i--)
			spare_give(&t->rest.rests, &slab[i - 1]);
	}
	return spare_take(&t->rest.rests);
}

static void
put_to_rest(struct flows *t, struct flow *f)
{
	struct tcp_state *s = flow_tcp(f);
	struct tcp_rest *r;

	if (s == NULL || flow_body(f)->stream_state != NULL)
		return;
	r = rest_new(t);
	if (r == NULL)
		return;
	if (!tcp_rest_put(r, s, f)) {
		spare_give(&t->rest.rests, r);
		return;
	}
	flow_state_pour(f, s);
	spare_give(&t->rest.states, s);
	f->state.rest = r;
	f->held = f->resting = true;
}

static void
lines_near(const struct tcp_state *s)
{
	const char *p = (const char *)s;

	for (size_t i = 0; s != NULL && i < sizeof(*s); i += 64)
		fetch(p + i);
}

/* Puts another to rest for it, which has waited longest. */
static void
wait_for_rest(struct flows *t, struct flow *f)
{
	struct flow **ended = t->rest.ended;
	unsigned at = t->rest.at++ & (FLOW_ENDED - 1);
	struct flow *near = ended[(at + 2) & (FLOW_ENDED - 1)];

	if (ended[at] != NULL && ended[at] != f)
		put_to_rest(t, ended[at]);
	ended[at] = f;
	if (near != NULL)
		fetch(near);
	near = ended[(at + 1) & (FLOW_ENDED - 1)];
	if (near != NULL) {
		fetch(flow_body(near));
		fetch(flow_start(near));
		lines_near(flow_tcp(near));
	}
}

void
flow_rest_end(struct flows *t, struct flow *f)
{
	const struct tcp_state *s = flow_tcp(f);

	if (s == NULL)
		return;
	if (s->past[0].rst + s->past[1].rst > 0 ||
	    (s->past[0].fin > 0 && s->past[1].fin > 0))
		wait_for_rest(t, f);
}

struct tcp_state *
flow_rest_wake(struct flows *t, struct flow *f)
{
	struct tcp_state *s = flow_rest_new(t);
	struct tcp_rest *r = f->state.rest;

	if (s == NULL)
		return NULL;
	tcp_rest_get(r, s, f);
	f->held = f->resting = false;
	f->state.tcp = s;
	spare_give(&t->rest.rests, r);
	wait_for_rest(t, f);
	return s;
}
