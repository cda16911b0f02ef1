#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.h"
#include "tap.h"
#include "transport/stdio.h"

/* One end of a conversation; the test plays the other through `to`, `from`. */
struct talk {
	struct loop loop;
	struct stdio stdio;
	struct buf heard; /* lines, each ended by | */
	unsigned too_long, ended;
	int to, from;
	bool stop_at_line;
};

static void
on_message(void *context, struct span line)
{
	struct talk *t = context;

	buf_span(&t->heard, line);
	buf_byte(&t->heard, '|');
	if (t->stop_at_line)
		loop_stop(&t->loop);
}

static void
on_too_long(void *context)
{
	struct talk *t = context;

	t->too_long++;
}

static void
on_end(void *context)
{
	struct talk *t = context;

	t->ended++;
	loop_stop(&t->loop);
}

static void
talk_open(struct talk *t, bool sockets)
{
	int in[2], out[2];

	*t = (struct talk){ .ended = 0 };
	if (sockets) {
		(void)socketpair(AF_UNIX, SOCK_STREAM, 0, in);
		(void)socketpair(AF_UNIX, SOCK_STREAM, 0, out);
	} else if (pipe(in) != 0 || pipe(out) != 0) {
		abort();
	}
	t->to = in[1];
	t->from = out[0];
	loop_init(&t->loop);
	buf_init(&t->heard, 8 * 1024 * 1024);
	t->stdio = (struct stdio){ .message = on_message,
		.too_long = on_too_long, .end = on_end, .context = t };
	ok(stdio_open(&t->stdio, &t->loop, in[0], out[1]));
}

static void
talk_close(struct talk *t)
{
	stdio_close(&t->stdio);
	close(t->stdio.in.fd);
	close(t->stdio.out.fd);
	if (t->to >= 0)
		close(t->to);
	if (t->from >= 0)
		close(t->from);
	loop_free(&t->loop);
	buf_free(&t->heard);
}

static void
say(struct talk *t, const char *text)
{
	ok(write(t->to, text, strlen(text)) == (ssize_t)strlen(text));
}

/* All input read: the loop stops at its end. */
static void
hang_up(struct talk *t)
{
	close(t->to);
	t->to = -1;
	loop_run(&t->loop);
}

static void
test_lines(bool sockets)
{
	struct talk t;

	talk_open(&t, sockets);
	say(&t, "one\ntwo\r\n\n  \r\nth");
	say(&t, "ree\nhalf");
	hang_up(&t);
	ok_span(buf_bytes(&t.heard), "one|two|three|half|");
	ok_int(t.ended, 1);
	ok(!t.stdio.broken);
	talk_close(&t);
}

/* Longer than a line may be, fed by a child as we read. */
static void
test_too_long(void)
{
	static char much[STDIO_LINE];
	struct talk t;
	pid_t pid;

	talk_open(&t, false);
	memset(much, 'x', sizeof(much));
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 20; i++)
			(void)!write(t.to, much, sizeof(much));
		(void)!write(t.to, "\nafter\n", 7);
		(void)!write(t.to, much, sizeof(much));
		(void)!write(t.to, "\n", 1);
		_exit(0);
	}
	hang_up(&t);
	ok_int(t.too_long, 1);
	ok_int(t.heard.n, 6 + STDIO_LINE + 1);
	ok_span(span_first(buf_bytes(&t.heard), 6), "after|");
	talk_close(&t);
}

/* Nobody reads: what is sent waits, and no more is taken in. */
static void
test_pressure(bool sockets)
{
	static char much[900 * 1024];
	struct talk t;
	size_t got = 0;
	char bytes[65536];
	ssize_t n;

	talk_open(&t, sockets);
	memset(much, 'y', sizeof(much));
	for (int i = 0; i < 3; i++)
		stdio_send(&t.stdio, span_of(much, sizeof(much)));
	ok(t.stdio.pending.n > 1024 * 1024);
	ok_int(t.stdio.in.place, 0);
	(void)fcntl(t.from, F_SETFL, O_NONBLOCK);
	t.stop_at_line = true;
	say(&t, "later\n");
	while (t.heard.n == 0) {
		n = read(t.from, bytes, sizeof(bytes));
		got += n > 0 ? (size_t)n : 0;
		t.stdio.out.ready(&t.stdio, POLLOUT);
		if (t.stdio.in.place != 0)
			loop_run(&t.loop);
	}
	ok_span(buf_bytes(&t.heard), "later|");
	while (got < 3 * sizeof(much) + 3) {
		t.stdio.out.ready(&t.stdio, POLLOUT);
		n = read(t.from, bytes, sizeof(bytes));
		if (n > 0)
			got += (size_t)n;
	}
	ok_int(got, 3 * sizeof(much) + 3);
	ok_int(t.stdio.pending.n, 0);
	talk_close(&t);
}

static void
test_reader_gone(void)
{
	struct talk t;

	talk_open(&t, false);
	close(t.from);
	t.from = -1;
	stdio_send(&t.stdio, span_text("x"));
	ok(t.stdio.broken);
	ok_int(t.ended, 1);
	stdio_send(&t.stdio, span_text("y"));
	ok_int(t.ended, 1);
	talk_close(&t);
	talk_open(&t, true);
	close(t.from);
	t.from = -1;
	loop_run(&t.loop);
	ok(t.stdio.broken);
	ok_int(t.ended, 1);
	talk_close(&t);
}

struct alarm_clock {
	struct loop loop;
	struct loop_timer early, late, never;
	char order[8];
};

static void
ring_early(void *context)
{
	struct alarm_clock *c = context;

	strcat(c->order, "e");
	loop_cancel(&c->loop, &c->never);
}

static void
ring_late(void *context)
{
	struct alarm_clock *c = context;

	strcat(c->order, "l");
}

static void
ring_never(void *context)
{
	struct alarm_clock *c = context;

	strcat(c->order, "n");
}

static void
test_timers(void)
{
	struct alarm_clock c = { .order = "" };
	int64_t start = clock_monotonic();

	loop_init(&c.loop);
	c.early = (struct loop_timer){ .fire = ring_early, .context = &c };
	c.late = (struct loop_timer){ .fire = ring_late, .context = &c };
	c.never = (struct loop_timer){ .fire = ring_never, .context = &c };
	ok(loop_after(&c.loop, &c.late, 20000000));
	ok(loop_after(&c.loop, &c.never, 15000000));
	ok(loop_after(&c.loop, &c.early, 5000000));
	loop_run(&c.loop);
	ok_text(c.order, "el");
	ok(clock_monotonic() - start >= 20000000);
	loop_free(&c.loop);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	test_lines(false);
	test_lines(true);
	test_too_long();
	test_pressure(false);
	test_pressure(true);
	test_reader_gone();
	test_timers();
	return tap_done();
}
