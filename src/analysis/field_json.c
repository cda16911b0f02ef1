#include "analysis/field_json.h"

#include "base/text.h"
#include "net/field_text.h"

#define SHOWN_MAX (2 * TEXT_MAX)
#define TEXT_ROOM 65536

/* Addresses, hex numbers and the like. */
static void
text_json(struct json *j, const char *name, const struct field_value *v)
{
	char word[ADDR_TEXT];
	size_t n = field_short_text(word, v);
	struct buf text;

	if (n > 0) {
		json_span(j, name, span_of(word, n));
		return;
	}
	buf_init(&text, TEXT_ROOM);
	field_text(&text, v);
	json_span(j, name, buf_bytes(&text));
	buf_free(&text);
}

/* Not more hex than a foreign string may be long. */
static void
bytes_json(struct json *j, const char *name, const struct field_value *v)
{
	struct buf *out = json_raw_begin(j, name);

	buf_byte(out, '"');
	text_hex(out, span_first(v->bytes, SHOWN_MAX / 2),
	    v->field->separator);
	if (v->bytes.n > SHOWN_MAX / 2)
		buf_printf(out, "...(+%zu)", v->bytes.n - SHOWN_MAX / 2);
	buf_byte(out, '"');
}

static void
time_json(struct json *j, const char *name, const struct field_value *v)
{
	struct timestamp t = { .seconds = v->time.seconds,
		.nanoseconds = v->time.nanoseconds, .digits = 9,
		.known = true };

	json_time(j, name, t);
}

void
field_json(struct json *j, const char *name, const struct field_value *v)
{
	switch (v->field->type) {
	case FIELD_NONE:
	case FIELD_PROTOCOL:
		json_bool(j, name, true);
		break;
	case FIELD_BOOL:
		json_bool(j, name, v->number != 0);
		break;
	case FIELD_FRAME:
		json_uint(j, name, v->number);
		break;
	case FIELD_UINT:
		if (v->field->base == FIELD_DEC)
			json_uint(j, name, v->number);
		else
			text_json(j, name, v);
		break;
	case FIELD_INT:
		json_int(j, name, (int64_t)v->number);
		break;
	case FIELD_DOUBLE:
		json_double(j, name, v->real);
		break;
	case FIELD_DURATION:
		json_seconds(j, name, (int64_t)v->number);
		break;
	case FIELD_STRING:
		json_foreign(j, name, v->bytes);
		break;
	case FIELD_TIME:
		time_json(j, name, v);
		break;
	case FIELD_BYTES:
		bytes_json(j, name, v);
		break;
	default:
		text_json(j, name, v);
		break;
	}
}

const char *
field_label(const struct field_value *v)
{
	if (v->field->names == NULL || v->field->type == FIELD_BOOL)
		return NULL;
	return value_name(v->field->names, v->number);
}
