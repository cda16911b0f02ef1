#include "filter/regex.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "dice.h"
#include "tap.h"

/* What PCRE2 (caseless, as Wireshark calls it) says of the same. */
static const struct {
	const char *pattern, *text;
	bool matches;
} cases[] = {
	{ "", "", true },
	{ "abc", "xABCx", true },
	{ "abc", "ab", false },
	{ "^abc$", "abc", true },
	{ "^abc$", "abc\n", true },
	{ "^abc$", "abc\n\n", false },
	{ "abc\\z", "abc\n", false },
	{ "abc\\Z", "abc\n", true },
	{ "\\Aabc", "xabc", false },
	{ "a.c", "a\nc", false },
	{ "(?s)a.c", "a\nc", true },
	{ "(?m)^b$", "a\nb\nc", true },
	{ "^b", "a\nb", false },
	{ "(?-i)abc", "ABC", false },
	{ "(?-i:a)bc", "aBC", true },
	{ "(?-i:a)bc", "ABC", false },
	{ "a(?#words)b", "ab", true },
	{ "(?x) a b # ab\n c", "abc", true },
	{ "a|b|", "zzz", true },
	{ "^(a|bc|def)+$", "abcdefa", true },
	{ "^(a|bc|def)+$", "abcdf", false },
	{ "^a{2,3}$", "aa", true },
	{ "^a{2,3}$", "aaaa", false },
	{ "^a{2,}$", "aaaaaa", true },
	{ "a{,2}", "a{,2}", true },
	{ "a{x}", "a{x}", true },
	{ "[a-c]+", "B", true },
	{ "[^a-c]", "abc", false },
	{ "[]a]", "]", true },
	{ "[\\d_-]{3}", "1_-", true },
	{ "[[:alpha:]][[:^digit:]]", "ax", true },
	{ "[[:alpha:]]", "1", false },
	{ "\\d\\D\\w\\W\\s\\S", "1a1 1", false },
	{ "\\d\\D\\w\\W\\s\\S", "1aa. a", true },
	{ "\\bfoo\\b", "a foo!", true },
	{ "\\bfoo\\b", "afoo", false },
	{ "\\Boo\\b", "foo", true },
	{ "\\x41\\x{42}[\\103]", "abc", true },
	{ "\\Qa.b\\E.", "a.bc", true },
	{ "\\Qa.b\\E.", "axbc", false },
	{ "a\\.b\\/c\\-", "a.b/c-", true },
	{ "(?<name>a)(?P<other>b)(?:c)", "abc", true },
	{ "a*?b+?c??", "aabb", true },
	{ "(a*)*b", "aaab", true },
	{ "(a|a)*$", "aaaa", true },
	{ "\\N\\h\\v", "a\t\n", true },
	{ "[\\b]", "\b", true },
	{ "\\cA", "\001", true },
	/* as grep -P -i says */
	{ "\\0101", "\b1", true },
	{ "\\ca", "\001", true },
	{ "a\\Eb", "ab", true },
	{ "[\\x41-\\x43]", "b", true },
	{ "[a-c-e]", "-", true },
	{ "[a-c-e]", "d", false },
	{ "[\\d\\-a]", "-", true },
	{ "[\\d-]", "-", true },
	{ "\\e\\a\\f\\r\\t", "\033\a\f\r\t", true },
	{ "(?'n'a)b", "ab", true },
	{ "(?i-s:A.)", "ab", true },
	{ "(?s-i:A.)", "a", false },
	{ "x{0}y", "y", true },
	{ "a{0}", "x", true },
	{ "(a{2}){2}", "aaaa", true },
	{ "^a{0,1}$", "", true },
	{ "a{1", "a{1", true },
	{ "a{12", "a{12", true },
	{ "a{1,x}", "a{1,x}", true },
	{ "a{,}", "a{,}", true },
	{ "a{1,2,3}", "a{1,2,3}", true },
	{ "a{1234567", "a{1234567", true },
	{ "[[:word:]]", "_", true },
	{ "[[:^word:]]", "_", false },
	{ "[[:al]", ":", true },
	{ "[[:]", ":", true },
	{ "\\Qab", "ab", true },
	{ "\\Qa\\E\\Qb", "ab", true },
	{ "\\Qa\\b", "a\\b", true },
	{ "(?x)a#c", "a", true },
	{ "(?x)a\\ b", "a b", true },
	{ "(?x)[ ]", " ", true },
	{ "(?x) a {2}\t\v", "aa", true },
	{ "(?-x:a b)", "a b", true },
	{ "^[^\\n]$", "a", true },
	{ "[\\0]", "a", false },
	{ "[\\1]", "\001", true },
	{ "[\\12]", "\n", true },
	{ "[\\18]", "8", true },
	{ "\\x4", "\004", true },
	{ "\\x4g", "\004g", true },
	{ "\\x", "a", false },
	{ "[\\]a]", "]", true },
	{ "[a\\]]", "]", true },
	{ "[^]]", "a", true },
	{ "(?i)[^a]", "A", false },
	{ "(|a)b", "b", true },
	{ "()", "x", true },
	{ "(?:)", "x", true },
	{ "(?m)^a$", "b\na\n", true },
	{ "(?m)a$\\z", "a\n", false },
	{ "\\d{2}-\\d", "12-3", true },
	{ "\\w\\b\\W\\B\\W", "a !", true },
	/* What stands in a row, and what only seems to. */
	{ "ab+c", "xabbc", true },
	{ "a(bc)+d", "abcbcd", true },
	{ "ab?c", "ac", true },
	{ "ab{2}c", "abbc", true },
	{ "ab{2}c", "abc", false },
	{ "ab{5}c", "abbbbbc", true },
	{ "ab{2,}c", "abbbbc", true },
	{ "a(b|cd)e", "acde", true },
	{ "a(b|c)*d", "abcbcd", true },
	{ "(abc|de|f)", "f", true },
	{ "(abc|)x", "x", true },
	{ "(abc|de)+fg", "dedefg", true },
	{ "a\\bc|d", "d", true },
	{ "[^a]{3}bcd", "xyzbcd", true },
	{ "\\bfoo\\b", "a foo b", true },
	{ "\\bfoo\\b", "a food b", false },
	{ "[a-z]+@[a-z]+", "..me@home", true },
	{ "[a-z]+@[a-z]+", "..me@ home", false },
	{ "x(ab{0}c)y", "xacy", true },
	{ "a(b{0}|c)d", "ad", true },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct regex_error error;
		struct regex *re = regex_compile(
		    span_text(cases[i].pattern), true, &error);

		if (!ok(re != NULL)) {
			printf("# %s: %s\n", cases[i].pattern, error.text);
			continue;
		}
		if (!ok(regex_match(re, span_text(cases[i].text)) ==
		    cases[i].matches))
			printf("# %s on %s\n", cases[i].pattern,
			    cases[i].text);
		regex_free(re);
	}
}

