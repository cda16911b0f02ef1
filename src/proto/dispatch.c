#include "proto/dispatch.h"

#include <stdlib.h>

#include "proto/dns_partner.h"

#define EXPECTED_MAX 65536
#define APPS_MEMORY ((size_t)64 << 20)
#define EXPECTED_KEY (sizeof(struct addr) + 2)

static unsigned
space_of(uint8_t protocol)
{
	switch (protocol) {
	case 6:
		return SPACE_TCP;
	case 17:
	case 136:
		return SPACE_UDP;
	case 132:
		return SPACE_SCTP;
	}
	return SPACES;
}

static bool
is_wanted(const struct dispatch *d, size_t i)
{
	return (d->wanted >> (i & 63) & 1) != 0;
}

static bool
is_heeded(const struct dispatch *d, size_t i)
{
	return (d->heeded >> (i & 63) & 1) != 0;
}

static void
port_set(uint64_t *ports, size_t port)
{
	ports[port / 64] |= (uint64_t)1 << port % 64;
}

/* The first protocol of the registry that names a port has it. */
static __attribute__((cold)) void
ports_fill(struct dispatch *d, size_t i)
{
	const struct proto_port *range = protos[i]->ports;
	unsigned space;

	if (range == NULL)
		return;
	for (; range->protocol != 0; range++) {
		space = space_of(range->protocol);
		if (space == SPACES)
			continue;
		for (size_t port = range->first; port <= range->last;
		    port++) {
			if (d->ports[space][port] == 0)
				d->ports[space][port] = (uint8_t)(i + 1);
			port_set(d->known[space], port);
			d->near[dispatch_near_at((uint16_t)port)] |=
			    (uint8_t)(1U << space | (unsigned)is_heeded(d, i)
			    << (DISPATCH_HEEDED + space));
			if (is_wanted(d, i))
				port_set(d->wanted_of[space], port);
			if (is_heeded(d, i))
				port_set(d->heeded_of[space], port);
		}
	}
}

/* As number `i` of those that know their messages by content. */
static __attribute__((cold)) void
looks_add(struct dispatch *d, const struct proto *proto, size_t i)
{
	struct glance_looks *looks = &d->looks;
	uint8_t bit = (uint8_t)(1U << (i < 7 ? i : 7));

	for (unsigned byte = 0; byte < 256; byte++) {
		if (proto->looks_from == NULL ||
		    proto->looks_from((uint8_t)byte))
			looks->first[byte] |= bit;
		if (proto->looks_on == NULL || proto->looks_on((uint8_t)byte))
			looks->second[byte] |= bit;
	}
	if (proto->looks_over == 0 || proto->looks_over == 6)
		looks->may[0][0][0] |= bit;
	if (proto->looks_over == 0 || proto->looks_over == 17)
		looks->may[1][0][0] |= bit;
	if (proto->looks_zero != 0 && i < 7) {
		looks->zero = d->zeroed == 0 ? proto->looks_zero :
		    looks->zero & proto->looks_zero;
		d->zeroed |= bit;
	}
	for (unsigned over = 0; over < 2; over++)
		looks->may[over][0][1] = looks->may[over][0][0] &
		    (uint8_t)~d->zeroed;
}

static __attribute__((cold)) void
first_add(struct dispatch *d, const struct proto *proto, bool in_streams)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		if (proto->looks_from != NULL &&
		    !proto->looks_from((uint8_t)byte))
			continue;
		if (in_streams && (proto->looks_over == 0 ||
		    proto->looks_over == 6))
			d->content_first[byte] |= NEAR_TCP;
		if (proto->looks_over == 0 || proto->looks_over == 17)
			d->content_first[byte] |= NEAR_UDP;
	}
}

static __attribute__((cold)) void
content_add(struct dispatch *d, size_t i)
{
	const struct proto *proto = protos[i];

	if (proto->looks_like == NULL)
		return;
	d->by_content[d->n_by_content++] = proto;
	/* A datagram that comes here may be one that is shown, though nobody
	 * looks for such. */
	if (is_heeded(d, i) || is_wanted(d, i))
		first_add(d, proto, is_heeded(d, i));
	if (!is_heeded(d, i))
		return;
	looks_add(d, proto, d->n_by_content - 1);
	if (proto->frame != NULL && (proto->looks_over == 0 ||
	    proto->looks_over == 6))
		d->content_in_streams = true;
}

void
dispatch_without_partners(struct dispatch *d)
{
	dns_partners_free(d->partners);
	d->partners = NULL;
}

