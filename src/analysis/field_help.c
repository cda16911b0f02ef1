#include "analysis/field_help.h"

#include "net/packet.h"

void
field_type_text(struct buf *out, const struct field *f)
{
	static const char *const words[] = {
		[FIELD_NONE] = "mark",
		[FIELD_PROTOCOL] = "protocol",
		[FIELD_BOOL] = "boolean",
		[FIELD_UINT] = "number",
		[FIELD_INT] = "signed number",
		[FIELD_DOUBLE] = "fraction",
		[FIELD_STRING] = "text",
		[FIELD_BYTES] = "bytes",
		[FIELD_IPV4] = "IPv4 address",
		[FIELD_IPV6] = "IPv6 address",
		[FIELD_ETHER] = "MAC address",
		[FIELD_TIME] = "time",
		[FIELD_DURATION] = "duration",
		[FIELD_FRAME] = "frame number",
		[FIELD_GUID] = "GUID",
	};

	if (f->type == FIELD_UINT || f->type == FIELD_INT)
		buf_printf(out, "%u-bit ", f->bits);
	buf_text(out, words[f->type]);
}

static void
number_example(struct buf *out, const struct field *f, const char *name)
{
	uint64_t value = 1;

	if (f->names != NULL && f->names[0].name != NULL)
		value = f->names[0].value;
	buf_printf(out, f->base == FIELD_HEX ? "%s == 0x%llx" : "%s == %llu",
	    name, (unsigned long long)value);
}

void
field_example(struct buf *out, const struct field *f, const char *name)
{
	buf_text(out, name);
	switch (f->type) {
	case FIELD_NONE:
	case FIELD_PROTOCOL:
		break;
	case FIELD_BOOL:
		buf_text(out, " == True");
		break;
	case FIELD_UINT:
		buf_cut(out, out->n - strlen(name));
		number_example(out, f, name);
		break;
	case FIELD_INT:
		buf_text(out, " < 0");
		break;
	case FIELD_DOUBLE:
	case FIELD_DURATION:
		buf_text(out, " > 0.5");
		break;
	case FIELD_STRING:
		buf_text(out, " contains \"example\"");
		break;
	case FIELD_BYTES:
		buf_text(out, " contains 0a:0b");
		break;
	case FIELD_IPV4:
		buf_text(out, " == 192.0.2.0/24");
		break;
	case FIELD_IPV6:
		buf_text(out, " == 2001:db8::/32");
		break;
	case FIELD_ETHER:
		buf_text(out, " == 00:00:5e:00:53:01");
		break;
	case FIELD_TIME:
		buf_text(out, " >= \"2024-01-31 12:00:00\"");
		break;
	case FIELD_FRAME:
		buf_text(out, " == 1");
		break;
	case FIELD_GUID:
		buf_text(out, " == 01020304-0506-0708-090a-0b0c0d0e0f10");
		break;
	}
}