static const struct {
	const char *pattern;
	size_t offset;
	const char *word; /* of the error's text */
} refused[] = {
	{ "(a)\\1", 3, "backreference" },
	{ "a(?=b)", 1, "lookaround" },
	{ "a(?!b)", 1, "lookaround" },
	{ "(?<=b)a", 0, "lookaround" },
	{ "(?<!b)a", 0, "lookaround" },
	{ "(?>a)", 0, "atomic" },
	{ "a*+", 2, "possessive" },
	{ "a**", 2, "repeat" },
	{ "a{2}{2}", 4, "repeat" },
	{ "\\103", 0, "backreference" },
	{ "*a", 0, "repeat" },
	{ "(", 0, "(" },
	{ "a)", 1, ")" },
	{ "[a", 0, "[" },
	{ "[b-a]", 3, "backwards" },
	{ "a{3,2}", 1, "backwards" },
	{ "a{2000}", 1, "1000" },
	{ "((a{1000}){1000})", 0, "too large" },
	{ "\\p{L}", 0, "Unicode" },
	{ "\\", 0, "end" },
	{ "\\y", 0, "escape" },
	{ "(?R)", 0, "not supported" },
	{ "(*UTF)", 0, "not supported" },
	{ "\\x{123}", 6, "one byte" },
	/* grep -P refuses these, too, or they need more than linear time */
	{ "[[:foo:]]", 1, "no such class" },
	{ "[[:alpha:]-z]", 11, "byte to byte" },
	{ "[a-\\d]", 4, "byte to byte" },
	{ "[\\d-z]", 4, "byte to byte" },
	{ "[:alpha:]", 0, "[[:alpha:]]" },
	{ "^*", 1, "repeat" },
	{ "\\b*", 2, "repeat" },
	{ "\\k<n>", 0, "references" },
	{ "\\g1", 0, "references" },
	{ "\\K", 0, "\\K" },
	{ "\\G", 0, "\\G" },
	{ "\\X", 0, "Unicode" },
	{ "\\P{L}", 0, "Unicode" },
	{ "\\x{}", 3, "hex digits" },
	{ "\\x{4", 4, "no }" },
	{ "\\x{zz}", 3, "hex digits" },
	{ "[\\x{123}]", 7, "one byte" },
	{ "[\\", 1, "end" },
	{ "[a-\\", 3, "end" },
	{ "[\\y]", 1, "escape" },
	{ "[a-\\y]", 3, "escape" },
	{ "[a-\\x{123}]", 9, "one byte" },
	{ "[", 0, "[" },
	{ "(?#abc", 3, ")" },
	{ "(?<n", 3, "end" },
	{ "(?P<n", 4, "end" },
	{ "(?'n", 3, "end" },
	{ "(?P=n)", 0, "not supported" },
	{ "(?P>n)", 0, "not supported" },
	{ "(?&n)", 0, "not supported" },
	{ "(?(1)a)", 0, "not supported" },
	{ "(?|a)", 0, "not supported" },
	{ "(?1)", 2, "not supported" },
	{ "(?z)", 2, "not supported" },
	{ "(?i", 3, "not supported" },
	{ "(?", 2, "not supported" },
	{ "(?i--s)", 4, "not supported" },
	{ "\\c", 0, "escape" },
	{ "a{1001}", 1, "1000" },
	{ "a{1,1001}", 1, "1000" },
};

