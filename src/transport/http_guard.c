#include "transport/http_guard.h"

#include "base/addr.h"

/* "host:port" and "[v6]:port" without the port; empty: neither. */
static struct span
host_of(struct span authority)
{
	uint64_t port;
	struct span host;
	size_t n;

	if (span_starts(authority, "["))
		n = span_find_byte(authority, ']') + 1;
	else
		n = span_find_byte(authority, ':');
	host = span_first(authority, n);
	if (n >= authority.n)
		return n == authority.n ? host : span_empty();
	if (authority.p[n] != ':' ||
	    !span_read_uint(span_after(authority, n + 1), 65535, &port))
		return span_empty();
	return host;
}

static bool
is_address(struct span host, struct addr *a)
{
	if (span_starts(host, "[") && host.n > 2) {
		host = span_of(host.p + 1, host.n - 2);
		return addr_read(host, a) && a->kind == ADDR_IPV6;
	}
	return addr_read(host, a) && a->kind == ADDR_IPV4;
}

static bool
is_ours(const struct http_guard *g, struct span host)
{
	struct addr a;

	if (span_is_nocase(host, "localhost") || span_is(host, "[::1]"))
		return true;
	for (size_t i = 0; i < g->n_names; i++) {
		if (span_is_nocase(host, g->names[i]))
			return true;
	}
	/* A name can be rebound to another address; an address cannot. */
	return is_address(host, &a) && (!g->loopback ||
	    (a.kind == ADDR_IPV4 && a.bytes[0] == 127));
}

static bool
is_named(const struct http_guard *g, struct span origin)
{
	for (size_t i = 0; i < g->n_origins; i++) {
		if (span_is_nocase(origin, g->origins[i]))
			return true;
	}
	return false;
}

/* `host` is ours.  A page from another address than that is a stranger's. */
static bool
is_origin(const struct http_guard *g, struct span origin, struct span host)
{
	struct addr a;
	size_t n = 0;

	if (is_named(g, origin))
		return true;
	if (span_starts(origin, "http://"))
		n = 7;
	else if (span_starts(origin, "https://"))
		n = 8;
	origin = host_of(span_after(origin, n));
	return n > 0 && is_ours(g, origin) && (g->loopback ||
	    !is_address(origin, &a) || span_equal_nocase(origin, host));
}

bool
http_guard_names(const struct http_guard *g, const struct http_head *h,
    struct span *origin)
{
	return http_head_get(h, "origin", origin) && is_named(g, *origin);
}

bool
http_guard_same(struct span a, struct span b)
{
	size_t n = a.n > b.n ? a.n : b.n;
	unsigned differ = a.n != b.n;

	for (size_t i = 0; i < n; i++)
		differ |= (unsigned)((i < a.n ? a.p[i] : 0) ^
		    (i < b.n ? b.p[i] : 0));
	return differ == 0;
}

static bool
has_token(const struct http_guard *g, const struct http_head *h)
{
	struct span value;

	if (g->token.n == 0)
		return true;
	if (!http_head_get(h, "authorization", &value) ||
	    !span_starts_nocase(value, "bearer "))
		return false;
	return http_guard_same(span_trim(span_after(value, 7)), g->token);
}

unsigned
http_guard_check(const struct http_guard *g, const struct http_head *h,
    bool with_token)
{
	struct span value, host, origin;

	if (!http_head_get(h, "host", &value))
		return 400;
	host = host_of(value);
	if (!is_ours(g, host))
		return 403;
	if (http_head_get(h, "origin", &value) && !is_origin(g, value, host))
		return 403;
	if (http_head_get(h, "sec-fetch-site", &value) &&
	    span_is_nocase(value, "cross-site") &&
	    !http_guard_names(g, h, &origin))
		return 403;
	return with_token && !has_token(g, h) ? 401 : 0;
}
