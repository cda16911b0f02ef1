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

/* Where the headers begin. */
static inline size_t
base_of(enum quick_base base, unsigned kind)
{
	static const uint8_t bases[][8] = {
		[QUICK_FRAME] = { 0 },
		[QUICK_NETWORK] = { 14, 14, 14, 14, 18, 18, 18, 18 },
		[QUICK_TRANSPORT] = { 34, 34, 54, 54, 38, 38, 58, 58 },
	};

	return bases[base][kind % 8];
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
	if (place->size == 6)
		number = number << 16 | word_be16(p + 4);
	if (place->mask != 0)
		number &= place->mask;
	return number >> place->shift;
}

/* No branch but on the test: what packets are is like thrown dice. */
static uint32_t
numbers_hold(const struct test *t, const struct filter_seen *seen,
    uint32_t which)
{
	const struct quick_place *place = &t->quick_place;
	uint32_t yes = 0;

	for (; which != 0; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);
		const struct record *r = &seen->records[i];
		unsigned kind = seen->glances[i].kind;
		const uint8_t *p = r->bytes.p + base_of(place->base, kind) +
		    place->at;
		bool holds = test_in_ranges(t, number_at(t, r, kind, p)), other;

		if (place->pair) {
			other = test_in_ranges(t, number_at(t, r, kind,
			    p + place->size));
			holds = t->all ? holds & other : holds | other;
		}
		yes |= (uint32_t)holds << i;
	}
	return yes;
}

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
	    value_of_number(number_at(t, r, kind, p)) :
	    value_of_bytes(t->quick_class, span_of(p, t->quick_place.size));

	return test_value_holds(t, &v);
}

/* At its place, but with a constant that no ranges say. */
static bool
place_holds(const struct test *t, const struct record *r, unsigned kind)
{
	const struct quick_place *place = &t->quick_place;
	const uint8_t *p = r->bytes.p + base_of(place->base, kind) +
	    place->at;
	bool holds = value_holds(t, r, kind, p);

	if (place->pair && holds == t->all)
		holds = value_holds(t, r, kind, p + place->size);
	return holds;
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
	if (t->n_quick_ranges > 0)
		return test_in_ranges(t, flow->stream);
	v = value_of_number(flow->stream);
	return test_value_holds(t, &v);
}

/* Where nothing among the options is its number, none is of the kind. */
static bool
has_option(const struct record *r, unsigned kind, uint8_t option)
{
	const uint8_t *p = r->bytes.p + base_of(QUICK_TRANSPORT, kind);
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

static enum filter_answer
test_glance(const struct test *t, const struct filter_seen *seen, size_t i)
{
	const struct record *r = &seen->records[i];
	unsigned kind = seen->glances[i].kind;
	const struct filter_flow *flow = seen->flows == NULL ? NULL :
	    &seen->flows[i];
	bool holds;

	switch (t->quick) {
	case QUICK_NONE:
		return lacks_option(t, r, kind) ? FILTER_NO : FILTER_UNSURE;
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

/* Those whose layers do not decide; of the others the answer. */
static inline uint32_t
kinds_ask(const struct test *t, const struct glance *glances, uint32_t which,
    struct filter_answers *answers)
{
	uint32_t no = 0, yes = 0;

	if ((t->kinds_no | t->kinds_yes) == 0)
		return which;
	for (uint32_t left = which; left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		no |= (t->kinds_no >> glances[i].kind & 1) << i;
		yes |= (t->kinds_yes >> glances[i].kind & 1) << i;
	}
	answers->no = no;
	answers->yes = yes;
	return which & ~(no | yes);
}

struct filter_answers
test_glances(const struct test *t, const struct filter_seen *seen,
    uint32_t which)
{
	struct filter_answers answers = { 0, 0 };
	uint32_t asked = kinds_ask(t, seen->glances, which, &answers), yes;

	if (t->n_quick_ranges > 0 && t->quick_place.size > 0) {
		yes = numbers_hold(t, seen, asked);
		answers.yes |= yes;
		answers.no |= asked & ~yes;
		return answers;
	}
	for (; asked != 0; asked &= asked - 1) {
		unsigned i = (unsigned)__builtin_ctz(asked);
		enum filter_answer answer = test_glance(t, seen, i);

		answers.yes |= (uint32_t)(answer == FILTER_YES) << i;
		answers.no |= (uint32_t)(answer == FILTER_NO) << i;
	}
	return answers;
}
