#include "cli/serve.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/table.h"
#include "cli/offer.h"
#include "cli/serve_http.h"
#include "transport/stdio.h"
#include "worker/root.h"

/* A server on stdin and stdout. */
struct pipe_server {
	struct loop *loop;
	struct stdio stdio;
	struct mcp *mcp;
	struct mcp_peer peer;
	struct pipe_exchange *exchanges;
	bool ended; /* end of input: leave when all is answered */
};

struct pipe_exchange {
	struct mcp_exchange x; /* first: one is the other */
	struct pipe_server *server;
	struct pipe_exchange *next, **link;
};

static void
leave_if_done(struct pipe_server *s)
{
	if (s->ended && (s->stdio.broken || mcp_busy(s->mcp) == 0))
		loop_stop(s->loop);
}

static void
exchange_free(struct pipe_exchange *exchange)
{
	*exchange->link = exchange->next;
	if (exchange->next != NULL)
		exchange->next->link = exchange->link;
	mcp_release(&exchange->x);
	free(exchange);
}

static void
exchange_send(struct mcp_exchange *x, struct span message, bool last,
    unsigned status)
{
	struct pipe_exchange *exchange = (struct pipe_exchange *)x;
	struct pipe_server *s = exchange->server;

	(void)status;
	if (message.n > 0)
		stdio_send(&s->stdio, message);
	if (!last)
		return;
	exchange_free(exchange);
	leave_if_done(s);
}

static struct mcp_exchange *
exchange_new(struct pipe_server *s)
{
	struct pipe_exchange *exchange = calloc(1, sizeof(*exchange));

	if (exchange == NULL)
		return NULL;
	exchange->server = s;
	exchange->x.peer = &s->peer;
	exchange->x.send = exchange_send;
	exchange->next = s->exchanges;
	exchange->link = &s->exchanges;
	if (exchange->next != NULL)
		exchange->next->link = &exchange->next;
	s->exchanges = exchange;
	return &exchange->x;
}

static void
line_received(void *context, struct span line)
{
	struct pipe_server *s = context;
	struct mcp_exchange *x = exchange_new(s);

	if (x != NULL)
		mcp_receive(s->mcp, x, line);
}

static void
line_too_long(void *context)
{
	struct pipe_server *s = context;
	struct mcp_exchange *x = exchange_new(s);

	if (x != NULL)
		mcp_refuse(s->mcp, x, "message over 1 MiB");
}

static void
input_ended(void *context)
{
	struct pipe_server *s = context;

	s->ended = true;
	leave_if_done(s);
}

static int
serve_pipe(struct loop *loop, struct mcp *mcp)
{
	struct pipe_server s = {
		.loop = loop,
		.mcp = mcp,
		.stdio = { .message = line_received,
		    .too_long = line_too_long, .end = input_ended },
	};

	s.stdio.context = &s;
	if (!stdio_open(&s.stdio, loop, STDIN_FILENO, STDOUT_FILENO)) {
		log_line(LOG_ERROR, "out of memory");
		return 1;
	}
	loop_run(loop);
	stdio_flush(&s.stdio);
	while (s.exchanges != NULL) {
		mcp_abort(mcp, &s.exchanges->x);
		/* It takes itself out of the list. */
		exchange_free(s.exchanges); /* NOLINT(clang-analyzer-unix.Malloc) */
	}
	stdio_close(&s.stdio);
	return 0;
}

bool
serve_drop_root(const struct serve_options *o)
{
	if (o->no_sandbox || root_drop(true))
		return true;
	log_line(o->require_sandbox ? LOG_ERROR : LOG_WARN,
	    "root's privileges could not be dropped");
	return !o->require_sandbox;
}

int
serve(const struct serve_options *options)
{
	struct loop loop;
	struct offer offer;
	struct mcp *mcp = NULL;
	int status = 2;

	(void)signal(SIGPIPE, SIG_IGN);
	hash_key_init();
	loop_init(&loop);
	if (offer_open(&offer, options, &loop))
		mcp = mcp_new(&offer.provider);
	if (mcp != NULL) {
		if (options->http)
			status = serve_http(options, &loop, mcp);
		else if (serve_drop_root(options))
			status = serve_pipe(&loop, mcp);
		mcp_free(mcp);
	}
	offer_close(&offer);
	loop_free(&loop);
	return status;
}
