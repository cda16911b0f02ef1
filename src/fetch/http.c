#include "fetch/http.h"

void
http_write_request(const struct url *u, struct buf *out)
{
	buf_printf(out, "GET %s HTTP/1.1\r\nHost: ", u->target);
	url_write_host(u, out);
	buf_text(out, "\r\nUser-Agent: mcpcap\r\nAccept: */*\r\n"
	    "Accept-Encoding: identity\r\nConnection: close\r\n\r\n");
}

/* RFC 9110: what names are made of. */
static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i], lower = c | 0x20;

		if ((lower < 'a' || lower > 'z') && (c < '0' || c > '9') &&
		    (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return s.n > 0;
}

static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
			return false;
	return true;
}

/* "HTTP/1.1 200 OK" */
static bool
read_status(struct span line, struct http_answer *a)
{
	struct span digits = span_first(span_after(line, 9), 3);
	uint64_t status;

	if (!is_text(line) || (!span_starts(line, "HTTP/1.1 ") &&
		!span_starts(line, "HTTP/1.0 ")))
		return false;
	if (line.n > 12 && line.p[12] != ' ')
		return false;
	if (digits.n != 3 || !span_read_uint(digits, 599, &status) ||
	    status < 100)
		return false;
	a->status = (unsigned)status;
	a->closes = line.p[7] == '0';
	return true;
}

/* Is the word one of the list's? */
static bool
list_has(struct span list, const char *word)
{
	while (list.n > 0) {
		size_t n = span_find_byte(list, ',');

		if (span_is_nocase(span_trim(span_first(list, n)), word))
			return true;
		list = span_after(list, n + 1);
	}
	return false;
}

static bool
read_length(struct span value, struct http_answer *a)
{
	uint64_t length;

	if (!span_read_uint(value, INT64_MAX, &length) ||
	    (a->has_length && length != a->length))
		return false;
	a->has_length = true;
	a->length = length;
	return true;
}

static bool
read_field(struct span line, struct http_answer *a)
{
	size_t colon = span_find_byte(line, ':');
	struct span name = span_first(line, colon);
	struct span value = span_trim(span_after(line, colon + 1));

	if (colon == line.n || !is_token(name) || !is_text(value))
		return false;
	if (span_is_nocase(name, "content-length"))
		return read_length(value, a);
	if (span_is_nocase(name, "transfer-encoding")) {
		if (a->chunked || !span_is_nocase(value, "chunked"))
			return false;
		a->chunked = true;
	} else if (span_is_nocase(name, "connection")) {
		a->closes |= list_has(value, "close");
	} else if (span_is_nocase(name, "content-encoding")) {
		a->encoded |= !span_is_nocase(value, "identity");
	} else if (span_is_nocase(name, "location")) {
		if (a->location.n > 0)
			return false;
		a->location = value;
	}
	return true;
}

static bool
read_lines(struct span head, struct http_answer *a)
{
	bool old = false;

	for (unsigned i = 0; i == 0 || head.n > 0; i++) {
		size_t n = span_find(head, span_text("\r\n"));
		struct span line = span_first(head, n);

		if (i > HTTP_FIELDS ||
		    !(i == 0 ? read_status(line, a) : read_field(line, a)))
			return false;
		head = span_after(head, n + 2);
		if (i == 0)
			old = a->closes;
	}
	/* Two ways to say the end are one too many; HTTP/1.0 has no chunks. */
	return !a->chunked || (!a->has_length && !old);
}

enum fetch_error
http_read(struct span bytes, struct http_answer *a, size_t *n)
{
	size_t end = span_find(bytes, span_text("\r\n\r\n"));

	*a = (struct http_answer){ .location = span_empty() };
	*n = 0;
	if (end + 4 > HTTP_HEAD)
		return FETCH_ANSWER;
	/* What cannot become a head need not be waited for. */
	if (memcmp(bytes.p, "HTTP/1.", bytes.n < 7 ? bytes.n : 7) != 0)
		return FETCH_ANSWER;
	if (end == bytes.n)
		return FETCH_OK;
	*n = end + 4;
	return read_lines(span_first(bytes, end), a) ? FETCH_OK : FETCH_ANSWER;
}
