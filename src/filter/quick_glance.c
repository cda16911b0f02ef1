#include "filter/eval.h"

#include "base/bytes.h"
#include "base/number.h"
#include "base/word.h"
#include "net/flow_plain.h"
#include "net/frame.h"
#include "net/plain.h"

/*
 * Tests of one plain packet that ranges of a number at its place do not tell
 * (quick_many.c): other values that stand there, bytes, times, and what the
 * flow tracker knows.
 */

bool
test_value_holds(const struct test *t, const struct value *v)
{
	return t->kind == TEST_IN ? set_has(t->set, v) :
	    test_compares(t, v, &t->right->leaves[0].value);
}

static bool
value_holds(const struct test *t, const struct record *r, unsigned kind,
    const uint8_t *p)
{
	struct value v = t->quick_class == VALUE_NUMBER ?
	    value_of_number(glance_number(t, r, kind, p)) :
	    value_of_bytes(t->quick_class, span_of(p, t->quick_place.size));

	return test_value_holds(t, &v);
}

/* At its place, but with a constant that no ranges say. */
static bool
place_holds(const struct test *t, const struct record *r, unsigned kind)
{
	const struct quick_place *place = &t->quick_place;
	const uint8_t *p = r->bytes.p + glance_base(place->base, kind) +
	    place->at;
	bool holds = value_holds(t, r, kind, p);

	if (place->pair && holds == t->all)
		holds = value_holds(t, r, kind, p + place->size);
	return holds;
}

static struct span
bytes_of(unsigned which, const struct record *r, unsigned kind)
{
	size_t network = glance_base(QUICK_NETWORK, kind), from = network;
	const uint8_t *p = r->bytes.p + network;
	size_t end = network + ((kind & PLAIN_IPV6) != 0 ?
	    40U + word_be16(p + 4) : word_be16(p + 2));

	if (which == QUICK_FROM_FRAME)
		return r->bytes;
	if (which != QUICK_FROM_NETWORK)
		from = glance_base(QUICK_TRANSPORT, kind);
	if (which == QUICK_FROM_PAYLOAD)
		from += (kind & PLAIN_UDP) != 0 ? 8U :
		    (r->bytes.p[from + 12] & 0xf0U) >> 2;
	return span_after(span_first(r->bytes, end), from);
}

static bool
bytes_hold(const struct test *t, const struct record *r, unsigned kind)
{
	const struct span bytes = bytes_of(t->quick_which, r, kind);
	const struct value v = value_of_bytes(VALUE_BYTES, bytes);

	/* A payload without bytes is no field. */
	if (bytes.n == 0)
		return false;
	if (t->kind == TEST_MATCHES)
		return regex_match(t->regex, bytes);
	return value_contains(&v, &t->right->leaves[0].value);
}

/* When it came, as such and in seconds since 1970. */
static bool
time_holds(const struct test *t, const struct record *r)
{
	const struct timestamp zero = { .known = true };
	struct value v = value_of_bytes(t->quick_which == 0 ? VALUE_TIME :
	    VALUE_DURATION, span_empty());

	if (!r->time.known || t->kind == TEST_EXISTS)
		return r->time.known;
	v.seconds = r->time.seconds;
	v.nanoseconds = r->time.nanoseconds;
	if (t->quick_which != 0)
		v.number = (uint64_t)time_diff(r->time, zero);
	return test_value_holds(t, &v);
}

/* As frame.c has it. */
static bool
since_holds(const struct test *t, const struct record *r,
    const struct frame_facts *frame)
{
	const struct timestamp *before = t->quick_which == 0 ? &frame->first :
	    t->quick_which == 1 ? &frame->previous : &frame->displayed;
	struct value v = value_of_bytes(VALUE_DURATION, span_empty());

	if (!r->time.known || t->kind == TEST_EXISTS)
		return r->time.known;
	v.number = before->known ? (uint64_t)time_diff(r->time, *before) : 0;
	return test_value_holds(t, &v);
}

static uint64_t
counted_number(unsigned which, const struct flow_numbers *n)
{
	switch (which) {
	case QUICK_REL_SEQ:
		return n->tcp.seq;
	case QUICK_REL_NEXT:
		return n->tcp.next;
	case QUICK_REL_ACK:
		return n->tcp.ack;
	case QUICK_REL_WINDOW:
		return n->tcp.window;
	case QUICK_REL_COMPLETE:
		return n->completeness;
	case QUICK_REL_TIME:
		return (uint64_t)n->relative;
	default:
		return (uint64_t)n->delta;
	}
}

static bool
counted_holds(const struct test *t, const struct flow_numbers *n)
{
	const bool duration = t->quick_which >= QUICK_REL_TIME;
	uint64_t number;
	struct value v;

	if (!n->any || t->kind == TEST_EXISTS)
		return n->any;
	number = counted_number(t->quick_which, n);
	if (t->n_quick_ranges > 0)
		return test_in_ranges(t, duration ? quick_signed(number) :
		    number);
	v = duration ? value_of_bytes(VALUE_DURATION, span_empty()) :
	    value_of_number(number);
	v.number = number;
	return test_value_holds(t, &v);
}

