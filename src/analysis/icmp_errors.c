#include "analysis/icmp.h"
#include "net/icmp.h"

/* The transport quoted in the error, when its ports were there. */
static const struct transport *
quoted_transport(const struct packet *p)
{
	for (unsigned i = 0; i < p->n_transports; i++) {
		if (p->transports[i].in_error)
			return &p->transports[i];
	}
	return NULL;
}

struct error_key {
	struct addr sender, src, dst;
	uint16_t sport, dport;
	uint8_t version, type, code, protocol;
};

static void
error_add(struct icmp_state *s, const struct packet *p)
{
	const struct transport *t = quoted_transport(p);
	const struct icmp_header *h = &p->icmp;
	struct error_key key;
	struct icmp_error *e;

	memset(&key, 0, sizeof(key));
	key.sender = p->src;
	key.src = h->quote_src;
	key.dst = h->quote_dst;
	key.sport = t != NULL ? t->sport : 0;
	key.dport = t != NULL ? t->dport : 0;
	key.version = h->version;
	key.type = h->type;
	key.code = h->code;
	key.protocol = h->quote_ip.protocol;
	e = table_add(&s->errors, span_of(&key, sizeof(key)));
	if (e == NULL)
		return;
	if (e->count++ == 0) {
		e->sender = key.sender;
		e->src = key.src;
		e->dst = key.dst;
		e->sport = key.sport;
		e->dport = key.dport;
		e->version = key.version;
		e->type = key.type;
		e->code = key.code;
		e->protocol = key.protocol;
		e->first_frame = p->record->number;
	}
	e->word = h->word;
	e->gateway = h->target;
	e->last_frame = p->record->number;
}

static bool
is_expired(const struct icmp_header *h)
{
	return h->code == 0 && (h->version == 4 ? h->type == 11 :
	    h->type == 3);
}

/* Routers that let packets to one target expire, in the order in which they
 * were met: of a traceroute that is the path. */
static void
hop_add(struct icmp_state *s, const struct packet *p)
{
	struct addr key[2] = { p->icmp.quote_dst, p->src };
	struct icmp_hop *hop = table_add(&s->hops, span_of(key,
	    sizeof(key)));

	if (hop == NULL)
		return;
	if (hop->count++ == 0) {
		hop->target = key[0];
		hop->router = key[1];
		hop->first_frame = p->record->number;
		hop->ttl_left = p->ip.ttl;
	}
}

static bool
is_telling(const struct icmp_header *h)
{
	if (h->version == 4)
		return h->type == 5 || h->type == 9;
	return h->type == 134 || h->type == 136 || h->type == 137;
}

static void
told_add(struct icmp_state *s, const struct packet *p)
{
	struct {
		struct addr sender, about;
		uint8_t version, type;
	} key;
	struct icmp_told *t;

	memset(&key, 0, sizeof(key));
	key.sender = p->src;
	key.about = p->icmp.target;
	key.version = p->icmp.version;
	key.type = p->icmp.type;
	t = table_add(&s->told, span_of(&key, sizeof(key)));
	if (t == NULL)
		return;
	if (t->count++ == 0) {
		t->sender = key.sender;
		t->about = key.about;
		t->type = key.type;
		t->first_frame = p->record->number;
	}
	t->last_frame = p->record->number;
}

void
icmp_errors_add(struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;

	if (h->has_quote && h->quote_ip.version != 0) {
		error_add(s, p);
		if (is_expired(h))
			hop_add(s, p);
	}
	if (is_telling(h))
		told_add(s, p);
}

static void
name(struct json *j, const char *member, const char *text, unsigned number)
{
	if (text != NULL)
		json_text(j, member, text);
	else
		json_textf(j, member, "%u", number);
}

static const char *
protocol_name(uint8_t protocol)
{
	switch (protocol) {
	case 1:
		return "icmp";
	case 6:
		return "tcp";
	case 17:
		return "udp";
	case 58:
		return "icmpv6";
	case 132:
		return "sctp";
	default:
		return NULL;
	}
}

static void
error_row(const struct icmp_error *e, struct json *j)
{
	bool ports = e->sport != 0 || e->dport != 0;

	json_object(j, NULL);
	json_addr(j, "sender", &e->sender);
	name(j, "type", icmp_type_name(e->version, e->type), e->type);
	name(j, "code", icmp_code_name(e->version, e->type, e->code),
	    e->code);
	name(j, "about_protocol", protocol_name(e->protocol), e->protocol);
	if (ports) {
		json_endpoint(j, "about_source", &e->src, e->sport);
		json_endpoint(j, "about_destination", &e->dst, e->dport);
	} else {
		json_addr(j, "about_source", &e->src);
		json_addr(j, "about_destination", &e->dst);
	}
	if (e->version == 4 && e->type == 3 && e->code == 4)
		json_uint(j, "mtu_bytes", e->word & 0xffff);
	if (e->version == 6 && e->type == 2)
		json_uint(j, "mtu_bytes", e->word);
	if (e->gateway.kind != ADDR_NONE)
		json_addr(j, "gateway", &e->gateway);
	json_uint(j, "count", e->count);
	json_uint(j, "first_frame", e->first_frame);
	json_uint(j, "last_frame", e->last_frame);
	json_end(j);
}

static void
hops_report(const struct icmp_state *s, struct json *j, size_t most)
{
	json_uint(j, "expired_hops_total", s->hops.n);
	json_array(j, "expired_hops");
	for (size_t i = 0; i < s->hops.n && i < most; i++) {
		const struct icmp_hop *h = table_value(&s->hops, i);

		json_object(j, NULL);
		json_addr(j, "target", &h->target);
		json_addr(j, "router", &h->router);
		json_uint(j, "count", h->count);
		json_uint(j, "ttl_on_arrival", h->ttl_left);
		json_uint(j, "first_frame", h->first_frame);
		json_end(j);
	}
	json_end(j);
}

static void
told_report(const struct icmp_state *s, struct json *j, size_t most)
{
	json_uint(j, "advertisements_total", s->told.n);
	json_array(j, "advertisements");
	for (size_t i = 0; i < s->told.n && i < most; i++) {
		const struct icmp_told *t = table_value(&s->told, i);
		uint8_t version = t->sender.kind == ADDR_IPV6 ? 6 : 4;

		json_object(j, NULL);
		name(j, "type", icmp_type_name(version, t->type), t->type);
		json_addr(j, "sender", &t->sender);
		if (t->about.kind != ADDR_NONE)
			json_addr(j, "about", &t->about);
		json_uint(j, "count", t->count);
		json_uint(j, "first_frame", t->first_frame);
		json_uint(j, "last_frame", t->last_frame);
		json_end(j);
	}
	json_end(j);
}

void
icmp_errors_report(const struct icmp_state *s, struct json *j, size_t most)
{
	if (s->errors.n > 0) {
		json_uint(j, "errors_total", s->errors.n);
		json_array(j, "errors");
		for (size_t i = 0; i < s->errors.n && i < most; i++)
			error_row(table_value(&s->errors, i), j);
		json_end(j);
	}
	if (s->hops.n > 0)
		hops_report(s, j, most);
	if (s->told.n > 0)
		told_report(s, j, most);
}
