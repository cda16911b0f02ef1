#include "filter/eval.h"

#include "base/bytes.h"
#include "base/word.h"
#include "net/plain.h"

/*
 * A filter over several plain packets at once: test after test, a bit a
 * packet, and no test of those that the ones before it decide.  Most tests are
 * of a number that stands at the same place in every plain packet, and is read
 * where it stands: nothing of the packet is decoded.  test/filter/quick.c
 * compares with the field list.
 */

/* Where the headers begin: behind 14 bytes and a tag of 4, and behind 20 or 40
 * more. */
static inline size_t
base_of(unsigned base, unsigned kind)
{
	size_t network = 14 + (kind & PLAIN_VLAN);

	_Static_assert(PLAIN_VLAN == 4 && PLAIN_IPV6 == 2, "as many bytes");
	if (base <= QUICK_FRAME)
		return 0;
	return base == QUICK_NETWORK ? network :
	    network + 20 + (size_t)10 * (kind & PLAIN_IPV6);
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

size_t
glance_base(enum quick_base base, unsigned kind)
{
	return base_of(base, kind);
}

uint64_t
glance_number(const struct test *t, const struct record *r, unsigned kind,
    const uint8_t *p)
{
	return number_at(t, r, kind, p);
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

static struct filter_answers
test_glances(const struct filter *f, const struct test *t,
    const struct filter_seen *seen, uint32_t which)
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
		enum filter_answer answer = test_glance(f, t, seen, i);

		answers.yes |= (uint32_t)(answer == FILTER_YES) << i;
		answers.no |= (uint32_t)(answer == FILTER_NO) << i;
	}
	return answers;
}

static bool
asks_ends(const struct test *t)
{
	return (t->quick >= QUICK_IP_SRC && t->quick <= QUICK_IP_ADDR) ||
	    (t->quick >= QUICK_IPV6_SRC && t->quick <= QUICK_IPV6_ADDR) ||
	    (t->quick >= QUICK_SRCPORT && t->quick <= QUICK_PORT);
}

static bool
asks_tags(const struct test *t)
{
	for (size_t i = 0; i < t->n_needs; i++)
		if ((t->needs[i].layers >> LAYER_VLAN & 1) != 0)
			return true;
	return false;
}

/* The answer in both directions, where it depends on nothing but the ends and
 * which headers there are. */
static __attribute__((cold, noinline)) struct filter_answers
ends_hold(const struct filter *f, const struct test *t,
    const struct filter_seen *seen, uint32_t which)
{
	struct filter_answers there = { 0, 0 }, back;
	struct test swapped;
	struct quick_place *place = &swapped.quick_place;

	if (asks_tags(t))
		return there;
	if (!asks_ends(t)) {
		(void)kinds_ask(t, seen->glances, which, &there);
		there.yes &= 0U - (t->quick == QUICK_LAYER);
		return there;
	}
	there = test_glances(f, t, seen, which);
	if (t->quick_place.pair)
		return there;
	/* The other one is beside it. */
	swapped = *t;
	place->at = (uint8_t)((place->size == 4 ? 28 : place->size == 16 ? 32 :
	    2) - place->at);
	back = test_glances(f, &swapped, seen, which);
	return (struct filter_answers){ there.yes & back.yes,
		there.no & back.no };
}

/* ---- All tests ---------------------------------------------------------- */

struct pending {
	struct filter_answers first;
	uint32_t which;
};

/* What it joins was put there: CODE_AND_END follows CODE_AND, and so do the
 * others.  NOLINTBEGIN(*.UndefinedBinaryOperatorResult) */
static struct filter_answers
answers_join(enum code_kind kind, struct filter_answers a,
    struct filter_answers b)
{
	if (kind == CODE_XOR_END)
		return (struct filter_answers){
			(a.yes & b.no) | (a.no & b.yes),
			(a.yes & b.yes) | (a.no & b.no),
		};
	if (kind == CODE_AND_END)
		return (struct filter_answers){ a.yes & b.yes, a.no | b.no };
	return (struct filter_answers){ a.yes | b.yes, a.no & b.no };
}
/* NOLINTEND(*.UndefinedBinaryOperatorResult) */

struct filter_answers
filter_glances(const struct filter *f, const struct filter_seen *seen,
    uint32_t which)
{
	struct pending stack[CODE_STACK] BYTES_UNSET;
	struct filter_answers answers = { which, 0 };
	uint32_t swap;
	size_t n = 0;

	for (size_t at = 0; at < f->n_code; at++) {
		const struct code *c = &f->code[at];

		switch (c->kind) {
		case CODE_TEST:
			answers = (seen->of_ends ? ends_hold : test_glances)(f,
			    &f->tests[c->to], seen, which);
			break;
		case CODE_NOT:
			swap = answers.yes;
			answers.yes = answers.no;
			answers.no = swap;
			break;
		case CODE_AND:
		case CODE_OR:
		case CODE_XOR:
			stack[n++] = (struct pending){ answers, which };
			if (c->kind == CODE_AND)
				which &= ~answers.no;
			else if (c->kind == CODE_OR)
				which &= ~answers.yes;
			if (which != 0)
				break;
			/* The answer of the second side is nobody's. */
			which = stack[--n].which;
			at = c->to - 1;
			break;
		default:
			n--;
			answers = answers_join(c->kind, stack[n].first,
			    answers);
			which = stack[n].which;
			break;
		}
	}
	return answers;
}
