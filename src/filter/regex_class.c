#include "filter/regex_tree.h"

/* Pairs of first and last byte of the classes; ASCII, as PCRE without
 * locales and UTF has it. */
static const struct {
	const char *word;
	uint8_t letter;
	uint8_t ranges[12]; /* ends in 1, 0 */
} classes[] = {
	{ "digit", 'd', { '0', '9', 1, 0 } },
	{ "word", 'w', { '0', '9', 'A', 'Z', '_', '_', 'a', 'z', 1, 0 } },
	{ "space", 's', { 9, 13, ' ', ' ', 1, 0 } },
	{ "blank", 0, { 9, 9, ' ', ' ', 1, 0 } },
	{ "", 'h', { 9, 9, ' ', ' ', 0xa0, 0xa0, 1, 0 } },
	{ "", 'v', { 10, 13, 0x85, 0x85, 1, 0 } },
	{ "", 'n', { 10, 10, 1, 0 } },
	{ "alpha", 0, { 'A', 'Z', 'a', 'z', 1, 0 } },
	{ "alnum", 0, { '0', '9', 'A', 'Z', 'a', 'z', 1, 0 } },
	{ "lower", 0, { 'a', 'z', 1, 0 } },
	{ "upper", 0, { 'A', 'Z', 1, 0 } },
	{ "xdigit", 0, { '0', '9', 'A', 'F', 'a', 'f', 1, 0 } },
	{ "punct", 0, { '!', '/', ':', '@', '[', '`', '{', '~', 1, 0 } },
	{ "cntrl", 0, { 0, 31, 127, 127, 1, 0 } },
	{ "print", 0, { 32, 126, 1, 0 } },
	{ "graph", 0, { 33, 126, 1, 0 } },
	{ "ascii", 0, { 0, 127, 1, 0 } },
};

static void
class_add(struct regex_set *s, const uint8_t *ranges)
{
	for (; ranges[0] <= ranges[1]; ranges += 2) {
		for (unsigned b = ranges[0]; b <= ranges[1]; b++)
			regex_set_add(s, (uint8_t)b);
	}
}

bool
regex_class_letter(uint8_t letter, struct regex_set *s)
{
	for (size_t i = 0; i < LENGTH(classes); i++) {
		if (classes[i].letter == letter) {
			class_add(s, classes[i].ranges);
			return true;
		}
	}
	return false;
}

bool
regex_class_word(struct span word, struct regex_set *s)
{
	for (size_t i = 0; i < LENGTH(classes); i++) {
		if (word.n > 0 && span_is(word, classes[i].word)) {
			class_add(s, classes[i].ranges);
			return true;
		}
	}
	return false;
}

void
regex_set_fold(struct regex_set *s)
{
	for (unsigned i = 0; i < 26; i++) {
		uint8_t lower = (uint8_t)('a' + i);
		uint8_t upper = (uint8_t)('A' + i);

		if (regex_set_has(s, lower))
			regex_set_add(s, upper);
		else if (regex_set_has(s, upper))
			regex_set_add(s, lower);
	}
}

void
regex_set_invert(struct regex_set *s)
{
	for (size_t i = 0; i < LENGTH(s->bits); i++)
		s->bits[i] = ~s->bits[i];
}

bool
regex_is_word(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= 'a' && byte <= 'z') || byte == '_';
}
