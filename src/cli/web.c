#include "cli/web.h"

#include <stdio.h>
#include <stdlib.h>

#define PULSE_NS (INT64_C(15) * 1000000000)
#define JSON_TYPE "application/json"

static const char page[] =
    "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">"
    "<title>mcpcap</title><body><h1>mcpcap</h1>"
    "<p>This is an MCP server that answers questions about packet captures "
    "(pcap, pcapng). It is meant for programs: point an MCP client at "
    "<code>/mcp</code> (Streamable HTTP).</p>"
    "<p><code>/healthz</code> says whether it is alive.</p></body></html>\n";

/* One POST, from its arrival to its answer. */
struct post {
	struct mcp_exchange x; /* first: one is the other */
	struct web *web;
	struct http_conn *conn;
	struct session *session; /* new: to be named in the answer */
	struct loop_timer pulse;
	bool streaming;
};

/* ---- The answer ------------------------------------------------------------ */

static void
post_free(struct post *post)
{
	loop_cancel(post->web->loop, &post->pulse);
	mcp_release(&post->x);
	free(post);
}

static void
post_pulse(void *context)
{
	struct post *post = context;

	http_comment(post->conn);
	(void)loop_after(post->web->loop, &post->pulse, PULSE_NS);
}

/* Without these a browser keeps the answer from a page of that origin. */
static void
origin_headers(const struct web *w, const struct http_head *h,
    struct buf *extra)
{
	struct span origin;

	if (!http_guard_names(&w->guard, h, &origin))
		return;
	buf_text(extra, "Access-Control-Allow-Origin: ");
	buf_span(extra, origin);
	buf_text(extra, "\r\nVary: Origin\r\nAccess-Control-Expose-Headers: "
	    "Mcp-Session-Id, WWW-Authenticate\r\n");
}

static void
web_respond(const struct web *w, struct http_conn *c, unsigned status,
    const char *type, const char *line, struct span body)
{
	struct buf extra;

	buf_init(&extra, 1024);
	buf_text(&extra, line);
	origin_headers(w, http_request_head(c), &extra);
	buf_byte(&extra, '\0');
	http_respond(c, status, type, (const char *)extra.p, body);
	buf_free(&extra);
}

static void
session_header(const struct post *post, char *out, size_t size)
{
	out[0] = '\0';
	if (post->session != NULL && post->session->id[0] != '\0')
		(void)snprintf(out, size, "Mcp-Session-Id: %s\r\n",
		    post->session->id);
}

static void
post_stream(struct post *post)
{
	char line[80];
	struct buf extra;

	if (post->streaming)
		return;
	post->streaming = true;
	session_header(post, line, sizeof(line));
	buf_init(&extra, 1024);
	buf_text(&extra, line);
	origin_headers(post->web, http_request_head(post->conn), &extra);
	buf_byte(&extra, '\0');
	http_stream(post->conn, (const char *)extra.p);
	buf_free(&extra);
	(void)loop_after(post->web->loop, &post->pulse, PULSE_NS);
}

static void
post_send(struct mcp_exchange *x, struct span message, bool last,
    unsigned status)
{
	struct post *post = (struct post *)x;
	struct http_conn *conn = post->conn;
	bool streaming = post->streaming || !last;
	char extra[80];

	if (streaming) {
		post_stream(post);
		if (message.n > 0)
			http_event(conn, message);
		if (!last)
			return;
	}
	session_header(post, extra, sizeof(extra));
	post->conn = NULL;
	http_set_user(conn, NULL);
	if (streaming)
		http_end(conn);
	else
		web_respond(post->web, conn, status, message.n > 0 ? JSON_TYPE
		    : NULL, extra, message);
	post_free(post);
}

/* ---- The question ---------------------------------------------------------- */

static bool
post_header(struct mcp_exchange *x, const char *name, struct span *value)
{
	const struct post *post = (const struct post *)x;

	return http_head_get(http_request_head(post->conn), name, value);
}

static void
post_initialized(struct mcp_exchange *x)
{
	struct post *post = (struct post *)x;

	if (post->web->no_sessions)
		return;
	post->session = session_new(&post->web->sessions);
	if (post->session != NULL)
		x->peer = &post->session->peer;
}

static bool
takes_events(const struct http_head *h)
{
	struct span unused;

	return !http_head_get(h, "accept", &unused) ||
	    http_head_has(h, "accept", "text/event-stream") ||
	    http_head_has(h, "accept", "text/*") ||
	    http_head_has(h, "accept", "*/*");
}

/* From 2026-07-28 on a session header means nothing. */
static bool
names_session(const struct http_head *h, struct span *id)
{
	struct span version;

	if (http_head_get(h, "mcp-protocol-version", &version) &&
	    span_compare(version, span_text("2026-07-28")) >= 0)
		return false;
	return http_head_get(h, "mcp-session-id", id);
}

static void
no_session(const struct web *w, struct http_conn *c)
{
	web_respond(w, c, 404, JSON_TYPE, "", span_text("{\"jsonrpc\":\"2.0\","
	    "\"error\":{\"code\":-32600,\"message\":\"Session not found: "
	    "initialize again\"}}"));
}

