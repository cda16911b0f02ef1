#include "fetch/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/number.h"
#include "fetch/address.h"

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t
address_make(union socket_address *to, const struct addr *a, uint16_t port)
{
	memset(to, 0, sizeof(*to));
	if (a->kind == ADDR_IPV4) {
		to->v4.sin_family = AF_INET;
		to->v4.sin_port = htons(port);
		memcpy(&to->v4.sin_addr, a->bytes, 4);
		return sizeof(to->v4);
	}
	to->v6.sin6_family = AF_INET6;
	to->v6.sin6_port = htons(port);
	memcpy(&to->v6.sin6_addr, a->bytes, 16);
	return sizeof(to->v6);
}

/* Until it is ready, or the time is over: false. */
static bool
wait_until(int fd, short events, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = events };
		int64_t left = (deadline - clock_monotonic()) / 1000000 + 1;
		int n;

		if (left <= 0)
			return false;
		n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
	}
}

/* Are we connected, and to whom we wanted? */
static bool
is_there(int fd, const struct addr *a)
{
	union socket_address peer;
	socklen_t n = sizeof(peer);
	struct addr found;
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 ||
	    error != 0)
		return false;
	memset(&peer, 0, sizeof(peer));
	if (getpeername(fd, &peer.any, &n) != 0)
		return false;
	found = address_of(&peer.any);
	return addr_equal(&found, a);
}

enum fetch_error
wire_open(struct wire *w, const struct addr *a, uint16_t port,
    int64_t deadline)
{
	union socket_address to;
	socklen_t n = address_make(&to, a, port);

	*w = (struct wire){ .fd = -1, .deadline = deadline };
	w->fd = socket(to.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return FETCH_CONNECT;
	if ((connect(w->fd, &to.any, n) != 0 && errno != EINPROGRESS) ||
	    !wait_until(w->fd, POLLOUT, deadline) || !is_there(w->fd, a)) {
		wire_close(w);
		return FETCH_CONNECT;
	}
	return FETCH_OK;
}

void
wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

void
wire_rate(struct wire *w, int64_t window, uint64_t least)
{
	w->window = window;
	w->least = least;
	w->window_end = clock_monotonic() + window;
	w->window_bytes = 0;
}

/* A window is over: was it enough? */
static bool
rate_holds(struct wire *w)
{
	if (w->window == 0 || clock_monotonic() < w->window_end)
		return true;
	if (w->window_bytes < w->least) {
		w->error = FETCH_SLOW;
		return false;
	}
	wire_rate(w, w->window, w->least);
	return true;
}

static bool
wait_more(struct wire *w)
{
	bool rated = w->window > 0 && w->window_end < w->deadline;

	if (wait_until(w->fd, POLLIN, rated ? w->window_end : w->deadline))
		return true;
	if (!rated)
		w->error = FETCH_TIMEOUT;
	return rated;
}

long
wire_read(struct wire *w, void *p, size_t n)
{
	while (w->error == FETCH_OK && rate_holds(w)) {
		ssize_t got;

		if (clock_monotonic() >= w->deadline) {
			w->error = FETCH_TIMEOUT;
			break;
		}
		got = read(w->fd, p, n);
		if (got >= 0) {
			w->window_bytes += (uint64_t)got;
			return got;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			w->error = FETCH_BROKEN;
		else if (!wait_more(w))
			break;
	}
	return -1;
}

bool
wire_write(struct wire *w, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	while (n > 0 && w->error == FETCH_OK) {
		ssize_t done = send(w->fd, bytes, n, MSG_NOSIGNAL);

		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		} else if (done < 0 && errno == EINTR) {
			continue;
		} else if (done < 0 && errno != EAGAIN) {
			w->error = FETCH_BROKEN;
		} else if (!wait_until(w->fd, POLLOUT, w->deadline)) {
			w->error = FETCH_TIMEOUT;
		}
	}
	return n == 0;
}
