#include "transport/http_head.h"

#define LENGTH_MAX (UINT64_C(1) << 53)

static bool
is_token_byte(uint8_t byte)
{
	if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= 'a' && byte <= 'z'))
		return true;
	return byte != 0 && strchr("!#$%&'*+-.^_`|~", byte) != NULL;
}

static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_token_byte(s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* Visible characters, spaces, tabs and RFC 9110's obs-text. */
static bool
is_value(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
			return false;
	}
	return true;
}

static bool
is_target(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f)
			return false;
	}
	return s.n > 0;
}

size_t
http_head_find(struct span received, size_t seen)
{
	for (size_t i = seen; i < received.n; i++) {
		uint8_t byte = received.p[i];
		uint8_t before = i > 0 ? received.p[i - 1] : 0;

		if (byte == 0 || (byte == '\n' && before != '\r') ||
		    (byte != '\n' && before == '\r'))
			return SIZE_MAX;
		if (byte == '\n' && i >= 3 && received.p[i - 2] == '\n')
			return i + 1;
	}
	return 0;
}

/* The next line; the block is known to be made of lines with CRLF. */
static struct span
line_take(struct span *block)
{
	size_t n = span_find_byte(*block, '\r');
	struct span line = span_first(*block, n);

	*block = span_after(*block, n + 2);
	return line;
}

static unsigned
request_line_read(struct span line, struct http_head *h)
{
	size_t n = span_find_byte(line, ' ');
	struct span version;

	h->method = span_first(line, n);
	line = span_after(line, n + 1);
	n = span_find_byte(line, ' ');
	h->target = span_first(line, n);
	version = span_after(line, n + 1);
	if (!is_token(h->method) || !is_target(h->target))
		return 400;
	if (span_is(version, "HTTP/1.1"))
		return 0;
	return span_starts(version, "HTTP/") && version.n == 8 ? 505 : 400;
}

/* Headers that may come once only: a second could mean something else to
 * whoever stands in front of us. */
static bool
is_single(struct span name)
{
	static const char *const names[] = { "host", "content-length",
		"transfer-encoding", "content-type", "origin",
		"authorization", "expect", "sec-fetch-site" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (span_is_nocase(name, names[i]))
			return true;
	}
	return span_starts_nocase(name, "mcp-");
}

static bool
is_known(const struct http_head *h, struct span name)
{
	for (size_t i = 0; i < h->n; i++) {
		if (span_equal_nocase(h->headers[i].name, name))
			return true;
	}
	return false;
}

static unsigned
header_read(struct span line, struct http_head *h)
{
	size_t n = span_find_byte(line, ':');
	struct http_header header = {
		.name = span_first(line, n),
		.value = span_trim(span_after(line, n + 1)),
	};

	/* A line that begins with a space (folding) has no token before the
	 * colon, nor has one with a space before it. */
	if (n == line.n || !is_token(header.name) || !is_value(header.value))
		return 400;
	if (h->n == HTTP_HEADERS)
		return 431;
	if (is_single(header.name) && is_known(h, header.name))
		return 400;
	h->headers[h->n++] = header;
	return 0;
}

static unsigned
framing_read(struct http_head *h)
{
	struct span value;

	if (http_head_get(h, "content-length", &value)) {
		if (value.n > 16 ||
		    !span_read_uint(value, LENGTH_MAX, &h->length))
			return 400;
		h->has_length = true;
	}
	if (http_head_get(h, "transfer-encoding", &value)) {
		if (h->has_length || !span_is_nocase(value, "chunked"))
			return 400;
		h->chunked = true;
	}
	if (http_head_get(h, "expect", &value)) {
		if (!span_is_nocase(value, "100-continue"))
			return 417;
		h->expects = true;
	}
	h->closes = http_head_has(h, "connection", "close");
	return 0;
}

/* http://authority/path must name the host that Host names. */
static unsigned
target_read(struct http_head *h)
{
	struct span host, rest;
	size_t n;

	if (!http_head_get(h, "host", &host))
		return 400;
	if (span_starts(h->target, "/") || span_is(h->target, "*"))
		return 0;
	if (!span_starts_nocase(h->target, "http://"))
		return 400;
	rest = span_after(h->target, 7);
	n = span_find_byte(rest, '/');
	if (!span_equal_nocase(span_first(rest, n), host))
		return 400;
	h->target = n == rest.n ? span_text("/") : span_after(rest, n);
	return 0;
}

unsigned
http_head_read(struct span block, struct http_head *h)
{
	unsigned status;

	*h = (struct http_head){ .n = 0 };
	status = request_line_read(line_take(&block), h);
	while (status == 0 && block.n > 2)
		status = header_read(line_take(&block), h);
	if (status == 0)
		status = target_read(h);
	if (status == 0)
		status = framing_read(h);
	return status;
}

bool
http_head_get(const struct http_head *h, const char *name, struct span *value)
{
	for (size_t i = 0; i < h->n; i++) {
		if (!span_is_nocase(h->headers[i].name, name))
			continue;
		*value = h->headers[i].value;
		return true;
	}
	return false;
}

static bool
list_has(struct span list, const char *word)
{
	while (list.n > 0) {
		size_t n = span_find_byte(list, ',');
		struct span item = span_first(list, n);

		item = span_trim(span_first(item, span_find_byte(item, ';')));
		if (span_is_nocase(item, word))
			return true;
		list = span_after(list, n + 1);
	}
	return false;
}

bool
http_head_has(const struct http_head *h, const char *name, const char *word)
{
	for (size_t i = 0; i < h->n; i++) {
		if (span_is_nocase(h->headers[i].name, name) &&
		    list_has(h->headers[i].value, word))
			return true;
	}
	return false;
}
