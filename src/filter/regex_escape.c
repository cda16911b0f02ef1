#include "base/digits.h"
#include "filter/pattern.h"

/* \xHH and \x{HH}, behind the x. */
static bool
read_hex(struct pattern *r, uint8_t *byte)
{
	bool braces = pattern_take_if(r, '{');
	unsigned value = 0, n = 0;

	while (pattern_more(r) && digits_hex_value(r->p.p[r->at]) < 16 &&
	    (braces || n < 2)) {
		value = value * 16 + digits_hex_value(r->p.p[r->at++]);
		n++;
		if (value > 255)
			return pattern_fail(r, r->at,
			    "\\x is one byte, up to ff");
	}
	if (braces && (n == 0 || !pattern_take_if(r, '}')))
		return pattern_fail(r, r->at,
		    "\\x{..} has no hex digits or no }");
	*byte = (uint8_t)value;
	return true;
}

static uint8_t
read_octal(struct pattern *r, unsigned value, unsigned digits)
{
	while (digits > 0 && pattern_more(r) && r->p.p[r->at] >= '0' &&
	    r->p.p[r->at] <= '7') {
		value = value * 8 + (unsigned)(r->p.p[r->at] - '0');
		r->at++;
		digits--;
	}
	return (uint8_t)value;
}

/* Escapes that stand for one byte; `letter` was taken.  False without an
 * error when it is none of them. */
static bool
escape_byte(struct pattern *r, uint8_t letter, uint8_t *byte)
{
	static const char from[] = "aefnrt";
	static const uint8_t to[] = { 7, 27, 12, 10, 13, 9 };
	const char *found = memchr(from, letter, sizeof(from) - 1);

	if (found != NULL) {
		*byte = to[found - from];
		return true;
	}
	if (letter == 'x')
		return read_hex(r, byte);
	if (letter == '0') {
		*byte = read_octal(r, 0, 2);
		return true;
	}
	if (letter == 'c' && pattern_more(r)) {
		*byte = r->p.p[r->at++];
		if (*byte >= 'a' && *byte <= 'z')
			*byte = (uint8_t)(*byte - 32);
		*byte ^= 64;
		return true;
	}
	if (regex_is_word(letter))
		return false;
	*byte = letter;
	return true;
}

static bool
escape_class(uint8_t letter, struct regex_set *set)
{
	if (letter == 'N' || letter == 'n')
		return false;
	if (regex_class_letter(letter, set))
		return true;
	if (letter < 'A' || letter > 'Z' ||
	    !regex_class_letter((uint8_t)(letter | 32), set))
		return false;
	regex_set_invert(set);
	return true;
}

static bool
escape_refused(struct pattern *r, uint8_t letter)
{
	size_t offset = r->at - 2;

	if (letter >= '1' && letter <= '9')
		return pattern_fail(r, offset,
		    "backreferences are not supported (linear time)");
	if (letter == 'g' || letter == 'k')
		return pattern_fail(r, offset, "references are not supported");
	if (letter == 'p' || letter == 'P' || letter == 'X')
		return pattern_fail(r, offset, "Unicode properties are not "
		    "supported; bytes are characters");
	if (letter == 'K' || letter == 'G')
		return pattern_fail(r, offset, "\\K and \\G are not supported");
	return pattern_fail(r, offset, "unknown escape");
}

bool
pattern_escape(struct pattern *r)
{
	struct regex_set set = { { 0 } };
	uint8_t letter, byte;

	if (!pattern_more(r))
		return pattern_fail(r, r->at - 1,
		    "\\ at the end of the pattern");
	letter = r->p.p[r->at++];
	r->t->error->text = NULL;
	switch (letter) {
	case 'b':
		return pattern_add_assertion(r, REGEX_WORD);
	case 'B':
		return pattern_add_assertion(r, REGEX_NO_WORD);
	case 'A':
		return pattern_add_assertion(r, REGEX_TEXT_START);
	case 'z':
		return pattern_add_assertion(r, REGEX_TEXT_END);
	case 'Z':
		return pattern_add_assertion(r, REGEX_LAST_LINE);
	case 'N':
		return pattern_add_dot(r, false);
	case 'Q':
		r->quoted = true;
		return true;
	case 'E':
		return true;
	default:
		break;
	}
	if (escape_class(letter, &set))
		return pattern_add_set(r, &set);
	if (escape_byte(r, letter, &byte))
		return pattern_add_byte(r, byte);
	if (r->t->error->text != NULL)
		return false;
	return escape_refused(r, letter);
}