static bool
flow_holds(const struct test *t, const struct filter_flow *flow)
{
	struct value v;

	if (t->quick == QUICK_ANALYSIS)
		return (flow->analysis & t->quick_which) != 0;
	if (!flow->any || t->kind == TEST_EXISTS)
		return flow->any;
	if (t->n_quick_ranges > 0)
		return test_in_ranges(t, flow->stream);
	v = value_of_number(flow->stream);
	return test_value_holds(t, &v);
}

/* The row of a part, where there is one. */
static bool
part_value(const struct test *part, const struct record *r, unsigned kind,
    struct field_value *v)
{
	const uint8_t *p = r->bytes.p +
	    glance_base(part->quick_place.base, kind) + part->quick_place.at;
	size_t transport = glance_base(QUICK_TRANSPORT, kind);

	*v = (struct field_value){ .field = part->row, .bytes = span_empty() };
	if ((part->kinds_no >> kind & 1) != 0)
		return false;
	if (part->quick != QUICK_BYTES) {
		if (part->quick_class == VALUE_NUMBER)
			v->number = glance_number(part, r, kind, p);
		else
			v->bytes = span_of(p, part->quick_place.size);
		return true;
	}
	v->bytes = bytes_of(part->quick_which, r, kind);
	v->offset = (uint32_t)(v->bytes.p - r->bytes.p);
	v->length = part->quick_which == QUICK_FROM_FRAME ?
	    (uint32_t)r->bytes.n : part->quick_which == QUICK_FROM_NETWORK ?
	    (uint32_t)(transport - v->offset) :
	    (kind & PLAIN_UDP) != 0 ? 8 :
	    (r->bytes.p[transport + 12] & 0xf0U) >> 2;
	return v->bytes.n > 0;
}

/* With a list of no more fields than it asks for. */
static bool
parts_hold(const struct filter *f, const struct test *t,
    const struct record *r, unsigned kind)
{
	struct field_value values[QUICK_PARTS] BYTES_UNSET;
	struct field_list list BYTES_UNSET;
	struct packet p BYTES_UNSET;
	struct span bytes = bytes_of(QUICK_FROM_NETWORK, r, kind);

	list.values = values;
	list.n = 0;
	list.sources[0] = r->bytes;
	list.n_sources = 1;
	for (size_t i = 0; i < t->n_parts; i++)
		list.n += part_value(&t->parts[i], r, kind, &values[list.n]);
	p.fields = &list;
	p.bytes = span_of(r->bytes.p,
	    (size_t)(bytes.p - r->bytes.p) + bytes.n);
	p.arena = f->scratch;
	arena_reset(f->scratch);
	return test_holds(f, t, &p);
}

/* Where nothing among the options is its number, none is of the kind. */
static bool
has_option(const struct record *r, unsigned kind, uint8_t option)
{
	const uint8_t *p = r->bytes.p + glance_base(QUICK_TRANSPORT, kind);
	struct span options = span_of(p + 20, ((p[12] & 0xf0U) >> 2) - 20);

	return span_find_byte(options, option) < options.n;
}

static bool
lacks_option(const struct test *t, const struct record *r, unsigned kind)
{
	for (size_t i = 0; i < t->n_needs; i++)
		if (t->needs[i].option != 0 &&
		    !has_option(r, kind, t->needs[i].option))
			return true;
	return false;
}

enum filter_answer
test_glance(const struct filter *f, const struct test *t,
    const struct filter_seen *seen, size_t i)
{
	const struct record *r = &seen->records[i];
	unsigned kind = seen->glances[i].kind;
	const struct filter_flow *flow = seen->flows == NULL ? NULL :
	    &seen->flows[i];
	bool holds;

	switch (t->quick) {
	case QUICK_NONE:
		if (lacks_option(t, r, kind))
			return FILTER_NO;
		if (t->n_parts == 0)
			return FILTER_UNSURE;
		holds = parts_hold(f, t, r, kind);
		break;
	case QUICK_BYTES:
		holds = bytes_hold(t, r, kind);
		break;
	case QUICK_TIME:
		holds = time_holds(t, r);
		break;
	case QUICK_SINCE:
		if (seen->frame == NULL)
			return FILTER_UNSURE;
		holds = since_holds(t, r, seen->frame);
		break;
	case QUICK_COUNTED:
		if (flow == NULL || flow->numbers == NULL)
			return FILTER_UNSURE;
		holds = counted_holds(t, flow->numbers);
		break;
	case QUICK_STREAM:
	case QUICK_ANALYSIS:
		if (flow == NULL)
			return FILTER_UNSURE;
		holds = flow_holds(t, flow);
		break;
	default:
		holds = place_holds(t, r, kind);
		break;
	}
	return holds ? FILTER_YES : FILTER_NO;
}
