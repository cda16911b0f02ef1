#include "proto/proto.h"

#include "net/walk.h"
#include "proto/dhcp.h"
#include "proto/dhcpv6.h"
#include "proto/dns.h"
#include "proto/nbns.h"
#include "proto/rtp.h"
#include "proto/sdp.h"
#include "proto/sip.h"

/*
 * One line a protocol.  The order is the order in which contents are tried
 * on ports that nobody claims: the surest first.
 */
const struct proto *const protos[] = {
	&proto_dns,
	&proto_mdns,
	&proto_llmnr,
	&proto_nbns,
	&proto_dhcp,
	&proto_dhcpv6,
	&proto_sip,
	&proto_sdp,
	&proto_rtp,
};
const size_t proto_count = LENGTH(protos);

uint64_t
protos_named(const char *names)
{
	struct span rest = span_text(names), name;
	uint64_t bits = 0;

	while (rest.n > 0) {
		name = span_first(rest, span_find_byte(rest, ' '));
		rest = span_after(rest, name.n + 1);
		for (size_t i = 0; i < proto_count && i < 64; i++)
			if (span_is(name, protos[i]->name))
				bits |= (uint64_t)1 << i;
	}
	return bits;
}

uint64_t
protos_of(const struct field_table *table)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < proto_count && i < 64; i++) {
		if (protos[i]->fields != table)
			continue;
		bits |= (uint64_t)1 << i;
		if (protos[i]->found_by != NULL)
			bits |= protos_named(protos[i]->found_by);
	}
	return bits;
}

size_t
field_tables(void)
{
	size_t n = net_table_count;

	for (size_t i = 0; i < proto_count; i++)
		n += protos[i]->fields != NULL;
	return n;
}

const struct field_table *
field_table_at(size_t i)
{
	if (i < net_table_count)
		return net_tables[i];
	i -= net_table_count;
	for (size_t k = 0; k < proto_count; k++) {
		if (protos[k]->fields == NULL)
			continue;
		if (i == 0)
			return protos[k]->fields;
		i--;
	}
	return NULL;
}

/* As span_is(), without a look at all of a text that differs early. */
static bool
is_name(struct span name, const char *text)
{
	for (size_t i = 0; i < name.n; i++)
		if (text[i] == '\0' || (uint8_t)text[i] != name.p[i])
			return false;
	return text[name.n] == '\0';
}

static bool
answers_to(const struct field *f, struct span name)
{
	return is_name(name, f->name) ||
	    (f->also != NULL && is_name(name, f->also));
}

static const struct field *
table_find(const struct field_table *t, struct span name, size_t *skip)
{
	for (size_t row = 0; row < t->n; row++) {
		if (!answers_to(&t->rows[row], name))
			continue;
		if (*skip == 0)
			return &t->rows[row];
		(*skip)--;
	}
	return NULL;
}

const struct field *
field_find(struct span name, size_t i)
{
	const struct field_table *t;
	const struct field *f;

	for (size_t table = 0; (t = field_table_at(table)) != NULL; table++) {
		f = table_find(t, name, &i);
		if (f != NULL)
			return f;
	}
	return NULL;
}
