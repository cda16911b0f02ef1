#include "analysis/pass.h"

/* A payload that the walk over a batch met, for the dispatch after it. */
struct payload {
	struct span bytes;
	size_t claimed;
	uint32_t packet, transport;
};

static void __attribute__((noinline))
payload_add(struct pass *ps, size_t i, const struct packet *p,
    const struct transport *t)
{
	const struct payload payload = {
		.packet = (uint32_t)i,
		.transport = (uint32_t)(t - p->transports),
		.bytes = t->payload,
		.claimed = t->payload_claimed,
	};

	buf_add(&ps->payloads, &payload, sizeof(payload));
}

void
pass_payload_note(void *context, struct packet *p, struct transport *t)
{
	struct pass *ps = context;
	size_t i = (size_t)(p - ps->packets);

	/* Of the first transport it is what stands there. */
	if (p->n_transports == 1 && t->protocol != PASS_SCTP)
		ps->with_payload |= (uint32_t)1 << i;
	else
		payload_add(ps, i, p, t);
}

size_t
pass_payloads_dispatch(struct pass *ps, size_t i, size_t at)
{
	struct packet *p = &ps->packets[i];
	struct payload payload;
	struct span whole;
	size_t claimed;

	if ((ps->with_payload >> i & 1) != 0)
		dispatch_payload(ps->scan->dispatch, p, &p->transports[0]);
	while (ps->payloads.n - at >= sizeof(payload)) {
		struct transport *t;

		memcpy(&payload, ps->payloads.p + at, sizeof(payload));
		if (payload.packet != i)
			break;
		t = &p->transports[payload.transport];
		whole = t->payload;
		claimed = t->payload_claimed;
		t->payload = payload.bytes;
		t->payload_claimed = payload.claimed;
		dispatch_payload(ps->scan->dispatch, p, t);
		t->payload = whole;
		t->payload_claimed = claimed;
		at += sizeof(payload);
	}
	return at;
}

size_t
pass_payloads_skip(const struct pass *ps, size_t i, size_t at)
{
	struct payload payload;

	while (ps->payloads.n - at >= sizeof(payload)) {
		memcpy(&payload, ps->payloads.p + at, sizeof(payload));
		if (payload.packet != i)
			break;
		at += sizeof(payload);
	}
	return at;
}
