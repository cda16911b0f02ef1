#include "filter/eval.h"

#include "base/bytes.h"
#include "base/number.h"
#include "base/word.h"
#include "net/flow_plain.h"
#include "net/frame.h"
#include "net/plain.h"

/*
 * A test of a field that stands at the same place in every plain packet, read
 * where it stands: most packets of most filters are decided so, and nothing of
 * them is decoded.  test/filter/quick.c compares with the field list.
 */

/* Where the headers begin, by enum quick_base. */
static inline size_t
base_of(enum quick_base base, unsigned kind)
{
	size_t network = 14 + ((kind & PLAIN_VLAN) != 0 ? 4U : 0U);

	if (base <= QUICK_FRAME)
		return 0;
	return base == QUICK_NETWORK ? network :
	    network + ((kind & PLAIN_IPV6) != 0 ? 40U : 20U);
}

/* Not as such in the bytes of the packet. */
static uint64_t
record_number(const struct test *t, const struct record *r, unsigned kind)
{
	const uint8_t *p = r->bytes.p + base_of(QUICK_NETWORK, kind);
	bool ipv6 = (kind & PLAIN_IPV6) != 0;

	if (t->quick == QUICK_NUMBER)
		return r->number;
	if (t->quick == QUICK_LEN)
		return r->len;
	if (t->quick == QUICK_CAP_LEN)
		return r->bytes.n;
	/* tcp.len: what IP says is behind its header, less that of TCP. */
	return (ipv6 ? word_be16(p + 4) : word_be16(p + 2) - 20U) -
	    ((p[ipv6 ? 52 : 32] & 0xf0U) >> 2);
}

static inline uint64_t
number_at(const struct test *t, const struct record *r, unsigned kind,
    const uint8_t *p)
{
	const struct quick_place *place = &t->quick_place;
	uint64_t number;

	if (place->base == QUICK_RECORD)
		return record_number(t, r, kind);
	number = place->size == 1 ? *p :
	    place->size == 2 ? word_be16(p) : word_be32(p);
	if (place->mask != 0)
		number &= place->mask;
	return number >> place->shift;
}

bool
test_value_holds(const struct test *t, const struct value *v)
{
	return t->kind == TEST_IN ? set_has(t->set, v) :
	    test_compares(t, v, &t->right->leaves[0].value);
}

/* With a constant that is not as simple: a set, a prefix. */
static __attribute__((noinline)) bool
value_holds(const struct test *t, const struct record *r, unsigned kind,
    const uint8_t *p)
{
	struct value v = t->quick_class == VALUE_NUMBER ?
	    value_of_number(number_at(t, r, kind, p)) :
	    value_of_bytes(t->quick_class, span_of(p, t->quick_place.size));

	return test_value_holds(t, &v);
}

static inline bool
holds(const struct test *t, const struct record *r, unsigned kind,
    const uint8_t *p)
{
	if (!t->quick_plain)
		return value_holds(t, r, kind, p);
	if (t->quick_class == VALUE_NUMBER)
		return test_number_holds(t->operator,
		    number_at(t, r, kind, p), t->quick_words[0]);
	return (t->operator == TEST_EQ) == bytes_equal(p,
	    (const uint8_t *)t->quick_words, t->quick_place.size);
}

static struct span
bytes_of(const struct test *t, const struct record *r, unsigned kind)
{
	size_t network = base_of(QUICK_NETWORK, kind), from = network;
	const uint8_t *p = r->bytes.p + network;
	size_t end = network + ((kind & PLAIN_IPV6) != 0 ?
	    40U + word_be16(p + 4) : word_be16(p + 2));

	if (t->quick_which == QUICK_FROM_FRAME)
		return r->bytes;
	if (t->quick_which != QUICK_FROM_NETWORK)
		from = base_of(QUICK_TRANSPORT, kind);
	if (t->quick_which == QUICK_FROM_PAYLOAD)
		from += (kind & PLAIN_UDP) != 0 ? 8U :
		    (r->bytes.p[from + 12] & 0xf0U) >> 2;
	return span_after(span_first(r->bytes, end), from);
}

static bool
bytes_hold(const struct test *t, const struct record *r, unsigned kind)
{
	const struct span bytes = bytes_of(t, r, kind);
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

static struct value
counted_value(unsigned which, const struct flow_numbers *n)
{
	struct value v;

	if (which < QUICK_REL_TIME)
		return value_of_number(which == QUICK_REL_SEQ ? n->tcp.seq :
		    which == QUICK_REL_NEXT ? n->tcp.next :
		    which == QUICK_REL_ACK ? n->tcp.ack :
		    which == QUICK_REL_WINDOW ? n->tcp.window :
		    n->completeness);
	v = value_of_bytes(VALUE_DURATION, span_empty());
	v.number = (uint64_t)(which == QUICK_REL_TIME ? n->relative : n->delta);
	return v;
}

static bool
counted_holds(const struct test *t, const struct flow_numbers *n)
{
	struct value v;

	if (!n->any || t->kind == TEST_EXISTS)
		return n->any;
	v = counted_value(t->quick_which, n);
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
	if (t->quick_plain)
		return test_number_holds(t->operator, flow->stream,
		    t->quick_words[0]);
	v = value_of_number(flow->stream);
	return test_value_holds(t, &v);
}

/* Tests of what has no place in the packet. */
static __attribute__((noinline)) enum filter_answer
test_apart(const struct test *t, const struct filter_seen *seen)
{
	bool holds;

	switch (t->quick) {
	case QUICK_BYTES:
		holds = bytes_hold(t, seen->record, seen->kind);
		break;
	case QUICK_TIME:
		holds = time_holds(t, seen->record);
		break;
	case QUICK_SINCE:
		if (seen->frame == NULL)
			return FILTER_UNSURE;
		holds = since_holds(t, seen->record, seen->frame);
		break;
	case QUICK_COUNTED:
		if (seen->flow == NULL || seen->flow->numbers == NULL)
			return FILTER_UNSURE;
		holds = counted_holds(t, seen->flow->numbers);
		break;
	default:
		if (seen->flow == NULL)
			return FILTER_UNSURE;
		holds = flow_holds(t, seen->flow);
		break;
	}
	return holds ? FILTER_YES : FILTER_NO;
}

enum filter_answer
test_glance(const struct test *t, const struct filter_seen *seen)
{
	const struct quick_place *place = &t->quick_place;
	const struct record *r = seen->record;
	const uint8_t *p = r->bytes.p + base_of(place->base, seen->kind) +
	    place->at;
	bool answer;

	if (t->quick >= QUICK_BYTES && t->quick != QUICK_PLACE)
		return test_apart(t, seen);
	if (place->size == 0)
		return FILTER_UNSURE;
	if (t->kind == TEST_EXISTS)
		return FILTER_YES;
	answer = holds(t, r, seen->kind, p);
	if (place->pair && answer == t->all)
		answer = holds(t, r, seen->kind, p + place->size);
	return answer ? FILTER_YES : FILTER_NO;
}

/* Where nothing among the options is its number, none is of the kind. */
bool
glance_has_option(const struct filter_seen *seen, uint8_t option)
{
	const uint8_t *p = seen->record->bytes.p +
	    base_of(QUICK_TRANSPORT, seen->kind);
	struct span options = span_of(p + 20, ((p[12] & 0xf0U) >> 2) - 20);

	return span_find_byte(options, option) < options.n;
}