static void
post_receive(struct web *w, struct http_conn *c)
{
	const struct http_head *h = http_request_head(c);
	struct session *session = NULL;
	struct span id;
	struct post *post;

	if (names_session(h, &id)) {
		session = session_find(&w->sessions, id);
		if (session == NULL) {
			no_session(w, c);
			return;
		}
	}
	post = calloc(1, sizeof(*post));
	if (post == NULL) {
		web_respond(w, c, 503, NULL, "Retry-After: 5\r\n",
		    span_empty());
		return;
	}
	post->web = w;
	post->conn = c;
	post->pulse = (struct loop_timer){ .fire = post_pulse,
		.context = post };
	post->x.peer = session != NULL ? &session->peer : NULL;
	post->x.header = post_header;
	post->x.send = post_send;
	post->x.initialized = post_initialized;
	post->x.deaf = !takes_events(h);
	http_set_user(c, post);
	mcp_receive(w->mcp, &post->x, http_request_body(c));
}

static void
session_delete(struct web *w, struct http_conn *c)
{
	struct session *session;
	struct span id;

	if (!names_session(http_request_head(c), &id)) {
		web_respond(w, c, 405, NULL, "Allow: POST\r\n",
		    span_empty());
		return;
	}
	session = session_find(&w->sessions, id);
	if (session == NULL) {
		no_session(w, c);
		return;
	}
	session_end(&w->sessions, session);
	web_respond(w, c, 204, NULL, "", span_empty());
}

/* ---- Routes ------------------------------------------------------------------ */

static struct span
path_of(const struct http_head *h)
{
	return span_first(h->target, span_find_byte(h->target, '?'));
}

static bool
is_json(const struct http_head *h)
{
	struct span type;

	if (!http_head_get(h, "content-type", &type))
		return false;
	type = span_first(type, span_find_byte(type, ';'));
	return span_is_nocase(span_trim(type), JSON_TYPE);
}

static unsigned
page_check(const struct web *w, const struct http_head *h, struct buf *extra)
{
	if (!span_is(h->method, "GET") && !span_is(h->method, "HEAD")) {
		buf_text(extra, "Allow: GET, HEAD\r\n");
		return 405;
	}
	return http_guard_check(&w->guard, h, false);
}

/* Before a page of a named origin may ask, its browser does. */
static bool
is_preflight(const struct web *w, const struct http_head *h)
{
	struct span unused;

	return span_is(h->method, "OPTIONS") &&
	    http_guard_names(&w->guard, h, &unused) &&
	    http_guard_check(&w->guard, h, false) == 0;
}

static unsigned
preflight_answer(struct buf *extra)
{
	buf_text(extra, "Access-Control-Allow-Methods: POST, DELETE\r\n"
	    "Access-Control-Allow-Headers: Accept, Authorization, "
	    "Content-Type, Last-Event-ID, Mcp-Session-Id, "
	    "MCP-Protocol-Version, Mcp-Method, Mcp-Name\r\n"
	    "Access-Control-Max-Age: 600\r\n");
	return 204;
}

/* For whoever reads what his client got. */
static const char *
refusal_text(unsigned status)
{
	switch (status) {
	case 401:
		return "a token is needed: Authorization: Bearer TOKEN\n";
	case 403:
		return "this Host or Origin is not accepted here; the "
		    "operator can add --server-name or --allow-origin\n";
	case 404:
		return "there is nothing here; MCP is at /mcp\n";
	case 415:
		return "Content-Type must be application/json\n";
	default:
		return "";
	}
}

static unsigned
request_check(const struct web *w, const struct http_head *h,
    struct buf *extra)
{
	struct span path = path_of(h);
	bool is_post = span_is(h->method, "POST");
	unsigned status;

	if (span_is(path, "/") || span_is(path, "/healthz"))
		return page_check(w, h, extra);
	if (!span_is(path, "/mcp"))
		return 404;
	if (is_preflight(w, h))
		return preflight_answer(extra);
	if (!is_post && !span_is(h->method, "DELETE")) {
		buf_text(extra, "Allow: POST, DELETE\r\n");
		return 405;
	}
	status = http_guard_check(&w->guard, h, true);
	if (status == 401)
		buf_text(extra, "WWW-Authenticate: Bearer "
		    "realm=\"mcpcap\"\r\n");
	if (status != 0)
		return status;
	return is_post && !is_json(h) ? 415 : 0;
}

static unsigned
web_check(void *context, const struct http_head *h, struct buf *extra,
    struct buf *why)
{
	unsigned status = request_check(context, h, extra);

	if (status != 0)
		origin_headers(context, h, extra);
	buf_text(why, refusal_text(status));
	return status;
}

static void
web_request(void *context, struct http_conn *c)
{
	struct web *w = context;
	const struct http_head *h = http_request_head(c);
	struct span path = path_of(h);

	if (span_is(path, "/healthz"))
		http_respond(c, 200, "text/plain; charset=utf-8", "",
		    span_text("ok\n"));
	else if (span_is(path, "/"))
		http_respond(c, 200, "text/html; charset=utf-8",
		    "Content-Security-Policy: default-src 'none'\r\n",
		    span_text(page));
	else if (span_is(h->method, "DELETE"))
		session_delete(w, c);
	else
		post_receive(w, c);
}

static void
web_gone(void *context, struct http_conn *c)
{
	struct web *w = context;
	struct post *post = http_user(c);

	if (post == NULL)
		return;
	mcp_abort(w->mcp, &post->x);
	post_free(post);
}

void
web_open(struct web *w)
{
	w->sessions = (struct sessions){ .mcp = w->mcp };
	w->server = (struct http_server){ .loop = w->loop,
		.limits = HTTP_LIMITS, .check = web_check,
		.request = web_request, .gone = web_gone, .context = w };
	http_open(&w->server);
}

void
web_close(struct web *w)
{
	http_close(&w->server);
}
