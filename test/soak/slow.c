/*
 * Clients that nobody wants, beside those that are served:
 *   slow PORT SOCKETS SECONDS CAPTURE
 * Every socket gives or takes a byte every five seconds: a third of them of a
 * head, a third of a body, a third of answers.  Ten times a second one client
 * asks a question and leaves, and one sends what is no request.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 2000
#define TICK_MS 100
#define TURN 50 /* ticks */
#define LIST "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"

static const char head[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: ";
static const char body[] = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
static const char list[] = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Type: application/json\r\nContent-Length: 46\r\n\r\n" LIST;

static const char *const malformed[] = {
	"GET / HTTP/1.1\nHost: localhost\n\n",
	"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
	"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: localhost\r\n folded: 1\r\n\r\n",
	"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
	"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\n1",
	"\x16\x03\x01\n",
};

struct slow {
	int fd;
	size_t sent; /* bytes of what the socket begins with */
};

static struct slow sockets[MOST];
static unsigned opened, left, refused, wrong;
static uint16_t port;

static int
stranger(int small)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (small)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &(int){ 2048 },
		    sizeof(int));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	opened++;
	return fd;
}

static void
slow_open(struct slow *s, unsigned i)
{
	*s = (struct slow){ .fd = stranger(i % 3 == 2) };
	if (s->fd < 0)
		return;
	if (i % 3 == 0)
		(void)send(s->fd, head, strlen(head), MSG_NOSIGNAL);
	else if (i % 3 == 1)
		(void)send(s->fd, body, strlen(body), MSG_NOSIGNAL);
	for (unsigned n = 0; i % 3 == 2 && n < 40; n++)
		(void)send(s->fd, list, strlen(list), MSG_NOSIGNAL);
}

/* A byte; a socket that was closed is opened anew. */
static void
slow_turn(struct slow *s, unsigned i)
{
	char bytes[4096];
	ssize_t n;

	if (s->fd >= 0 && i % 3 != 2 &&
	    send(s->fd, "x", 1, MSG_NOSIGNAL) < 0 && errno != EAGAIN) {
		close(s->fd);
		s->fd = -1;
	}
	if (s->fd >= 0) {
		n = recv(s->fd, bytes, i % 3 == 2 ? 1 : sizeof(bytes), 0);
		if (n == 0 || (n < 0 && errno != EAGAIN)) {
			close(s->fd);
			s->fd = -1;
		}
	}
	if (s->fd < 0)
		slow_open(s, i);
}

/* Asks, and does not wait for the answer. */
static void
leave_early(const char *capture)
{
	char call[1024], request[2048];
	int fd = stranger(0), n;

	n = snprintf(call, sizeof(call), "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"tools/call\",\"params\":{\"name\":"
	    "\"summarize_capture\",\"arguments\":{\"pcap_file\":\"%s\"}}}",
	    capture);
	(void)snprintf(request, sizeof(request), "POST /mcp HTTP/1.1\r\n"
	    "Host: localhost\r\nContent-Type: application/json\r\n"
	    "Content-Length: %d\r\n\r\n%s", n, call);
	if (fd < 0)
		return;
	(void)send(fd, request, strlen(request), MSG_NOSIGNAL);
	if (left % 2 == 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER,
		    &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(fd);
	left++;
}

static void
send_rubbish(unsigned turn)
{
	const char *text = malformed[turn % (sizeof(malformed) /
	    sizeof(malformed[0]))];
	struct timeval limit = { .tv_sec = 20 };
	char answer[256];
	int fd = stranger(0);
	ssize_t n;

	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFL, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
	n = recv(fd, answer, sizeof(answer), 0);
	refused++;
	if (n < 12 || memcmp(answer, "HTTP/1.1 400", 12) != 0)
		wrong++;
	close(fd);
}

int
main(int argc, char **argv)
{
	struct rlimit limit = { 4096, 4096 };
	unsigned n, ticks;
	time_t end;

	if (argc != 5)
		return 2;
	port = (uint16_t)strtoul(argv[1], NULL, 10);
	n = (unsigned)strtoul(argv[2], NULL, 10);
	end = time(NULL) + (time_t)strtoul(argv[3], NULL, 10);
	if (n > MOST)
		return 2;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	for (unsigned i = 0; i < n; i++)
		slow_open(&sockets[i], i);
	for (ticks = 0; time(NULL) < end; ticks++) {
		for (unsigned i = ticks % TURN; i < n; i += TURN)
			slow_turn(&sockets[i], i);
		leave_early(argv[4]);
		send_rubbish(ticks);
		(void)usleep(TICK_MS * 1000);
	}
	for (unsigned i = 0; i < n; i++)
		if (sockets[i].fd >= 0)
			close(sockets[i].fd);
	printf("%u slow sockets opened %u times, %u clients left early, "
	    "%u were refused, %u of them wrongly\n", n,
	    opened - left - refused, left, refused, wrong);
	return wrong > 0;
}