/* Those of nobody are zero, and so are their pages: most never come. */
static __attribute__((cold)) void
ports_clear(struct dispatch *d)
{
	for (size_t i = 0; i < SPACES * 1024; i++)
		for (uint64_t left = d->known[i / 1024][i % 1024]; left != 0;
		    left &= left - 1)
			d->ports[i / 1024][i % 1024 * 64 +
			    (size_t)__builtin_ctzll(left)] = 0;
}

static __attribute__((cold)) void
tables_fill(struct dispatch *d)
{
	ports_clear(d);
	memset(d->known, 0, sizeof(d->known));
	memset(d->near, 0, sizeof(d->near));
	memset(d->wanted_of, 0, sizeof(d->wanted_of));
	memset(d->content_first, 0, sizeof(d->content_first));
	memset(&d->looks, 0, sizeof(d->looks));
	d->zeroed = 0;
	memset(d->heeded_of, 0, sizeof(d->heeded_of));
	d->n_by_content = 0;
	d->content_in_streams = false;
	/* A port stays its protocol's even when that is not wanted. */
	for (size_t i = 0; i < proto_count; i++) {
		ports_fill(d, i);
		if (is_wanted(d, i))
			content_add(d, i);
	}
}

__attribute__((cold)) void
dispatch_only(struct dispatch *d, const struct proto *const *wanted, size_t n)
{
	dispatch_without_partners(d);
	d->wanted = 0;
	for (size_t i = 0; i < proto_count; i++)
		for (size_t k = 0; k < n; k++)
			if (wanted[k] == protos[i])
				d->wanted |= (uint64_t)1 << (i & 63);
	d->heeded = d->wanted;
	tables_fill(d);
	d->late_flows = d->content_in_streams && n < proto_count;
}

__attribute__((cold)) struct dispatch *
dispatch_new(const struct dispatch_limits *limits)
{
	struct dispatch *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	if (limits != NULL)
		d->limits = *limits;
	if (d->limits.max_message == 0)
		d->limits.max_message = (size_t)1 << 20;
	if (d->limits.max_bytes == 0)
		d->limits.max_bytes = (size_t)64 << 20;
	d->by_content = calloc(proto_count, sizeof(*d->by_content));
	if (d->by_content == NULL) {
		free(d);
		return NULL;
	}
	dispatch_only(d, protos, proto_count);
	d->partners = dns_partners_new();
	table_init(&d->expected, sizeof(const struct proto *), EXPECTED_MAX);
	arena_init(&d->arena, APPS_MEMORY);
	return d;
}

__attribute__((cold)) void
dispatch_free(struct dispatch *d)
{
	if (d == NULL)
		return;
	dispatch_segments_free(d);
	streams_free(d->streams);
	dns_partners_free(d->partners);
	table_free(&d->expected);
	arena_free(&d->arena);
	free(d->by_content);
	free(d);
}

static bool
has_port(const uint64_t *ports, uint16_t port)
{
	return (ports[port / 64] >> port % 64 & 1) != 0;
}

static bool
has_end(const uint64_t *ports, const struct transport *t)
{
	return has_port(ports, t->sport) || has_port(ports, t->dport);
}

static inline const struct proto *
proto_at(const struct dispatch *d, unsigned space, uint16_t port)
{
	size_t i;

	if ((d->near[dispatch_near_at(port)] >> space & 1) == 0 ||
	    !has_port(d->known[space], port))
		return NULL;
	i = d->ports[space][port] - 1U;
	return is_wanted(d, i) ? protos[i] : NULL;
}

/* Key of the table of expected endpoints, in `out`. */
static struct span
expected_key(uint8_t *out, const struct addr *a, uint16_t port)
{
	memcpy(out, a, sizeof(*a));
	out[sizeof(*a)] = (uint8_t)(port >> 8);
	out[sizeof(*a) + 1] = (uint8_t)port;
	return span_of(out, EXPECTED_KEY);
}

__attribute__((cold)) void
dispatch_expect(struct dispatch *d, const struct addr *a, uint16_t port,
    const struct proto *proto)
{
	uint8_t key[EXPECTED_KEY];
	const struct proto **expected;

	expected = table_add(&d->expected, expected_key(key, a, port));
	if (expected == NULL)
		return;
	*expected = proto;
	port_set(d->expected_ports, port);
	d->expects_streams |= proto->frame != NULL;
}

static const struct proto *
expected_find(const struct dispatch *d, const struct addr *a, uint16_t port)
{
	uint8_t key[EXPECTED_KEY];
	const struct proto *const *expected;

	if (!has_port(d->expected_ports, port))
		return NULL;
	expected = table_find(&d->expected, expected_key(key, a, port));
	return expected == NULL ? NULL : *expected;
}

