#include "cli/page.h"

#include <stdio.h>

#define LINE 16

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
page_is_long_hex(const struct json_value *v)
{
	if (v->kind != JSON_STRING || v->text.n <= 2 * LINE ||
	    v->text.n % 2 != 0)
		return false;
	for (size_t i = 0; i < v->text.n; i++)
		if (digit(v->text.p[i]) < 0)
			return false;
	return true;
}

static void
line_write(struct buf *out, struct span digits)
{
	size_t n = digits.n / 2;
	uint8_t byte;

	for (size_t i = 0; i < LINE; i++) {
		buf_byte(out, ' ');
		if (i < n)
			buf_span(out, span_of(digits.p + 2 * i, 2));
		else
			buf_text(out, "  ");
	}
	buf_text(out, "  ");
	for (size_t i = 0; i < n; i++) {
		byte = (uint8_t)(digit(digits.p[2 * i]) << 4 |
		    digit(digits.p[2 * i + 1]));
		buf_byte(out, byte >= 0x20 && byte < 0x7f ? byte : '.');
	}
	buf_byte(out, '\n');
}

void
page_hex(const struct page *page, struct span digits,
    const struct json_value *offset, unsigned indent)
{
	uint64_t at = 0;
	char text[24];

	if (offset != NULL && offset->is_integer && offset->number >= 0)
		at = (uint64_t)offset->number;
	for (; digits.n > 0; digits = span_after(digits, 2 * LINE)) {
		page_spaces(page->out, indent);
		(void)snprintf(text, sizeof(text), "%04llx",
		    (unsigned long long)at);
		buf_text(page->out, text);
		line_write(page->out, span_first(digits, 2 * LINE));
		at += LINE;
	}
}