/* The word of :alpha:] or :^alpha:], behind a [; empty: none of them. */
static struct span
posix_word(const struct pattern *r)
{
	struct span s = span_after(r->p, r->at);
	size_t n = 0;

	if (!span_starts(s, ":"))
		return span_empty();
	s = span_after(s, span_starts(s, ":^") ? 2 : 1);
	while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
		n++;
	return span_starts(span_after(s, n), ":]") ? span_first(s, n)
						   : span_empty();
}

/* False without an error: no such thing begins here. */
static bool
class_posix(struct pattern *r, struct regex_set *set)
{
	struct span word = posix_word(r);
	struct regex_set one = { { 0 } };

	if (word.n == 0)
		return false;
	if (!regex_class_word(word, &one))
		return pattern_fail(r, r->at - 1, "no such class; there are "
		    "[:alpha:], [:digit:], [:space:] and the like");
	if (r->p.p[r->at + 1] == '^')
		regex_set_invert(&one);
	for (size_t i = 0; i < LENGTH(set->bits); i++)
		set->bits[i] |= one.bits[i];
	r->at = (size_t)(word.p - r->p.p) + word.n + 2;
	return true;
}

/* One byte of a class, or a whole class into `set` (then *byte is -1). */
static bool
class_item(struct pattern *r, struct regex_set *set, int *byte)
{
	uint8_t c = r->p.p[r->at++], value = 0;
	struct regex_set one = { { 0 } };

	*byte = -1;
	r->t->error->text = NULL;
	if (c == '[' && class_posix(r, set))
		return true;
	if (r->t->error->text != NULL)
		return false;
	if (c != '\\') {
		*byte = c;
		return true;
	}
	if (!pattern_more(r))
		return pattern_fail(r, r->at - 1,
		    "\\ at the end of the pattern");
	c = r->p.p[r->at++];
	if (escape_class(c, &one)) {
		for (size_t i = 0; i < LENGTH(set->bits); i++)
			set->bits[i] |= one.bits[i];
		return true;
	}
	if (c == 'b') {
		*byte = 8;
	} else if (c >= '1' && c <= '7') {
		*byte = read_octal(r, (unsigned)(c - '0'), 2);
	} else if (escape_byte(r, c, &value)) {
		*byte = value;
	} else {
		if (r->t->error->text != NULL)
			return false;
		return escape_refused(r, c);
	}
	return true;
}

static bool
class_range(struct pattern *r, struct regex_set *set, int from)
{
	int to;

	r->at++; /* the '-' */
	if (!class_item(r, set, &to))
		return false;
	if (to < 0 || from < 0)
		return pattern_fail(r, r->at - 1,
		    "a range of a class goes from byte to byte; write \\- for "
		    "a hyphen");
	if (to < from)
		return pattern_fail(r, r->at - 1,
		    "range of a class is backwards");
	for (int b = from; b <= to; b++)
		regex_set_add(set, (uint8_t)b);
	return true;
}

bool
pattern_class(struct pattern *r)
{
	struct regex_set set = { { 0 } };
	size_t start = r->at - 1;
	bool inverted = pattern_take_if(r, '^'), first = true;
	int byte;

	if (posix_word(r).n > 0)
		return pattern_fail(r, start, "write [[:alpha:]]");
	for (;; first = false) {
		if (!pattern_more(r))
			return pattern_fail(r, start, "[ without ]");
		if (!first && pattern_take_if(r, ']'))
			break;
		if (!class_item(r, &set, &byte))
			return false;
		if (pattern_next_is(r, '-') && r->at + 1 < r->p.n &&
		    r->p.p[r->at + 1] != ']') {
			if (!class_range(r, &set, byte))
				return false;
		} else if (byte >= 0) {
			regex_set_add(&set, (uint8_t)byte);
		}
	}
	if ((r->flags & FLAG_CASE) != 0)
		regex_set_fold(&set);
	if (inverted)
		regex_set_invert(&set);
	return pattern_add_set(r, &set);
}