const struct proto *
dispatch_announced(const struct dispatch *d, const struct transport *t)
{
	const struct proto *proto = expected_find(d, &t->dst, t->dport);

	if (proto == NULL)
		proto = expected_find(d, &t->src, t->sport);
	return proto;
}

/* tshark asks the lower port first. */
static inline uint16_t
port_low(const struct transport *t)
{
	return t->sport < t->dport ? t->sport : t->dport;
}

static inline uint16_t
port_high(const struct transport *t)
{
	return t->sport < t->dport ? t->dport : t->sport;
}

__attribute__((cold)) void
dispatch_ports(const struct dispatch *d, const struct transport *t,
    const struct proto *by_port[2])
{
	unsigned space = space_of(t->protocol);

	by_port[0] = by_port[1] = NULL;
	if (space == SPACES)
		return;
	by_port[0] = proto_at(d, space, port_low(t));
	by_port[1] = proto_at(d, space, port_high(t));
	if (by_port[1] == by_port[0])
		by_port[1] = NULL;
}

const struct proto *
dispatch_by_content(const struct dispatch *d, const struct transport *t)
{
	if (t->payload.n < LOOKS_LEAST)
		return NULL;
	for (size_t i = 0; i < d->n_by_content; i++) {
		const struct proto *proto = d->by_content[i];

		if ((proto->looks_over == 0 ||
		    proto->looks_over == t->protocol) &&
		    proto->looks_like(t->payload, t->payload_claimed, t))
			return proto;
	}
	return NULL;
}

__attribute__((cold)) bool
dispatch_heeds(const struct dispatch *d, const struct proto *proto)
{
	for (size_t i = 0; proto != NULL && i < proto_count; i++)
		if (protos[i] == proto)
			return is_heeded(d, i);
	return false;
}

bool
dispatch_needs_flow(const struct dispatch *d, const struct flows *flows,
    const struct transport *t)
{
	if (t->protocol != 6)
		return false;
	if (d->streams != NULL || d->expects_streams ||
	    has_end(d->heeded_of[SPACE_TCP], t))
		return true;
	if (!d->late_flows)
		return d->content_in_streams;
	return (t->payload.n > 0 &&
	    dispatch_heeds(d, dispatch_by_content(d, t))) ||
	    flow_is_known(flows, t);
}

__attribute__((cold)) bool
dispatch_begins_late(const struct dispatch *d)
{
	return d->late_flows && d->streams == NULL;
}

__attribute__((cold)) void
dispatch_heed(struct dispatch *d, uint64_t heeded)
{
	d->heeded = heeded;
	tables_fill(d);
	d->late_flows = d->content_in_streams;
}

__attribute__((cold)) void
dispatch_heed_finders(struct dispatch *d)
{
	uint64_t finders = 0;

	for (size_t i = 0; i < proto_count; i++)
		if (protos[i]->found_by != NULL)
			finders |= protos_named(protos[i]->found_by);
	dispatch_heed(d, finders);
}

__attribute__((cold)) void
dispatch_heed_none(struct dispatch *d)
{
	dispatch_heed(d, 0);
	for (size_t i = 0; i < d->n_by_content; i++)
		first_add(d, d->by_content[i], true);
}

__attribute__((cold)) bool
dispatch_is_stateless(const struct dispatch *d)
{
	return !d->content_in_streams && !d->expects_streams &&
	    d->streams == NULL && d->expected.n == 0 && d->partners == NULL;
}

uint64_t
dispatch_changes(const struct dispatch *d)
{
	return d->expected.n;
}

static inline __attribute__((always_inline)) bool
decode(struct dispatch *d, struct packet *p, const struct transport *t,
    const struct found *found)
{
	struct decode context = {
		.arena = p->arena,
		.fields = p->fields,
		.packet = p,
		.transport = t,
		.over_stream = found->over_stream,
		.dispatch = d,
	};
	struct cursor c = cur_open_cut(found->bytes, found->claimed);
	const void *data = found->proto->decode(&c, &context);
	struct message *m;

	if (data == NULL)
		return false;
	m = arena_room(p->arena, 1, sizeof(*m));
	if (m == NULL)
		return false;
	*m = (struct message){
		.proto = found->proto,
		.data = data,
		.transport = t,
		.bytes = found->bytes,
		.first_frame = found->first_frame,
		.cut = c.cut,
		.malformed = context.malformed,
		.odd_port = found->odd_port,
	};
	if (p->last_message == NULL)
		p->messages = m;
	else
		p->last_message->next = m;
	p->last_message = m;
	return true;
}

