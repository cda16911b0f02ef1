#include "fetch/exchange.h"

#define INTERIM_MAX 8 /* answers 1xx that say nothing yet */

static long
link_read(struct exchange *x, void *p, size_t n)
{
	return x->tls != NULL ? tls_read(x->tls, p, n)
			      : wire_read(&x->wire, p, n);
}

long
exchange_read(struct exchange *x, void *p, size_t n, enum fetch_error *error)
{
	long got = link_read(x, p, n);

	if (got < 0)
		*error = x->wire.error != FETCH_OK ? x->wire.error
						   : FETCH_BROKEN;
	return got;
}

static enum fetch_error
send_request(struct exchange *x, const struct url *u)
{
	struct buf text;
	bool sent;

	buf_init(&text, HTTP_HEAD);
	http_write_request(u, &text);
	sent = !text.full && (x->tls != NULL
		? tls_write(x->tls, text.p, text.n)
		: wire_write(&x->wire, text.p, text.n));
	buf_free(&text);
	if (sent)
		return FETCH_OK;
	return x->wire.error != FETCH_OK ? x->wire.error : FETCH_BROKEN;
}

static enum fetch_error
more_head(struct exchange *x)
{
	size_t room = HTTP_HEAD - x->head.n;
	uint8_t *at = room == 0 ? NULL : buf_room(&x->head, room);
	enum fetch_error error = FETCH_OK;
	long n;

	if (at == NULL)
		return FETCH_ANSWER;
	n = exchange_read(x, at, room, &error);
	if (n == 0)
		return x->head.n == 0 ? FETCH_BROKEN : FETCH_ANSWER;
	if (n > 0)
		x->head.n += (size_t)n;
	return error;
}

/* The head of the final answer. */
static enum fetch_error
read_answer(struct exchange *x)
{
	enum fetch_error error = FETCH_OK;
	unsigned interim = 0;
	size_t n;

	while (error == FETCH_OK) {
		error = http_read(buf_bytes(&x->head), &x->answer, &n);
		if (error != FETCH_OK)
			break;
		if (n == 0) {
			error = more_head(x);
			continue;
		}
		x->rest = span_after(buf_bytes(&x->head), n);
		if (x->answer.status >= 200)
			break;
		if (x->answer.status == 101 || ++interim > INTERIM_MAX)
			error = FETCH_ANSWER;
		buf_drop(&x->head, n);
	}
	return error;
}

enum fetch_error
exchange_begin(struct exchange *x, const struct url *u, int64_t deadline)
{
	enum fetch_error error;

	x->wire.deadline = deadline;
	error = send_request(x, u);
	return error == FETCH_OK ? read_answer(x) : error;
}

void
exchange_free(struct exchange *x)
{
	tls_free(x->tls);
	x->tls = NULL;
	wire_close(&x->wire);
	buf_free(&x->head);
}
