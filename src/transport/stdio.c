#include "transport/stdio.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_AT_ONCE 65536
#define PIPE_SAFE 4096 /* a pipe that poll(2) calls writable takes this */
#define PENDING_PAUSE (1024 * 1024)
#define FLUSH_MS 5000

static void
give_up(struct stdio *s)
{
	if (s->broken)
		return;
	s->broken = true;
	s->pending.n = 0;
	loop_unwatch(s->loop, &s->out);
	loop_unwatch(s->loop, &s->in);
	if (!s->ended) {
		s->ended = true;
		s->end(s->context);
	}
}

/* Bytes written without waiting, or -1 and errno. */
static ssize_t
write_some(int fd, struct span bytes)
{
	ssize_t n = send(fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (n >= 0 || errno != ENOTSOCK)
		return n;
	if (poll(&p, 1, 0) <= 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(fd, bytes.p, bytes.n < PIPE_SAFE ? bytes.n : PIPE_SAFE);
}

static void
pending_write(struct stdio *s)
{
	size_t done = 0;

	while (done < s->pending.n) {
		ssize_t n = write_some(s->out.fd,
		    span_after(buf_bytes(&s->pending), done));

		if (n > 0) {
			done += (size_t)n;
		} else if (n < 0 && errno == EINTR) {
			continue;
		} else if (n < 0 && errno == EAGAIN) {
			break;
		} else {
			give_up(s);
			return;
		}
	}
	buf_drop(&s->pending, done);
}

/* Who does not read is not read from. */
static void
pressure_set(struct stdio *s)
{
	s->out.events = s->pending.n > 0 ? POLLOUT : 0;
	if (s->pending.n > PENDING_PAUSE)
		loop_unwatch(s->loop, &s->in);
	else if (!s->ended && !loop_watch(s->loop, &s->in))
		give_up(s);
}

static void
line_end(struct stdio *s)
{
	struct span line = buf_bytes(&s->line);

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (s->dropping)
		s->too_long(s->context);
	else if (span_trim(line).n > 0)
		s->message(s->context, line);
	s->dropping = false;
	s->line.n = 0;
}

static void
line_add(struct stdio *s, struct span part)
{
	if (s->line.n + part.n > STDIO_LINE)
		s->dropping = true;
	if (s->dropping)
		s->line.n = 0;
	else
		buf_span(&s->line, part);
}

static void
bytes_read(struct stdio *s, struct span bytes)
{
	while (bytes.n > 0 && !s->broken) {
		size_t n = span_find_byte(bytes, '\n');

		line_add(s, span_first(bytes, n));
		if (n == bytes.n)
			return;
		line_end(s);
		bytes = span_after(bytes, n + 1);
	}
}

static void
in_ready(void *context, short revents)
{
	struct stdio *s = context;
	uint8_t bytes[READ_AT_ONCE];
	ssize_t n;

	(void)revents;
	n = read(s->in.fd, bytes, sizeof(bytes));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		bytes_read(s, span_of(bytes, (size_t)n));
		return;
	}
	loop_unwatch(s->loop, &s->in);
	if (s->line.n > 0 || s->dropping)
		line_end(s);
	if (s->broken || s->ended)
		return;
	s->ended = true;
	s->end(s->context);
}

static void
out_ready(void *context, short revents)
{
	struct stdio *s = context;

	if (revents & (POLLERR | POLLHUP | POLLNVAL)) {
		give_up(s);
		return;
	}
	pending_write(s);
	pressure_set(s);
}

bool
stdio_open(struct stdio *s, struct loop *loop, int in, int out)
{
	s->loop = loop;
	s->in = (struct loop_watch){ .fd = in, .events = POLLIN,
		.ready = in_ready, .context = s };
	s->out = (struct loop_watch){ .fd = out, .ready = out_ready,
		.context = s };
	buf_init(&s->line, STDIO_LINE);
	buf_init(&s->pending, STDIO_PENDING);
	s->dropping = s->ended = s->broken = false;
	return loop_watch(loop, &s->in) && loop_watch(loop, &s->out);
}

void
stdio_close(struct stdio *s)
{
	loop_unwatch(s->loop, &s->in);
	loop_unwatch(s->loop, &s->out);
	buf_free(&s->line);
	buf_free(&s->pending);
}

void
stdio_send(struct stdio *s, struct span message)
{
	if (s->broken)
		return;
	buf_span(&s->pending, message);
	buf_byte(&s->pending, '\n');
	if (s->pending.full) {
		give_up(s);
		return;
	}
	pending_write(s);
	pressure_set(s);
}

void
stdio_flush(struct stdio *s)
{
	struct pollfd p = { .fd = s->out.fd, .events = POLLOUT };

	while (!s->broken && s->pending.n > 0) {
		if (poll(&p, 1, FLUSH_MS) <= 0)
			return;
		pending_write(s);
	}
}