bool
dispatch_decode(struct dispatch *d, struct packet *p,
    const struct transport *t, const struct found *found)
{
	return decode(d, p, t, found);
}

/* Is a port of it somebody's, wanted or not? */
static inline bool
is_known(const struct dispatch *d, unsigned space, const struct transport *t)
{
	return dispatch_is_near(d, space, t->sport, t->dport) &&
	    ports_have(d->known[space], t->sport, t->dport);
}

/* Is a port of it one of those that were announced? */
static inline bool
may_be_announced(const struct dispatch *d, const struct transport *t)
{
	return d->expected.n > 0 && has_end(d->expected_ports, t);
}

/* Does no content begin so? */
static inline bool
begins_nothing(const struct dispatch *d, const struct transport *t,
    unsigned over)
{
	struct cursor c = cur_open(t->payload);

	return (d->content_first[cur_u8(&c)] & over) == 0;
}

/* As what was announced, what its ports say and what it looks like, but for
 * what was tried before. */
static __attribute__((cold, noinline)) void
datagram_any(struct dispatch *d, struct packet *p, const struct transport *t,
    unsigned space, const struct proto *tried)
{
	const struct proto *const by_port[] = {
		proto_at(d, space, port_low(t)),
		proto_at(d, space, port_high(t)),
	};
	struct found found = {
		.bytes = t->payload,
		.claimed = t->payload_claimed,
	};

	if (may_be_announced(d, t)) {
		found.proto = dispatch_announced(d, t);
		if (found.proto != NULL && dispatch_decode(d, p, t, &found))
			return;
	}
	for (size_t i = 0; i < LENGTH(by_port); i++) {
		found.proto = by_port[i];
		if (found.proto != NULL && found.proto != tried &&
		    dispatch_decode(d, p, t, &found))
			return;
		tried = tried == NULL ? by_port[i] : tried;
	}
	/* What nobody wants to read. */
	if (tried == NULL && is_known(d, space, t))
		return;
	found.proto = dispatch_by_content(d, t);
	found.odd_port = true;
	if (found.proto != NULL)
		(void)dispatch_decode(d, p, t, &found);
}

/* Layers with their own messages: one payload is one message.  What the
 * port's own protocol refused may be another. */
static inline void
dispatch_datagram(struct dispatch *d, struct packet *p,
    const struct transport *t)
{
	const bool announced = may_be_announced(d, t);
	const struct found found = {
		.proto = announced ? NULL :
		    proto_at(d, SPACE_UDP, port_low(t)),
		.bytes = t->payload,
		.claimed = t->payload_claimed,
	};

	if (found.proto != NULL && decode(d, p, t, &found))
		return;
	if (announced || found.proto != NULL || is_known(d, SPACE_UDP, t) ||
	    !begins_nothing(d, t, NEAR_UDP))
		datagram_any(d, p, t, SPACE_UDP, found.proto);
}

void
dispatch_stream(struct dispatch *d, struct packet *p, struct transport *t)
{
	if (t->protocol == 6 && d->streams != NULL)
		stream_segment(d->streams, p, t);
}

void
dispatch_payload(struct dispatch *d, struct packet *p, struct transport *t)
{
	unsigned space = space_of(t->protocol);

	if (t->payload.n == 0 || p->arena == NULL || space == SPACES)
		return;
	if (space == SPACE_UDP)
		dispatch_datagram(d, p, t);
	else if (space != SPACE_TCP)
		datagram_any(d, p, t, space, NULL);
	else if ((t->flow != NULL && flow_app(t->flow) != NULL) ||
	    may_be_announced(d, t) ||
	    is_known(d, space, t) || !begins_nothing(d, t, NEAR_TCP))
		dispatch_segment(d, p, t);
}

__attribute__((cold)) void
dispatch_finish(struct dispatch *d, struct flows *flows)
{
	if (d->streams != NULL)
		streams_finish(d->streams, flows);
	dispatch_segments_finish(d);
}

__attribute__((cold)) void
dispatch_listen(struct dispatch *d, const struct stream_events *events)
{
	const struct stream_limits limits = {
		.max_waiting = d->limits.max_message,
		.max_bytes = d->limits.max_bytes,
	};

	streams_free(d->streams);
	d->streams = streams_new(&limits, events);
}

__attribute__((cold)) const struct stream_counts *
dispatch_stream_counts(const struct dispatch *d)
{
	if (d->streams != NULL)
		return stream_counts(d->streams);
	return &d->counts;
}
