#include "proto/dhcp_option.h"

/* Option 82 (RFC 3046): suboptions with a length byte each. */
static enum dhcp_row
suboption_row(uint8_t code)
{
	switch (code) {
	case 1:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_AGENT_CIRCUIT_ID;
	case 2:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_AGENT_REMOTE_ID;
	case 4:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_DOCSIS_DEVICE_CLASS;
	case 5:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_LINK_SELECTION;
	case 6:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_SUBSCRIBER_ID;
	case 7:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_RADIUS_ATTRIBUTES;
	case 8:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_AUTHENTICATION;
	case 10:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_FLAGS;
	case 11:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_SERVER_ID_OVERRIDE;
	case 12:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_RELAY_AGENT_ID;
	case 150:
		return
		    DHCP_ROW_O_AGENT_INFORMATION_OPTION_LINK_SELECTION_CISCO;
	case 151:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_VRF_NAME;
	case 152:
		return DHCP_ROW_O_AGENT_INFORMATION_OPTION_SERVER_ID_OVERRIDE_CISCO;
	}
	return DHCP_ROW;
}

static void
suboption_put(struct dhcp_fields *f, uint8_t code, struct span value)
{
	enum dhcp_row at = suboption_row(code);
	const struct field *row = &dhcp_rows[at];
	struct cursor c = cur_open(value);
	size_t size = row->type == FIELD_IPV4 ? 4 :
	    row->type == FIELD_UINT ? row->bits / 8U : value.n;

	if (at == DHCP_ROW)
		return;
	if (value.n != size)
		dhcp_put(f, DHCP_ROW_BAD_LENGTH, value, 1);
	else if (row->type == FIELD_UINT)
		dhcp_put(f, at, value, size == 4 ? cur_be32(&c) :
		    cur_u8(&c));
	else
		dhcp_put_bytes(f, at, value);
}

void
dhcp_relay_put(struct dhcp_fields *f, struct cursor *c)
{
	struct span value;
	uint8_t code, n;

	while (cur_left(c) > 0) {
		struct span head = span_of(c->base + c->pos, cur_left(c));

		if (head.n < 2) {
			dhcp_put(f, DHCP_ROW_MISSING_SUBOPT_LENGTH, head, 1);
			return;
		}
		code = read_u8(c, f->l,
		    &dhcp_rows[DHCP_ROW_O_AGENT_INFORMATION_OPTION_SUBOPTION]);
		f->l->depth++;
		n = read_u8(c, f->l,
		    &dhcp_rows[DHCP_ROW_O_SUBOPTION_LENGTH]);
		if (n > cur_left(c)) {
			dhcp_put(f, DHCP_ROW_MISSING_SUBOPT_VALUE, head, 1);
			f->l->depth--;
			return;
		}
		value = read_bytes(c, n, f->l,
		    &dhcp_rows[DHCP_ROW_O_AGENT_INFORMATION_OPTION_VALUE]);
		suboption_put(f, code, value);
		f->l->depth--;
	}
}
