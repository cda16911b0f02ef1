#include "transport/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/number.h"

#define READ_AT_ONCE 16384
#define OUT_MAX (64 * 1024 * 1024)
#define LINGER_NS 1000000000
#define HELD_NS 100000000 /* until a bad token is answered */
#define SECOND 1000000000
#define KEEP (64 * 1024) /* buffer that an idle connection may keep */

/* ---- The list, the last used first ------------------------------- */

static void
list_add(struct http_conn *c)
{
	struct http_server *s = c->server;

	c->prev = NULL;
	c->next = s->conns;
	if (c->next != NULL)
		c->next->prev = c;
	else
		s->oldest = c;
	s->conns = c;
	s->n_conns++;
}

static void
list_remove(struct http_conn *c)
{
	struct http_server *s = c->server;

	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		s->oldest = c->prev;
	s->n_conns--;
}

/* ---- End --------------------------------------------------------- */

/* glibc keeps what is freed between pieces that are not, after many large
 * bodies at once for good; musl gives it back. */
static void
memory_return(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

void
conn_sweep(void *context)
{
	struct http_server *s = context;
	size_t freed = 0;

	while (s->dead != NULL) {
		struct http_conn *c = s->dead;

		s->dead = c->next;
		freed += c->in.size + c->body.size + c->out.size;
		buf_free(&c->in);
		buf_free(&c->block);
		buf_free(&c->body);
		buf_free(&c->out);
		free(c);
	}
	if (freed > KEEP)
		memory_return();
}

/* The body is `n` bytes long, as far as it has come. */
static void
conn_hold_body(struct http_conn *c, size_t n)
{
	c->server->held += n;
	c->server->held -= c->held;
	c->held = n;
}

void
conn_drop(struct http_conn *c)
{
	struct http_server *s = c->server;
	bool busy = c->state == CONN_BUSY;

	if (c->state == CONN_DEAD)
		return;
	c->state = CONN_DEAD;
	list_remove(c);
	conn_hold_body(c, 0);
	loop_unwatch(s->loop, &c->watch);
	loop_cancel(s->loop, &c->timer);
	close(c->watch.fd);
	c->next = s->dead;
	s->dead = c;
	(void)loop_after(s->loop, &s->sweep, 0);
	if (busy)
		s->gone(s->context, c);
}

static void
conn_deadline(struct http_conn *c, unsigned seconds)
{
	if (seconds == 0)
		loop_cancel(c->server->loop, &c->timer);
	else if (!loop_after(c->server->loop, &c->timer,
		(int64_t)seconds * SECOND))
		conn_drop(c);
}

/* Nothing can be sent any more.  Whoever answers is told later, when he is
 * not on the stack. */
static void
conn_fail(struct http_conn *c)
{
	if (c->state != CONN_BUSY) {
		conn_drop(c);
		return;
	}
	c->broken = true;
	c->out.n = 0;
	c->watch.events = 0;
	if (!loop_after(c->server->loop, &c->timer, 0))
		conn_drop(c);
}

/* ---- Writing ----------------------------------------------------- */

static void
conn_linger(struct http_conn *c)
{
	c->state = CONN_LINGER;
	c->watch.events = POLLIN;
	(void)shutdown(c->watch.fd, SHUT_WR);
	(void)loop_after(c->server->loop, &c->timer, LINGER_NS);
}

/* What poll(2) should wake us for. */
static void
conn_await(struct http_conn *c)
{
	short events = 0;

	if (c->state == CONN_DEAD || c->state == CONN_LINGER)
		return;
	if (c->state == CONN_HEAD || c->state == CONN_BODY)
		events |= POLLIN;
	else
		events |= POLLRDHUP; /* leaving cancels */
	if (c->out.n > 0)
		events = (short)((events & ~POLLIN) | POLLOUT);
	c->watch.events = events;
}

/* False: it failed. */
static bool
conn_write(struct http_conn *c)
{
	size_t done = 0;

	while (done < c->out.n) {
		ssize_t n = send(c->watch.fd, c->out.p + done,
		    c->out.n - done, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	buf_drop(&c->out, done);
	if (c->out.n > 0 && done > 0)
		conn_deadline(c, c->server->limits.stall_seconds);
	return true;
}

void
conn_flush(struct http_conn *c)
{
	if (c->state == CONN_DEAD || c->state == CONN_LINGER ||
	    c->state == CONN_HELD || c->broken)
		return;
	if (c->out.full || !conn_write(c)) {
		conn_fail(c);
		return;
	}
	if (c->out.n == 0 && c->state == CONN_BUSY)
		conn_deadline(c, 0); /* working takes what it takes */
	else if (c->out.n > 0 && c->timer.place == 0)
		conn_deadline(c, c->server->limits.stall_seconds);
	if (c->out.n == 0 && c->state == CONN_HEAD && c->closes)
		conn_linger(c);
	conn_await(c);
}

/* ---- Reading ----------------------------------------------------- */

static void
buf_shrink(struct buf *b, size_t limit)
{
	size_t n = b->n;

	if (n == 0 && b->size > KEEP) {
		buf_free(b);
		buf_init(b, limit);
	}
}

void
conn_rest(struct http_conn *c)
{
	const struct http_limits *l = &c->server->limits;

	c->state = CONN_HEAD;
	c->streaming = c->bodyless = false;
	c->user = NULL;
	c->body.n = 0;
	conn_hold_body(c, 0);
	buf_shrink(&c->body, l->max_body);
	buf_shrink(&c->out, OUT_MAX);
	conn_deadline(c, c->in.n > 0 ? l->head_seconds : l->idle_seconds);
}

void
conn_say(struct http_conn *c, const struct http_answer *answer,
    struct span body)
{
	http_write_head(&c->out, answer);
	if (!c->bodyless)
		buf_span(&c->out, body);
	conn_rest(c);
}

/* Whoever guesses tokens has to wait, and nobody else. */
static void
conn_hold(struct http_conn *c)
{
	c->state = CONN_HELD;
	c->watch.events = 0;
	if (!loop_after(c->server->loop, &c->timer, HELD_NS))
		conn_drop(c);
}

static void
conn_refuse(struct http_conn *c, unsigned status, const char *extra,
    struct span why)
{
	struct http_answer answer = { .status = status, .extra = extra,
		.type = why.n > 0 ? "text/plain; charset=utf-8" : NULL,
		.length = why.n, .closes = true };

	c->closes = true;
	conn_say(c, &answer, why);
	if (status == 401)
		conn_hold(c);
}

/* The head is whole: is the request welcome? */
static void
head_check(struct http_conn *c)
{
	struct http_server *s = c->server;
	unsigned status = http_head_read(buf_bytes(&c->block), &c->head);
	struct buf extra, why;

	if (status != 0) {
		conn_refuse(c, status, "", span_empty());
		return;
	}
	c->closes = c->head.closes;
	c->bodyless = span_is(c->head.method, "HEAD");
	buf_init(&extra, 1024);
	buf_init(&why, 1024);
	status = s->check(s->context, &c->head, &extra, &why);
	if (status == 0 && c->head.length > s->limits.max_body)
		status = 413;
	buf_byte(&extra, '\0');
	if (status != 0) {
		conn_refuse(c, status, (const char *)extra.p,
		    buf_bytes(&why));
	} else {
		http_body_init(&c->reader, &c->head, s->limits.max_body);
		c->state = CONN_BODY;
		conn_deadline(c, s->limits.body_seconds);
		if (c->head.expects && c->in.n == 0)
			buf_text(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
	}
	buf_free(&extra);
	buf_free(&why);
}

/* False: more has to come. */
static bool
head_take(struct http_conn *c)
{
	struct span in = buf_bytes(&c->in);
	size_t n = http_head_find(in, c->seen);

	c->seen = in.n;
	if (n == 0 && in.n < HTTP_HEAD_MAX)
		return false;
	c->seen = 0;
	if (n == SIZE_MAX || n == 0 || n > HTTP_HEAD_MAX) {
		conn_refuse(c, n == SIZE_MAX ? 400 : 431, "", span_empty());
		return true;
	}
	c->block.n = 0;
	buf_span(&c->block, span_first(in, n));
	buf_drop(&c->in, n);
	head_check(c);
	return true;
}

/* All bodies together are too much: whoever sends the largest goes. */
static void
bodies_limit(struct http_conn *c)
{
	struct http_conn *largest = c;

	if (c->server->held <= c->server->limits.max_bodies)
		return;
	for (struct http_conn *i = c->server->oldest; i != NULL; i = i->prev) {
		if (i->state == CONN_BODY && i->held > largest->held)
			largest = i;
	}
	conn_refuse(largest, 503, "Retry-After: 5\r\n", span_empty());
	if (largest != c)
		conn_flush(largest);
}

/* It was copied by whoever wanted it. */
static void
body_answer(struct http_conn *c)
{
	c->state = CONN_BUSY;
	conn_deadline(c, 0);
	c->server->request(c->server->context, c);
	if (c->state != CONN_BUSY)
		return;
	buf_free(&c->body);
	buf_init(&c->body, c->server->limits.max_body);
}

static bool
body_take(struct http_conn *c)
{
	struct span in = buf_bytes(&c->in);
	size_t before = in.n;
	enum http_body_result result = http_body_take(&c->reader, &in,
	    &c->body);

	buf_drop(&c->in, before - in.n);
	conn_hold_body(c, c->body.n);
	switch (result) {
	case HTTP_BODY_MORE:
		bodies_limit(c);
		return false;
	case HTTP_BODY_BAD:
		conn_refuse(c, 400, "", span_empty());
		return true;
	case HTTP_BODY_TOO_LARGE:
		conn_refuse(c, 413, "", span_empty());
		return true;
	default:
		break;
	}
	body_answer(c);
	return true;
}

/* One step on; false: nothing to do with what there is. */
static bool
conn_step(struct http_conn *c)
{
	if (c->state == CONN_BODY)
		return body_take(c);
	if (c->state == CONN_HEAD && !c->closes && c->in.n > 0 &&
	    c->out.n == 0)
		return head_take(c);
	return false;
}

/* Takes from what was received as much as there is to take. */
static void
conn_run(struct http_conn *c)
{
	bool more = true;

	if (c->running)
		return;
	c->running = true;
	while (more) {
		more = conn_step(c);
		conn_flush(c);
	}
	c->running = false;
}

static void
late_refuse(struct http_conn *c)
{
	conn_refuse(c, 408, "", span_empty());
	conn_flush(c);
}

static void
conn_due(void *context)
{
	struct http_conn *c = context;

	if (c->state == CONN_HELD) {
		c->state = CONN_HEAD;
		conn_flush(c);
	} else if (c->state == CONN_BODY || (c->state == CONN_HEAD &&
	    c->in.n > 0 && !c->closes && !c->broken)) {
		late_refuse(c);
	} else {
		conn_drop(c);
	}
}

static void
conn_linger_read(struct http_conn *c)
{
	uint8_t bytes[READ_AT_ONCE];
	ssize_t n = recv(c->watch.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		conn_drop(c);
}

static void
conn_read(struct http_conn *c)
{
	uint8_t bytes[READ_AT_ONCE];
	ssize_t n = recv(c->watch.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		conn_drop(c);
		return;
	}
	/* The first byte of a head starts its clock. */
	if (c->state == CONN_HEAD && c->in.n == 0)
		conn_deadline(c, c->server->limits.head_seconds);
	buf_add(&c->in, bytes, (size_t)n);
	if (c->in.full)
		conn_drop(c);
	else
		conn_run(c);
}

static void
conn_ready(void *context, short revents)
{
	struct http_conn *c = context;

	if (c->state == CONN_LINGER) {
		conn_linger_read(c);
		return;
	}
	if (revents & (POLLERR | POLLHUP | POLLNVAL)) {
		conn_drop(c);
		return;
	}
	if (c->state == CONN_BUSY && (revents & POLLRDHUP)) {
		conn_drop(c);
		return;
	}
	if (revents & POLLOUT) {
		conn_flush(c);
		conn_run(c);
	} else if (revents & POLLIN) {
		conn_read(c);
	}
}

void
conn_answered(struct http_conn *c)
{
	list_remove(c);
	list_add(c);
	if (c->broken) {
		conn_drop(c);
		return;
	}
	/* Else conn_run() is up the stack and goes on by itself. */
	if (!c->running) {
		conn_flush(c);
		conn_run(c);
	}
}

void
conn_open(struct http_server *s, int fd)
{
	struct http_conn *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		close(fd);
		return;
	}
	c->server = s;
	c->watch = (struct loop_watch){ .fd = fd, .events = POLLIN,
		.ready = conn_ready, .context = c };
	c->timer = (struct loop_timer){ .fire = conn_due, .context = c };
	buf_init(&c->in, HTTP_HEAD_MAX + 2 * READ_AT_ONCE);
	buf_init(&c->block, HTTP_HEAD_MAX);
	buf_init(&c->body, s->limits.max_body);
	buf_init(&c->out, OUT_MAX);
	list_add(c);
	if (!loop_watch(s->loop, &c->watch))
		conn_drop(c);
	else
		conn_deadline(c, s->limits.head_seconds);
}