static void
test_refused(void)
{
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct regex_error error = { 0, "" };
		struct regex *re = regex_compile(
		    span_text(refused[i].pattern), false, &error);

		ok(re == NULL);
		if (!ok(strstr(error.text, refused[i].word) != NULL))
			printf("# %s: %s\n", refused[i].pattern, error.text);
		ok_int(error.offset, refused[i].offset);
		regex_free(re);
	}
}

static void
test_depth(void)
{
	char pattern[2 * REGEX_DEPTH + 8];
	struct regex_error error;
	struct regex *re;

	memset(pattern, '(', REGEX_DEPTH);
	memset(pattern + REGEX_DEPTH, ')', REGEX_DEPTH);
	re = regex_compile(span_of(pattern, 2 * REGEX_DEPTH), false, &error);
	ok(re != NULL);
	regex_free(re);
	memset(pattern, '(', REGEX_DEPTH + 1);
	memset(pattern + REGEX_DEPTH + 1, ')', REGEX_DEPTH + 1);
	re = regex_compile(span_of(pattern, 2 * REGEX_DEPTH + 2), false,
	    &error);
	ok(re == NULL);
	regex_free(re);
}

/* Feeds `text` in portions of `portion`; the end of the match or SIZE_MAX. */
static size_t
feed(struct regex *re, struct span text, size_t portion)
{
	void *state = malloc(regex_state_size(re));
	size_t at = 0, end, result = SIZE_MAX;

	regex_begin(re, state);
	for (;;) {
		struct span s = span_first(span_after(text, at), portion);
		bool last = at + s.n == text.n;

		if (regex_feed(re, state, s, last, &end)) {
			result = at + end;
			break;
		}
		at += s.n;
		if (last)
			break;
	}
	free(state);
	return result;
}

/* The end is where the last portion says so, and may come alone; a newline
 * at the end of a portion may be the last byte. */
static void
test_ends(void)
{
	static const struct {
		const char *pattern, *portions[4];
		size_t end;
	} each[] = {
		{ "a$", { "a", "" }, 1 },
		/* Behind the newline that was waited with. */
		{ "a$", { "a\n", "" }, 2 },
		{ "a$", { "a\n", "", "" }, 2 },
		{ "a$", { "a\n", "b", "" }, SIZE_MAX },
		{ "a$", { "a\n", "\n", "" }, SIZE_MAX },
		{ "a$", { "a\n", "a" }, 3 },
		{ "a\\z", { "a\n", "" }, SIZE_MAX },
		{ "a\n\\z", { "a\n", "" }, 2 },
		{ "(?m)a$", { "a\n", "b" }, 1 },
		{ "b\\Z", { "a", "b\n" }, 2 },
		{ "^$", { "", "" }, 0 },
		{ "\\n$", { "a\n", "" }, 2 },
		{ "a\\n?$", { "a\n", "\n" }, 2 },
	};

	for (size_t i = 0; i < LENGTH(each); i++) {
		struct regex_error error;
		struct regex *re = regex_compile(span_text(each[i].pattern),
		    false, &error);
		void *state = malloc(regex_state_size(re));
		size_t at = 0, end = 0, found = SIZE_MAX;

		regex_begin(re, state);
		for (size_t k = 0; k < 4 && each[i].portions[k] != NULL; k++) {
			struct span s = span_text(each[i].portions[k]);
			bool last = k == 3 || each[i].portions[k + 1] == NULL;

			if (regex_feed(re, state, s, last, &end)) {
				found = at + end;
				break;
			}
			at += s.n;
		}
		if (!ok_int(found, each[i].end))
			printf("# %s, case %zu\n", each[i].pattern, i);
		free(state);
		regex_free(re);
	}
}

