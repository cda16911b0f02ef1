#include "proto/dispatch.h"

/* In which packets that were only glanced at nothing would be found. */

/* Whose it is by its content.  Hardly any payload gets here. */
static __attribute__((noinline)) const struct proto *
content_at_glance(const struct dispatch *d, const struct glance *g)
{
	const struct transport t = {
		.protocol = g->protocol,
		.sport = g->sport,
		.dport = g->dport,
		.payload = g->payload,
		.payload_claimed = g->claimed,
	};

	return dispatch_by_content(d, &t);
}

static inline bool
has_either(const uint64_t *ports, const struct glance *g)
{
	return ((ports[g->sport / 64] >> g->sport % 64 |
	    ports[g->dport / 64] >> g->dport % 64) & 1) != 0;
}

static inline bool
passes(const struct dispatch *d, const struct glance *g)
{
	bool tcp = g->protocol == 6;
	unsigned space = tcp ? SPACE_TCP : SPACE_UDP;
	struct cursor c = cur_open(g->payload);

	if (d->expected.n > 0 && ((tcp && d->expects_streams) ||
	    has_either(d->expected_ports, g)))
		return false;
	if (tcp && has_either(d->heeded_of[space], g))
		return false;
	if (g->payload.n == 0)
		return true;
	if (!tcp && has_either(d->heeded_of[space], g))
		return false;
	if ((d->content_first[cur_u8(&c)] & (tcp ? NEAR_TCP : NEAR_UDP)) == 0)
		return true;
	/* What is another's, and that is not wanted, passes. */
	return (!tcp && has_either(d->known[space], g) &&
	    !has_either(d->wanted_of[space], g)) ||
	    !dispatch_heeds(d, content_at_glance(d, g));
}

uint32_t
dispatch_passes(const struct dispatch *d, const struct glance *glances,
    uint32_t plain)
{
	if (d->streams != NULL || (d->content_in_streams && !d->late_flows))
		return 0;
	for (uint32_t left = plain; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (!passes(d, &glances[i]))
			plain &= ~((uint32_t)1 << i);
	}
	return plain;
}

/* As dispatch_payload() would see it. */
static inline bool
is_silent(const struct dispatch *d, const struct glance *g)
{
	bool tcp = g->protocol == 6;
	unsigned space = tcp ? SPACE_TCP : SPACE_UDP;
	struct cursor c = cur_open(g->payload);

	if (g->payload.n == 0)
		return true;
	if (d->expected.n > 0 && has_either(d->expected_ports, g))
		return false;
	/* What is another's, and that is not wanted, is nothing. */
	if (has_either(d->known[space], g))
		return !tcp && !has_either(d->wanted_of[space], g);
	return (d->content_first[cur_u8(&c)] & (tcp ? NEAR_TCP : NEAR_UDP)) == 0
	    || content_at_glance(d, g) == NULL;
}

uint32_t
dispatch_silent(const struct dispatch *d, const struct glance *glances,
    uint32_t plain)
{
	if (d->streams != NULL || d->heeded != d->wanted)
		return 0;
	for (uint32_t left = plain; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (!is_silent(d, &glances[i]))
			plain &= ~((uint32_t)1 << i);
	}
	return plain;
}

__attribute__((cold)) void
dispatch_near(const struct dispatch *d, struct glance_near *near)
{
	plain_near(near, d->heeded_of[SPACE_TCP]);
	plain_near(near, d->heeded_of[SPACE_UDP]);
	memcpy(near->first, d->content_first, sizeof(near->first));
}

void
dispatch_nearer(const struct dispatch *d, struct glance_near *near)
{
	near->more = d->expected.n > 0 ? d->expected_ports : NULL;
	near->all = d->streams != NULL || d->expects_streams ||
	    (d->content_in_streams && !d->late_flows);
}
