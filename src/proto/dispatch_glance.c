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
	return ports_have(ports, g->sport, g->dport);
}

static inline bool
passes(const struct dispatch *d, const struct glance *g)
{
	bool tcp = g->protocol == 6;
	unsigned space = tcp ? SPACE_TCP : SPACE_UDP;
	bool heeded;

	/* What was announced and has no frames is never sent in streams. */
	if (d->expected.n > 0 && (tcp ? d->expects_streams :
	    has_either(d->expected_ports, g)))
		return false;
	heeded = dispatch_is_near(d, DISPATCH_HEEDED + space, g->sport,
	    g->dport);
	/* Not those beside them: others' may be wanted, and would be counted
	 * where their ports happen to be. */
	heeded = heeded && has_either(d->heeded_of[space], g);
	if (heeded && tcp)
		return false;
	if (g->payload.n == 0)
		return true;
	if (heeded)
		return false;
	if (plain_begins(&d->looks, g) == 0)
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

/* As dispatch_payload() would see a payload that was not announced. */
static __attribute__((noinline)) bool
is_silent(const struct dispatch *d, const struct glance *g)
{
	bool tcp = g->protocol == 6;
	unsigned space = tcp ? SPACE_TCP : SPACE_UDP;

	/* What is another's, and that is not wanted, is nothing. */
	if (has_either(d->known[space], g))
		return !tcp && !has_either(d->wanted_of[space], g);
	return content_at_glance(d, g) == NULL;
}

static __attribute__((noinline)) uint32_t
announced(const struct dispatch *d, const struct glance *glances, uint32_t of)
{
	uint32_t found = 0;

	for (; of != 0; of &= of - 1) {
		unsigned i = (unsigned)__builtin_ctz(of);

		found |= (uint32_t)has_either(d->expected_ports, &glances[i])
		    << i;
	}
	return found;
}

__attribute__((cold)) void
dispatch_ask(const struct dispatch *d, struct glance_asks *asks)
{
	plain_asks_add(asks, d->known[SPACE_TCP]);
	plain_asks_add(asks, d->known[SPACE_UDP]);
	asks->reads = true;
	asks->looks = d->looks;
}

uint32_t
dispatch_silent(const struct dispatch *d, const struct glance *glances,
    const struct glanced *seen, uint32_t plain)
{
	uint32_t asked;

	if (d->streams != NULL || d->heeded != d->wanted)
		return 0;
	if (d->expected.n > 0)
		plain &= ~announced(d, glances, plain & seen->data);
	for (asked = plain & seen->data & seen->asked; asked != 0;
	    asked &= asked - 1) {
		unsigned i = (unsigned)__builtin_ctz(asked);

		if (!is_silent(d, &glances[i]))
			plain ^= (uint32_t)1 << i;
	}
	return plain;
}

__attribute__((cold)) void
dispatch_near(const struct dispatch *d, struct glance_near *near)
{
	plain_near(near, d->heeded_of[SPACE_TCP], NEAR_TCP);
	plain_near(near, d->heeded_of[SPACE_UDP], NEAR_UDP);
	near->here = d->heeded_of[SPACE_UDP];
	memcpy(near->first, d->looks.first, sizeof(near->first));
	memcpy(near->second, d->looks.second, sizeof(near->second));
	near->over_tcp = d->looks.may[0][0][0];
	near->over_udp = d->looks.may[1][0][0];
}

void
dispatch_nearer(const struct dispatch *d, struct glance_near *near)
{
	near->more = d->expected.n > 0 ? d->expected_ports : NULL;
	near->all = d->streams != NULL || d->expects_streams ||
	    (d->content_in_streams && !d->late_flows);
}