static void
test_portions(void)
{
	static const struct {
		const char *pattern, *text;
		size_t start, end;
	} each[] = {
		{ "b+c", "aabbbca", 2, 6 },
		{ "needle", "a nee needle here", 6, 12 },
		{ "a$", "ba\n", 1, 2 },
		{ "\\bfoo\\b", "a foo", 2, 5 },
		{ "^a", "aa", 0, 1 },
		{ "x\\nz", "x\nz", 0, 3 },
		{ "zz", "abc", 0, SIZE_MAX },
	};

	for (size_t i = 0; i < LENGTH(each); i++) {
		struct regex_error error;
		struct span text = span_text(each[i].text);
		struct regex *re = regex_compile(span_text(each[i].pattern),
		    false, &error);

		for (size_t n = 1; n < 5; n++)
			ok_int(feed(re, text, n), each[i].end);
		if (each[i].end != SIZE_MAX)
			ok_int(regex_start(re, text, each[i].end, false),
			    each[i].start);
		regex_free(re);
	}
}

/* Two patterns that cost backtracking engines 2^n, and one whose states do
 * not fit the cache. */
static void
test_linear(void)
{
	static const char *const patterns[] = { "(x+x+)+y", "(a*)*b",
		"^(a?){400}a{400}$", "(x|y)*x(x|y){11}z" };
	size_t n = 200000;
	uint8_t *text = malloc(n);
	uint32_t seed = 1;

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		text[i] = seed >> 16 & 1 ? 'x' : 'y';
	}
	for (size_t i = 0; i < LENGTH(patterns); i++) {
		struct regex_error error;
		struct regex *re = regex_compile(span_text(patterns[i]),
		    true, &error);
		bool y = strchr(patterns[i], 'y') != NULL &&
		    strchr(patterns[i], 'z') == NULL;

		ok(regex_match(re, span_of(text, n)) == y);
		regex_free(re);
	}
	free(text);
}

/* ---- Beside the C library's ------------------------------------------- */

/* What both read the same way. */
static void
pattern_make(char *to)
{
	static const char *const pieces[] = { "a", "b", "c", "d", "ab", "[ab]",
		"[^a]", ".", "(a|bc)", "(b|c)", "x", "(ab|cd)", "[b-d]",
		"(ab+)", "((a|b)c)", "(a{2}d)", "[xyz]", "(c+|xy)" };
	static const char *const counts[] = { "", "", "", "*", "+", "?",
		"{2}", "{1,3}" };
	unsigned n = 1 + dice(5);

	*to = '\0';
	if (dice(6) == 0)
		strcat(to, "^");
	for (unsigned i = 0; i < n; i++) {
		strcat(to, pieces[dice(LENGTH(pieces))]);
		strcat(to, counts[dice(LENGTH(counts))]);
	}
	if (dice(6) == 0)
		strcat(to, "$");
}

/* Long texts of few letters, and of many, of which most change nothing. */
static void
test_random(void)
{
	static char text[4000];
	size_t wrong = 0, matched = 0;

	for (unsigned k = 0; k < 800; k++) {
		struct regex_error error;
		bool fold = dice(3) == 0;
		char pattern[100];
		regex_t posix;
		struct regex *re;

		pattern_make(pattern);
		re = regex_compile(span_text(pattern), fold, &error);
		if (re == NULL || regcomp(&posix, pattern, REG_EXTENDED |
		    REG_NOSUB | (fold ? REG_ICASE : 0)) != 0) {
			wrong++;
			continue;
		}
		for (unsigned t = 0; t < 12; t++) {
			unsigned n = dice(t % 2 == 0 ? 60 : sizeof(text) - 1);
			unsigned letters = 1 + dice(26);
			bool matches;

			for (unsigned i = 0; i < n; i++)
				text[i] = (char)((dice(3) == 0 ? 'A' : 'a') +
				    (25 - dice(letters)) %
				    (t % 3 == 0 ? 5 : 26));
			text[n] = '\0';
			matches = regexec(&posix, text, 0, NULL, 0) == 0;
			matched += matches;
			if (regex_match(re, span_of((const uint8_t *)text,
			    n)) == matches)
				continue;
			if (wrong++ == 0)
				printf("# %s in %s\n", pattern, text);
		}
		regfree(&posix);
		regex_free(re);
	}
	ok_int(wrong, 0);
	ok(matched > 500 && matched < 800 * 12 - 500);
}

int
main(void)
{
	test_cases();
	test_refused();
	test_depth();
	test_ends();
	test_portions();
	test_linear();
	test_random();
	return tap_done();
}
