#ifndef TEST_FETCH_SERVER_H
#define TEST_FETCH_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/span.h"

/*
 * An HTTP server that says what its script says, in a process of its own.
 * It counts who comes.
 */
struct script {
	const char *path;
	const char *head;      /* sent as it stands; NULL: nothing */
	const char *body;      /* "@pcap", "@gzip", or text */
	unsigned repeat;       /* of the body; 0 and 1: once */
	unsigned pause_ms;     /* before each piece of the body */
	bool byte_wise;        /* pieces are single bytes, the head's too */
	bool hold;             /* stays open when all is said */
	bool reset;            /* ends in an RST */
};

struct server {
	pid_t pid;
	uint16_t port;
	unsigned *connections; /* shared */
	int fd;
};

/* A capture of one packet: 24 + 16 + 14 bytes. */
static const uint8_t server_pcap[54] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0,
	[16] = 0xff, 0xff, [20] = 1, [24] = 1, [32] = 14, [36] = 14,
	[40] = 0xff, [52] = 0x08 };
/* The same, stored in gzip. */
static const uint8_t server_gzip[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

static inline void
server_sleep(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL);
}

static inline bool
server_send(int fd, struct span bytes, const struct script *s)
{
	while (bytes.n > 0) {
		size_t n = s->byte_wise ? 1 : bytes.n;
		ssize_t sent;

		if (s->pause_ms > 0)
			server_sleep(s->pause_ms);
		sent = send(fd, bytes.p, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes = span_after(bytes, (size_t)sent);
	}
	return true;
}

static inline struct span
server_body(const char *body)
{
	if (body == NULL)
		return span_empty();
	if (strcmp(body, "@pcap") == 0)
		return span_of(server_pcap, sizeof(server_pcap));
	if (strcmp(body, "@gzip") == 0)
		return span_of(server_gzip, sizeof(server_gzip));
	return span_text(body);
}

static inline void
server_answer(int fd, const struct script *s)
{
	struct script at_once = *s;
	struct span body = server_body(s->body);
	struct linger rst = { 1, 0 };
	unsigned repeat = s->repeat == 0 ? 1 : s->repeat;
	char byte;

	if (!s->byte_wise)
		at_once.pause_ms = 0;
	if (s->head != NULL &&
	    !server_send(fd, span_text(s->head), &at_once))
		return;
	for (unsigned i = 0; i < repeat; i++)
		if (!server_send(fd, body, s))
			return;
	while (s->hold && read(fd, &byte, 1) > 0)
		continue;
	if (s->reset)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &rst, sizeof(rst));
}

static inline void
server_client(int fd, const struct script *scripts)
{
	char text[4096];
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n + 1 < sizeof(text)) {
		text[n] = '\0';
		if (strstr(text, "\r\n\r\n") != NULL)
			break;
		got = read(fd, text + n, sizeof(text) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	text[n] = '\0';
	for (const struct script *s = scripts; s->path != NULL; s++) {
		size_t length = strlen(s->path);

		if (strncmp(text, "GET ", 4) == 0 &&
		    strncmp(text + 4, s->path, length) == 0 &&
		    text[4 + length] == ' ') {
			server_answer(fd, s);
			break;
		}
	}
}

static inline bool
server_listen(struct server *s, uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int yes = 1;

	s->connections = mmap(NULL, sizeof(unsigned), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->connections == MAP_FAILED || s->fd < 0)
		return false;
	(void)setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(s->fd, (struct sockaddr *)&a, n) != 0 ||
	    listen(s->fd, 64) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&a, &n) != 0) {
		close(s->fd);
		return false;
	}
	s->port = ntohs(a.sin_port);
	return true;
}

/* `scripts` ends in a NULL path. */
static inline void
server_run(struct server *s, const struct script *scripts)
{
	s->pid = fork();
	if (s->pid != 0)
		return;
	(void)signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(s->fd, NULL, NULL);

		if (fd < 0)
			_exit(1);
		++*s->connections;
		server_client(fd, scripts);
		close(fd);
	}
}

static inline void
server_stop(struct server *s)
{
	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, NULL, 0);
	close(s->fd);
	(void)munmap(s->connections, sizeof(unsigned));
}

#endif
