#include "analysis/icmp.h"
#include "analysis/ranked.h"
#include "net/icmp.h"

struct error_key {
	struct addr sender, src, dst;
	uint16_t sport, dport;
	uint8_t version, type, code, protocol;
};

static void
error_add(struct icmp_state *s, const struct packet *p)
{
	const struct transport *t = packet_quoted_transport(p);
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
is_telling(const struct icmp_header *h)
{
	if (h->version == 4)
		return h->type == 5 || h->type == 9;
	return h->type == 134 || h->type == 136 || h->type == 137;
}

/* Options of NDP (RFC 4861, 4.6): link-layer address, prefix, MTU. */
static void
options_read(struct icmp_told *t, struct cursor *c)
{
	while (cur_left(c) >= 8) {
		uint8_t type = cur_u8(c);
		uint8_t words = cur_u8(c);
		struct cursor o = cur_sub(c, (size_t)words * 8 - 2);

		if (words == 0)
			return;
		if ((type == 1 || type == 2) && words == 1) {
			struct span link = cur_take(&o, 6);

			if (cur_ok(&o))
				t->link = addr_of(ADDR_MAC, link.p);
		} else if (type == 3 && words == 4) {
			uint8_t length = cur_u8(&o);
			struct span prefix;

			cur_skip(&o, 13);
			prefix = cur_take(&o, 16);
			if (!cur_ok(&o))
				continue;
			t->prefix_length = length;
			t->prefix = addr_of(ADDR_IPV6, prefix.p);
		} else if (type == 5 && words == 1) {
			cur_skip(&o, 2);
			t->mtu = cur_be32(&o);
		}
	}
}

static void
told_read(struct icmp_told *t, const struct icmp_header *h)
{
	struct cursor c = cur_open(h->body);

	if (h->version == 4) {
		if (h->type == 9)
			t->lifetime = h->word & 0xffff;
		return;
	}
	if (h->type == 134) {
		cur_skip(&c, 1);
		t->flags = cur_u8(&c);
		t->lifetime = cur_be16(&c);
		cur_skip(&c, 8);
	} else {
		t->flags = cur_u8(&c);
		cur_skip(&c, h->type == 137 ? 35 : 19);
	}
	if (cur_ok(&c))
		options_read(t, &c);
}

/* Who tells another thing of the same is another row: another link-layer
 * address for it may be a spoofed one, a lifetime of 0 is a farewell. */
static void
told_add(struct icmp_state *s, const struct packet *p)
{
	struct icmp_told told, *t;

	memset(&told, 0, sizeof(told));
	told.sender = p->src;
	told.about = p->icmp.target;
	told.type = p->icmp.type;
	told_read(&told, &p->icmp);
	t = table_add(&s->told, span_of(&told, sizeof(told)));
	if (t == NULL)
		return;
	if (t->count == 0) {
		*t = told;
		t->first_frame = p->record->number;
	}
	t->count++;
	t->last_frame = p->record->number;
}

void
icmp_errors_add(struct icmp_state *s, const struct packet *p)
{
	const struct icmp_header *h = &p->icmp;

	if (h->has_quote && h->quote_ip.version != 0) {
		error_add(s, p);
		icmp_path_error(s, p);
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
told_row(const struct icmp_told *t, bool v6, struct json *j)
{
	if (t->link.kind != ADDR_NONE)
		json_addr(j, "link_address", &t->link);
	if (v6 ? t->type == 134 : t->type == 9)
		json_uint(j, "lifetime_seconds", t->lifetime);
	if (v6 && t->type == 134) {
		json_bool(j, "managed", (t->flags & 0x80) != 0);
		json_bool(j, "other_configuration", (t->flags & 0x40) != 0);
	}
	if (t->prefix.kind != ADDR_NONE) {
		char text[ADDR_TEXT];

		json_textf(j, "prefix", "%.*s/%u", (int)addr_write(text,
		    &t->prefix), text, t->prefix_length);
	}
	if (t->mtu != 0)
		json_uint(j, "mtu_bytes", t->mtu);
	if (v6 && t->type == 136) {
		json_bool(j, "router", (t->flags & 0x80) != 0);
		json_bool(j, "solicited", (t->flags & 0x40) != 0);
		json_bool(j, "override", (t->flags & 0x20) != 0);
	}
}

static void
told_report(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	size_t limit;

	json_uint(j, "advertisements_total", s->told.n);
	limit = json_size(j) + max_bytes;
	json_array(j, "advertisements");
	for (size_t i = 0; i < s->told.n; i++) {
		struct json_mark mark = json_mark(j);
		const struct icmp_told *t = table_value(&s->told, i);
		uint8_t version = t->sender.kind == ADDR_IPV6 ? 6 : 4;

		json_object(j, NULL);
		name(j, "type", icmp_type_name(version, t->type), t->type);
		json_addr(j, "sender", &t->sender);
		if (t->about.kind != ADDR_NONE)
			json_addr(j, "about", &t->about);
		told_row(t, version == 6, j);
		json_uint(j, "count", t->count);
		json_uint(j, "first_frame", t->first_frame);
		json_uint(j, "last_frame", t->last_frame);
		json_end(j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

static void
errors_list(const struct icmp_state *s, struct json *j, size_t max_bytes)
{
	size_t limit;

	json_uint(j, "errors_total", s->errors.n);
	limit = json_size(j) + max_bytes;
	json_array(j, "errors");
	for (size_t i = 0; i < s->errors.n; i++) {
		struct json_mark mark = json_mark(j);

		error_row(table_value(&s->errors, i), j);
		if (!ranked_fits(j, mark, limit))
			break;
	}
	json_end(j);
}

/* What there is shares the bytes. */
void
icmp_errors_report(const struct icmp_state *s, struct json *j,
    size_t max_bytes)
{
	size_t lists = (size_t)(s->errors.n > 0) + (s->paths.n > 0) +
	    (s->told.n > 0);

	if (s->errors.n > 0)
		errors_list(s, j, max_bytes / lists);
	if (s->paths.n > 0)
		icmp_paths_report(s, j, max_bytes / lists);
	if (s->told.n > 0)
		told_report(s, j, max_bytes / lists);
}
