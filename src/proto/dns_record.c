#include <stdio.h>

#include "base/bytes.h"
#include "proto/dns_rdata.h"
#include "proto/dns_words.h"

/*
 * What others ask of a record that was read: its data as text, the name or the
 * address in it, the words for its numbers.
 */
struct dns_rdata
dns_rdata_of(const struct dns_message *m, const struct dns_record *rr,
    struct dns_names *names, struct arena *arena)
{
	struct dns_rdata data = {
		.c = cur_open_cut(m->bytes, m->claimed),
		.names = names,
		.arena = arena,
	};

	cur_seek(&data.c, (size_t)(rr->data.p - m->bytes.p));
	data.c.end = data.c.claimed = data.c.pos + rr->data.n;
	return data;
}

void
dns_record_text(struct buf *out, const struct dns_message *m,
    const struct dns_record *r, struct arena *arena)
{
	struct dns_names names BYTES_UNSET;
	struct dns_rdata data = dns_rdata_of(m, r, &names, arena);
	size_t before = out->n;

	dns_names_init(&names, arena);
	data.text = out;
	dns_rdata_read(&data, r->type);
	if (cur_ok(&data.c) && !data.malformed && r->data.n > 0 &&
	    cur_left(&data.c) == 0)
		return;
	buf_cut(out, before);
	data = dns_rdata_of(m, r, &names, arena);
	data.text = out;
	dns_rdata_read(&data, 0); /* as an unknown type */
}

/* Bytes of the data before its name. */
static bool
name_offset(uint16_t type, size_t *offset)
{
	switch (type) {
	case DNS_TYPE_NS:
	case DNS_TYPE_CNAME:
	case DNS_TYPE_PTR:
	case DNS_TYPE_DNAME:
		*offset = 0;
		return true;
	case DNS_TYPE_MX:
		*offset = 2;
		return true;
	case DNS_TYPE_SRV:
		*offset = 6;
		return true;
	}
	return false;
}

bool
dns_record_name(const struct dns_message *m, const struct dns_record *r,
    struct arena *arena, struct dns_name *name)
{
	struct dns_names names BYTES_UNSET;
	struct dns_rdata data = dns_rdata_of(m, r, &names, arena);
	size_t offset;

	dns_names_init(&names, arena);
	if (!name_offset(r->type, &offset))
		return false;
	cur_skip(&data.c, offset);
	*name = dns_name_read(&names, &data.c);
	return cur_ok(&data.c) && !name->bad;
}

const char *
dns_type_text(uint16_t type, char out[DNS_WORD])
{
	const char *name;

	/* The table is dense where the usual ones stand. */
	for (unsigned back = 1; back <= 2; back++)
		if (type >= back && type <= DNS_TYPE_HTTPS &&
		    dns_types[type - back].value == type)
			return dns_types[type - back].name;
	name = value_name(dns_types, type);
	if (name != NULL)
		return name;
	(void)snprintf(out, DNS_WORD, "TYPE%u", type);
	return out;
}

const char *
dns_rcode_text(uint16_t rcode, char out[DNS_WORD])
{
	const char *name = value_name(dns_rcodes, rcode);

	if (name != NULL)
		return name;
	(void)snprintf(out, DNS_WORD, "RCODE%u", rcode);
	return out;
}
