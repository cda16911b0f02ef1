#include "filter/eval.h"

#include "base/bytes.h"
#include "net/plain.h"

/*
 * frame.protocols of a packet without messages says no more than which layers
 * it has: a test of it is done once for each kind of plain packets.
 * test/filter/quick.c compares with the field list.
 */

/* By the bits of the kind; NULL: there is none such. */
static const char *const protocols[PLAIN_KINDS] = {
	[0] = "eth:ethertype:ip:tcp",
	[PLAIN_UDP] = "eth:ethertype:ip:udp",
	[PLAIN_IPV6] = "eth:ethertype:ipv6:tcp",
	[PLAIN_IPV6 | PLAIN_UDP] = "eth:ethertype:ipv6:udp",
	[PLAIN_VLAN] = "eth:ethertype:vlan:ethertype:ip:tcp",
	[PLAIN_VLAN | PLAIN_UDP] = "eth:ethertype:vlan:ethertype:ip:udp",
	[PLAIN_VLAN | PLAIN_IPV6] = "eth:ethertype:vlan:ethertype:ipv6:tcp",
	[PLAIN_VLAN | PLAIN_IPV6 | PLAIN_UDP] =
	    "eth:ethertype:vlan:ethertype:ipv6:udp",
	[PLAIN_ECHO] = "eth:ethertype:ip:icmp",
	[PLAIN_ECHO | PLAIN_IPV6] = "eth:ethertype:ipv6:icmpv6",
	[PLAIN_ECHO | PLAIN_VLAN] = "eth:ethertype:vlan:ethertype:ip:icmp",
	[PLAIN_ECHO | PLAIN_VLAN | PLAIN_IPV6] =
	    "eth:ethertype:vlan:ethertype:ipv6:icmpv6",
	[PLAIN_ARP] = "eth:ethertype:arp",
	[PLAIN_ARP | PLAIN_VLAN] = "eth:ethertype:vlan:ethertype:arp",
};

/* The row, where the test asks of it and of constants alone. */
static const struct field *
protocols_row(const struct test *t)
{
	const struct leaf *leaf = expr_single(t->left);
	const struct leaf *right = t->right == NULL ? NULL :
	    expr_single(t->right);

	if (leaf == NULL || leaf->kind != LEAF_FIELD || leaf->n_rows != 1 ||
	    leaf->layers != NULL ||
	    strcmp(leaf->rows[0]->name, "frame.protocols") != 0 ||
	    (t->right != NULL &&
	    (right == NULL || right->kind != LEAF_LITERAL)) ||
	    (t->set != NULL && t->set->n_fields > 0))
		return NULL;
	return leaf->rows[0];
}

void
protocols_prepare(const struct filter *f, struct test *t)
{
	struct field_value value = { .field = protocols_row(t) };
	struct field_list list BYTES_UNSET;
	struct packet p BYTES_UNSET;

	if (value.field == NULL)
		return;
	list.values = &value;
	list.n = 1;
	list.n_sources = 0;
	p.fields = &list;
	p.bytes = span_empty();
	p.arena = f->scratch;
	for (unsigned kind = 0; kind < PLAIN_KINDS; kind++) {
		uint32_t bit = (uint32_t)1 << kind;

		if (protocols[kind] == NULL)
			continue;
		value.bytes = span_text(protocols[kind]);
		arena_reset(f->scratch);
		if (test_holds(f, t, &p))
			t->kinds_yes |= bit;
		else
			t->kinds_no |= bit;
	}
}
