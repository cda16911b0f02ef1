#include "fetch/url.h"

#include "base/digits.h"

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
url_is(struct span text)
{
	size_t n = span_find(text, span_text("://"));

	if (n == 0 || n == text.n || !is_letter(text.p[0]))
		return false;
	for (size_t i = 1; i < n; i++) {
		uint8_t c = text.p[i];

		if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			return false;
	}
	return true;
}

/* RFC 3986: what may stand unescaped in path and query. */
static bool
is_target_byte(uint8_t c)
{
	return is_letter(c) || is_digit(c) ||
	    (c != 0 && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

static enum fetch_error
check_target(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned high, low;

		if (is_target_byte(s.p[i]))
			continue;
		if (s.p[i] == '#')
			return FETCH_URL_FRAGMENT;
		if (s.p[i] != '%')
			return FETCH_URL_BYTES;
		if (s.n - i < 3)
			return FETCH_URL_ESCAPE;
		high = digits_hex_value(s.p[i + 1]);
		low = digits_hex_value(s.p[i + 2]);
		if (high < 2 || high > 15 || low > 15 || (high == 7 && low == 15))
			return FETCH_URL_ESCAPE;
		i += 2;
	}
	return FETCH_OK;
}

/* Letters, digits, hyphens inside and, as some hosts have it, underscores. */
static bool
is_label(struct span s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* "10", "0x7f": resolvers take names that end so for addresses. */
static bool
is_number(struct span s)
{
	bool hex = span_starts_nocase(s, "0x");

	for (size_t i = hex ? 2 : 0; i < s.n; i++)
		if (hex ? digits_hex_value(s.p[i]) > 15 : !is_digit(s.p[i]))
			return false;
	return true;
}

static bool
read_name(struct span s, struct url *u)
{
	struct span left = s, label = s;

	if (s.n == 0 || s.n > 253)
		return false;
	while (left.n > 0) {
		size_t n = span_find_byte(left, '.');

		label = span_first(left, n);
		if (!is_label(label) || n + 1 == left.n)
			return false;
		left = span_after(left, n + 1);
	}
	if (!is_number(label))
		return true;
	return addr_read(s, &u->addr) && u->addr.kind == ADDR_IPV4;
}

static bool
read_host(struct span s, struct url *u)
{
	if (span_starts(s, "[")) {
		if (s.p[s.n - 1] != ']')
			return false;
		s = span_first(span_after(s, 1), s.n - 2);
		if (!addr_read(s, &u->addr) || u->addr.kind != ADDR_IPV6)
			return false;
	} else {
		if (s.n > 1 && s.p[s.n - 1] == '.')
			s.n--;
		if (!read_name(s, u))
			return false;
	}
	if (s.n >= sizeof(u->host))
		return false;
	for (size_t i = 0; i < s.n; i++)
		u->host[i] = is_letter(s.p[i]) ? (char)(s.p[i] | 0x20)
					       : (char)s.p[i];
	u->host[s.n] = '\0';
	return true;
}

static enum fetch_error
read_authority(struct span s, struct url *u)
{
	size_t start = 0, colon;
	uint64_t port = u->https ? 443 : 80;

	if (span_find_byte(s, '@') < s.n)
		return FETCH_URL_USER;
	if (span_starts(s, "["))
		start = span_find_byte(s, ']');
	colon = start + span_find_byte(span_after(s, start), ':');
	if (!read_host(span_first(s, colon), u))
		return FETCH_URL_HOST;
	u->has_port = colon < s.n;
	if (u->has_port && (s.n - colon > 6 ||
		!span_read_uint(span_after(s, colon + 1), 65535, &port) ||
		port == 0))
		return FETCH_URL_PORT;
	u->port = (uint16_t)port;
	return FETCH_OK;
}

static size_t
authority_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '/' && s.p[n] != '?' && s.p[n] != '#')
		n++;
	return n;
}

static bool
has_odd_bytes(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '\\')
			return true;
	return false;
}

enum fetch_error
url_read(struct span text, struct url *u)
{
	enum fetch_error error;
	struct span rest;
	size_t n, slash;

	memset(u, 0, sizeof(*u));
	if (text.n > URL_MAX)
		return FETCH_URL_LONG;
	if (has_odd_bytes(text))
		return FETCH_URL_BYTES;
	u->https = span_starts_nocase(text, "https://");
	if (!u->https && !span_starts_nocase(text, "http://"))
		return FETCH_SCHEME;
	rest = span_after(text, u->https ? 8 : 7);
	n = authority_length(rest);
	error = read_authority(span_first(rest, n), u);
	rest = span_after(rest, n);
	if (error == FETCH_OK)
		error = check_target(rest);
	if (error != FETCH_OK)
		return error;
	slash = !span_starts(rest, "/");
	u->target[0] = '/';
	memcpy(u->target + slash, rest.p, rest.n);
	u->target[slash + rest.n] = '\0';
	return FETCH_OK;
}

void
url_write_host(const struct url *u, struct buf *out)
{
	bool brackets = u->addr.kind == ADDR_IPV6;

	buf_printf(out, "%s%s%s", brackets ? "[" : "", u->host,
	    brackets ? "]" : "");
	if (u->port != (u->https ? 443 : 80))
		buf_printf(out, ":%u", u->port);
}

/* The folder of the base's path, for as many "../" as stand in front. */
static void
merge_path(const struct url *base, struct span *location, struct buf *out)
{
	struct span path = span_text(base->target);

	path = span_first(path, span_find_byte(path, '?'));
	while (path.p[path.n - 1] != '/')
		path.n--;
	for (;;) {
		if (span_starts(*location, "../")) {
			*location = span_after(*location, 3);
			while (path.n > 1 && path.p[path.n - 2] != '/')
				path.n--;
			if (path.n > 1)
				path.n--;
		} else if (span_starts(*location, "./")) {
			*location = span_after(*location, 2);
		} else {
			break;
		}
	}
	buf_span(out, path);
}

enum fetch_error
url_follow(const struct url *base, struct span location, struct url *u)
{
	struct span target = span_text(base->target);
	enum fetch_error error;
	struct buf text;

	location = span_first(location, span_find_byte(location, '#'));
	if (url_is(location))
		return url_read(location, u);
	if (location.n == 0 || span_find_byte(location, ':') <
	    authority_length(location))
		return FETCH_REDIRECT;
	buf_init(&text, 2 * URL_MAX + URL_HOST);
	buf_text(&text, base->https ? "https:" : "http:");
	if (!span_starts(location, "//")) {
		buf_text(&text, "//");
		url_write_host(base, &text);
		if (span_starts(location, "?"))
			buf_span(&text, span_first(target,
			    span_find_byte(target, '?')));
		else if (!span_starts(location, "/"))
			merge_path(base, &location, &text);
	}
	buf_span(&text, location);
	error = text.full ? FETCH_URL_LONG : url_read(buf_bytes(&text), u);
	buf_free(&text);
	return error;
}
