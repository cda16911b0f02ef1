#include "proto/dispatch.h"

#include "base/word.h"

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

/* Whether somebody may find more in its payload, by what it begins with.  What
 * that is in a datagram that is nobody's is like thrown dice: no branch. */
static inline __attribute__((always_inline)) bool
may_begin(const struct content_looks *looks, const struct glance *g, bool tcp)
{
	struct span s = g->payload;
	unsigned whose = looks->first[s.p[0]];

	if (s.n > 1)
		whose &= looks->second[s.p[1]];
	if (tcp)
		return (whose & looks->over_tcp) != 0;
	if (s.n > 3)
		whose &= ~(looks->zeroed & (0U -
		    ((word_be16(s.p + 2) & looks->zero) != 0)));
	return (whose & looks->over_udp) != 0;
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

	/* What was announced and has no frames is never sent in streams. */
	if (d->expected.n > 0 && (tcp ? d->expects_streams :
	    has_either(d->expected_ports, g)))
		return false;
	if (tcp && has_either(d->heeded_of[space], g))
		return false;
	if (g->payload.n == 0)
		return true;
	if (!tcp && has_either(d->heeded_of[space], g))
		return false;
	if (!may_begin(&d->looks, g, tcp))
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

/* As dispatch_payload() would see a payload. */
static inline __attribute__((always_inline)) bool
is_silent(const struct dispatch *d, const struct glance *g, bool tcp)
{
	unsigned space = tcp ? SPACE_TCP : SPACE_UDP;

	if (d->expected.n > 0 && has_either(d->expected_ports, g))
		return false;
	/* What is another's, and that is not wanted, is nothing. */
	if (has_either(d->known[space], g))
		return !tcp && !has_either(d->wanted_of[space], g);
	return !may_begin(&d->looks, g, tcp) || content_at_glance(d, g) == NULL;
}

static inline __attribute__((always_inline)) uint32_t
heard(const struct dispatch *d, const struct glance *glances, uint32_t of,
    bool tcp)
{
	uint32_t heard = 0;

	for (; of != 0; of &= of - 1) {
		unsigned i = (unsigned)__builtin_ctz(of);

		heard |= (uint32_t)!is_silent(d, &glances[i], tcp) << i;
	}
	return heard;
}

uint32_t
dispatch_silent(const struct dispatch *d, const struct glance *glances,
    const struct glanced *seen, uint32_t plain)
{
	uint32_t data = plain & seen->data;

	if (d->streams != NULL || d->heeded != d->wanted)
		return 0;
	return plain & ~(heard(d, glances, data & ~seen->udp, true) |
	    heard(d, glances, data & seen->udp, false));
}

__attribute__((cold)) void
dispatch_near(const struct dispatch *d, struct glance_near *near)
{
	plain_near(near, d->heeded_of[SPACE_TCP], NEAR_TCP);
	plain_near(near, d->heeded_of[SPACE_UDP], NEAR_UDP);
	near->here = d->heeded_of[SPACE_UDP];
	memcpy(near->first, d->looks.first, sizeof(near->first));
	memcpy(near->second, d->looks.second, sizeof(near->second));
	near->over_tcp = d->looks.over_tcp;
	near->over_udp = d->looks.over_udp;
}

void
dispatch_nearer(const struct dispatch *d, struct glance_near *near)
{
	near->more = d->expected.n > 0 ? d->expected_ports : NULL;
	near->all = d->streams != NULL || d->expects_streams ||
	    (d->content_in_streams && !d->late_flows);
}
