#include "filter/eval.h"

#include "base/bytes.h"
#include "base/number.h"
#include "base/word.h"
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

static __attribute__((noinline)) bool
frame_contains(const struct test *t, const struct record *r)
{
	const struct value bytes = value_of_bytes(VALUE_BYTES, r->bytes);

	return value_contains(&bytes, &t->right->leaves[0].value);
}

static __attribute__((noinline)) bool
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

enum filter_answer
test_glance(const struct test *t, const struct record *r, unsigned kind)
{
	const struct quick_place *place = &t->quick_place;
	const uint8_t *p = r->bytes.p + base_of(place->base, kind) +
	    place->at;
	bool answer;

	if (t->quick == QUICK_TIME)
		return time_holds(t, r) ? FILTER_YES : FILTER_NO;
	if (t->kind == TEST_EXISTS)
		return FILTER_YES;
	if (t->quick == QUICK_BYTES)
		return frame_contains(t, r) ? FILTER_YES : FILTER_NO;
	answer = holds(t, r, kind, p);
	if (place->pair && answer == t->all)
		answer = holds(t, r, kind, p + place->size);
	return answer ? FILTER_YES : FILTER_NO;
}

/* Where nothing among the options is its number, none is of the kind. */
bool
glance_has_option(const struct record *r, unsigned kind, uint8_t option)
{
	const uint8_t *p = r->bytes.p + base_of(QUICK_TRANSPORT, kind);
	struct span options = span_of(p + 20, ((p[12] & 0xf0U) >> 2) - 20);

	return span_find_byte(options, option) < options.n;
}

enum filter_answer
test_flow(const struct test *t, const struct filter_flow *flow)
{
	struct value v;
	bool holds = flow->any;

	if (t->quick == QUICK_ANALYSIS) {
		holds = (flow->analysis & t->quick_which) != 0;
	} else if (holds && t->quick_plain) {
		holds = test_number_holds(t->operator, flow->stream,
		    t->quick_words[0]);
	} else if (holds && t->kind != TEST_EXISTS) {
		v = value_of_number(flow->stream);
		holds = test_value_holds(t, &v);
	}
	return holds ? FILTER_YES : FILTER_NO;
}
