#include "transport/http.h"

#include <assert.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "transport/conn.h"

#define RESERVE 256 /* descriptors for workers, captures and the rest */
#define PAUSE_NS 100000000
#define ACCEPTED_AT_ONCE 32

/* ---- Accepting --------------------------------------------------- */

/* The one that nobody works for and that was used longest ago goes. */
static bool
make_room(struct http_server *s)
{
	struct http_conn *c = s->oldest;

	while (c != NULL && c->state == CONN_BUSY)
		c = c->prev;
	if (c != NULL)
		conn_drop(c);
	return c != NULL;
}

static void
turn_away(int fd)
{
	static const char full[] = "HTTP/1.1 503 Service Unavailable\r\n"
	    "Retry-After: 5\r\nContent-Length: 0\r\n"
	    "Connection: close\r\n\r\n";

	(void)send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void
listeners_set(struct http_server *s, short events)
{
	for (size_t i = 0; i < s->n_listeners; i++)
		s->listeners[i].events = events;
}

static void
listeners_resume(void *context)
{
	listeners_set(context, POLLIN);
}

/* The system gives no socket: asking again and again would help nobody. */
static void
accept_failed(struct http_server *s)
{
	if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
		return;
	if (!make_room(s) && loop_after(s->loop, &s->resume, PAUSE_NS))
		listeners_set(s, 0);
}

/* False: nobody waits, or nobody can be let in. */
static bool
accept_one(struct http_server *s, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		accept_failed(s);
	else if (s->n_conns >= s->limits.max_conns && !make_room(s))
		turn_away(fd);
	else
		conn_open(s, fd);
	return fd >= 0;
}

static void
listener_ready(void *context, short revents)
{
	struct http_server *s = context;

	(void)revents;
	for (size_t i = 0; i < s->n_listeners; i++) {
		unsigned left = ACCEPTED_AT_ONCE;

		while (left > 0 && accept_one(s, s->listeners[i].fd))
			left--;
	}
}

/* Raises the limit of descriptors as far as we may. */
static size_t
conns_that_fit(size_t wanted)
{
	struct rlimit limit;
	rlim_t need = wanted + RESERVE;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
		return wanted;
	limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 &&
	    getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur >= need)
		return wanted;
	return (size_t)(limit.rlim_cur > 2 * RESERVE
	    ? limit.rlim_cur - RESERVE : limit.rlim_cur / 2);
}

/* glibc would take large bodies out of its heap from the first that is freed
 * on, and the holes that they leave count beside those that are held: each
 * stays a mapping of its own. */
static void
large_bodies_apart(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
}

void
http_open(struct http_server *s)
{
	large_bodies_apart();
	s->n_listeners = s->n_conns = s->held = 0;
	s->conns = s->oldest = s->dead = NULL;
	s->sweep = (struct loop_timer){ .fire = conn_sweep, .context = s };
	s->resume = (struct loop_timer){ .fire = listeners_resume,
		.context = s };
	s->limits.max_conns = conns_that_fit(s->limits.max_conns);
}

bool
http_listen(struct http_server *s, int fd)
{
	struct loop_watch *w = &s->listeners[s->n_listeners];

	if (s->n_listeners == HTTP_LISTENERS)
		return false;
	*w = (struct loop_watch){ .fd = fd, .events = POLLIN,
		.ready = listener_ready, .context = s };
	if (!loop_watch(s->loop, w))
		return false;
	s->n_listeners++;
	return true;
}

void
http_close(struct http_server *s)
{
	while (s->conns != NULL)
		conn_drop(s->conns);
	while (s->n_listeners > 0) {
		s->n_listeners--;
		loop_unwatch(s->loop, &s->listeners[s->n_listeners]);
		close(s->listeners[s->n_listeners].fd);
	}
	loop_cancel(s->loop, &s->sweep);
	loop_cancel(s->loop, &s->resume);
	conn_sweep(s);
}

/* ---- Answering --------------------------------------------------- */

const struct http_head *
http_request_head(const struct http_conn *c)
{
	return &c->head;
}

struct span
http_request_body(const struct http_conn *c)
{
	return buf_bytes(&c->body);
}

void
http_set_user(struct http_conn *c, void *user)
{
	c->user = user;
}

void *
http_user(const struct http_conn *c)
{
	return c->user;
}

void
http_respond(struct http_conn *c, unsigned status, const char *type,
    const char *extra, struct span body)
{
	struct http_answer answer = { .status = status, .type = type,
		.extra = extra, .length = body.n, .closes = c->closes };

	assert(c->state == CONN_BUSY && !c->streaming);
	conn_say(c, &answer, body);
	conn_answered(c);
}

void
http_stream(struct http_conn *c, const char *extra)
{
	struct http_answer answer = { .status = 200,
		.type = "text/event-stream", .extra = extra, .stream = true,
		.closes = c->closes };

	assert(c->state == CONN_BUSY && !c->streaming);
	c->streaming = true;
	http_write_head(&c->out, &answer);
	conn_flush(c);
}

void
http_event(struct http_conn *c, struct span data)
{
	assert(c->state == CONN_BUSY && c->streaming);
	if (c->broken)
		return;
	http_write_event(&c->out, data);
	conn_flush(c);
}

void
http_comment(struct http_conn *c)
{
	assert(c->state == CONN_BUSY && c->streaming);
	if (c->broken || c->out.n > 0)
		return;
	http_write_chunk(&c->out, span_text(":\n\n"));
	conn_flush(c);
}

void
http_end(struct http_conn *c)
{
	assert(c->state == CONN_BUSY && c->streaming);
	http_write_chunk(&c->out, span_empty());
	conn_rest(c);
	conn_answered(c);
}
