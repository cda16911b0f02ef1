#include "fetch/fetch.h"

#include "base/number.h"
#include "fetch/exchange.h"
#include "fetch/store.h"

#define REDIRECTS 3
#define ROOM 65536
#define LINGER 200 /* ms in which a byte too many may come */

static int64_t
after_ms(unsigned ms)
{
	return clock_monotonic() + (int64_t)ms * 1000000;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* ---- Whom we talk to ----------------------------------------------------- */

static bool
host_read(const char *host, struct url *u)
{
	struct buf text;
	bool good;

	buf_init(&text, URL_MAX);
	buf_printf(&text, "http://%s", host);
	good = !text.full && url_read(buf_bytes(&text), u) == FETCH_OK &&
	    strcmp(u->target, "/") == 0 && strpbrk(host, "/?") == NULL;
	buf_free(&text);
	return good;
}

bool
fetch_host_is_valid(const char *host)
{
	struct url u;

	return host_read(host, &u);
}

/* Does the operator name this host, and the port if he names one? */
static bool
is_allowed(const struct fetch *f, const struct url *u)
{
	for (size_t i = 0; i < f->n_hosts; i++) {
		struct url host;

		if (!host_read(f->hosts[i], &host) ||
		    (host.has_port && host.port != u->port))
			continue;
		if (host.addr.kind == ADDR_NONE
			? strcmp(host.host, u->host) == 0
			: addr_equal(&host.addr, &u->addr))
			return true;
	}
	return false;
}

static enum fetch_error
connect_any(const struct fetch *f, struct exchange *x, const struct url *u,
    bool allowed)
{
	struct addr found[RESOLVE_MAX];
	size_t n;
	enum fetch_error error = resolve(f->resolver, u, allowed, found, &n);

	for (size_t i = 0; i < n; i++) {
		error = wire_open(&x->wire, &found[i], u->port,
		    sooner(f->deadline, after_ms(f->limits.connect_ms)));
		if (error == FETCH_OK || clock_monotonic() >= f->deadline)
			break;
	}
	return error;
}

static enum fetch_error
check_url(const struct url *u, bool allowed)
{
	if (!allowed && u->port != 80 && u->port != 443)
		return FETCH_PORT;
	if (u->https && tls_name == NULL)
		return FETCH_NO_TLS;
	return u->https && u->addr.kind != ADDR_NONE ? FETCH_TLS_ADDRESS
						     : FETCH_OK;
}

static enum fetch_error
ask_server(struct fetch *f, struct exchange *x, const struct url *u)
{
	bool allowed = is_allowed(f, u);
	enum fetch_error error = check_url(u, allowed);
	int64_t deadline;

	if (error == FETCH_OK)
		error = connect_any(f, x, u, allowed);
	if (error != FETCH_OK)
		return error;
	deadline = sooner(f->deadline, after_ms(f->limits.head_ms));
	x->wire.deadline = deadline;
	if (u->https)
		error = tls_open(&x->tls, &x->wire, u->host, f->authorities,
		    &f->old_clock);
	if (error == FETCH_OK)
		error = exchange_begin(x, u, deadline);
	f->status = x->answer.status;
	return error;
}

/* ---- What we take -------------------------------------------------------- */

/* Nothing is stored that does not begin as a capture. */
static enum fetch_error
keep(struct fetch *f, struct span bytes)
{
	size_t have = f->received < 4 ? (size_t)f->received : 4;
	struct span first = span_first(bytes, 4 - have);

	if (bytes.n > f->limits.max_bytes - f->received)
		return FETCH_TOO_LARGE;
	f->received += bytes.n;
	memcpy(f->start + have, first.p, first.n);
	if (have + first.n < 4)
		return FETCH_OK;
	if (have < 4) {
		struct span start = span_of(f->start, 4);

		if (!store_is_capture(start))
			return FETCH_NO_CAPTURE;
		if (!store_write(f->out, start))
			return FETCH_STORE;
	}
	return store_write(f->out, span_after(bytes, first.n)) ? FETCH_OK
							       : FETCH_STORE;
}

static enum fetch_error
keep_pieces(struct fetch *f, const struct exchange *x, struct http_body *body,
    struct span *bytes)
{
	uint64_t total = x->answer.has_length ? x->answer.length : 0;
	enum fetch_error error = FETCH_OK;

	while (error == FETCH_OK) {
		struct span piece = http_body_next(body, bytes);

		if (piece.n == 0)
			break;
		error = keep(f, piece);
	}
	if (error == FETCH_OK && body->state == HTTP_BAD)
		error = FETCH_ANSWER;
	if (error == FETCH_OK && f->progress != NULL &&
	    !f->progress(f->context, f->received, total))
		error = FETCH_STOPPED;
	return error;
}

/* The body is whole; whoever sends more has lied about its length. */
static enum fetch_error
check_end(struct exchange *x, struct span left)
{
	enum fetch_error ignored;
	uint8_t byte;

	if (left.n > 0)
		return FETCH_MORE;
	wire_rate(&x->wire, 0, 0);
	x->wire.deadline = after_ms(LINGER);
	return exchange_read(x, &byte, 1, &ignored) > 0 ? FETCH_MORE
							: FETCH_OK;
}

static enum fetch_error
receive(struct fetch *f, struct exchange *x)
{
	struct span bytes = x->rest;
	enum fetch_error error;
	struct http_body body;
	uint8_t room[ROOM];
	long n = 1;

	http_body_begin(&body, &x->answer);
	x->wire.deadline = f->deadline;
	wire_rate(&x->wire, (int64_t)f->limits.window_ms * 1000000,
	    f->limits.least);
	error = keep_pieces(f, x, &body, &bytes);
	while (error == FETCH_OK && body.state < HTTP_DONE) {
		n = exchange_read(x, room, sizeof(room), &error);
		if (n <= 0)
			break;
		bytes = span_of(room, (size_t)n);
		error = keep_pieces(f, x, &body, &bytes);
	}
	if (error != FETCH_OK)
		return error;
	if (body.state == HTTP_DONE)
		error = check_end(x, bytes);
	else if (body.state != HTTP_UNSIZED)
		error = FETCH_CUT;
	if (error == FETCH_OK && f->received < 4)
		error = f->received == 0 ? FETCH_EMPTY : FETCH_NO_CAPTURE;
	return error;
}

static enum fetch_error
take_file(struct fetch *f, struct exchange *x)
{
	const struct http_answer *a = &x->answer;

	if (a->encoded)
		return FETCH_ENCODING;
	f->no_length = !a->has_length && !a->chunked;
	if (f->no_length && !a->closes)
		return FETCH_NO_LENGTH;
	if (a->has_length && a->length > f->limits.max_bytes)
		return FETCH_TOO_LARGE;
	return receive(f, x);
}

/* ---- From one server to the next ----------------------------------------- */

static bool
leads_on(const struct http_answer *a)
{
	return a->status == 301 || a->status == 302 || a->status == 303 ||
	    a->status == 307 || a->status == 308;
}

/* One request; *next is set, and *more, when it leads elsewhere. */
static enum fetch_error
step(struct fetch *f, const struct url *u, struct url *next, bool *more)
{
	struct exchange x = { .wire = { .fd = -1 } };
	enum fetch_error error;

	*more = false;
	buf_init(&x.head, HTTP_HEAD);
	error = ask_server(f, &x, u);
	if (error == FETCH_OK && leads_on(&x.answer)) {
		*more = true;
		if (url_follow(u, x.answer.location, next) != FETCH_OK)
			error = FETCH_REDIRECT;
		else if (u->https && !next->https)
			error = FETCH_DOWNGRADE;
	} else if (error == FETCH_OK) {
		error = x.answer.status == 200 ? take_file(f, &x)
					       : FETCH_STATUS;
	}
	exchange_free(&x);
	return error;
}

enum fetch_error
fetch_run(struct fetch *f)
{
	struct url here, next = { .port = 0 };
	enum fetch_error error = url_read(f->url, &here);
	bool more = true;

	f->received = 0;
	f->deadline = after_ms(f->limits.timeout * 1000);
	for (unsigned i = 0; error == FETCH_OK && more; i++) {
		if (i > REDIRECTS)
			return FETCH_REDIRECTS;
		error = step(f, &here, &next, &more);
		here = next;
	}
	if (error == FETCH_TIMEOUT && clock_monotonic() < f->deadline)
		error = FETCH_SLOW;
	return error;
}

void
fetch_explain(const struct fetch *f, enum fetch_error error, struct buf *out)
{
	buf_printf(out, "fetch failed: %s", fetch_error_text(error));
	if (error == FETCH_STATUS)
		buf_printf(out, " (HTTP status %u)", f->status);
	buf_byte(out, '.');
}
