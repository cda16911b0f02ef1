#ifndef TEST_SERVICE_H
#define TEST_SERVICE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/number.h"
#include "entries.h"
#include "tap.h"

/* The program itself as an HTTP server, and clients that say what they
 * please. */
#define OPTIONS 16

struct service {
	pid_t pid;
	uint16_t port;
	int log; /* its standard error */
	char said[4096];
};

static char service_program[256];
static char service_heard[1 << 20];

static inline bool
service_find(void)
{
	const char *build = getenv("BUILD");

	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(service_program, sizeof(service_program), "%s/mcpcap",
	    build == NULL ? "build" : build);
	return access(service_program, X_OK) == 0;
}

static inline void
service_sleep(unsigned ms)
{
	(void)usleep(ms * 1000);
}

/* Reads its standard error until `words` have come. */
static inline bool
service_says(struct service *s, const char *words)
{
	size_t n = strlen(s->said);

	while (strstr(s->said, words) == NULL) {
		struct pollfd p = { .fd = s->log, .events = POLLIN };
		ssize_t got = 0;

		if (poll(&p, 1, 10000) > 0)
			got = read(s->log, s->said + n,
			    sizeof(s->said) - 1 - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
		s->said[n] = '\0';
	}
	return true;
}

/* `options` ends in NULL; HTTP and a port are added. */
static inline bool
service_start(struct service *s, const char *const *options)
{
	const char *argv[OPTIONS + 8] = { service_program, "--transport",
		"http", "--port", "0" };
	int fds[2];

	*s = (struct service){ .pid = -1 };
	for (size_t n = 0; options[n] != NULL; n++)
		argv[5 + n] = options[n];
	if (pipe2(fds, O_CLOEXEC) != 0)
		return false;
	s->pid = fork();
	if (s->pid == 0) {
		(void)dup2(fds[1], 2);
		for (int fd = 3; fd < 256; fd++)
			(void)close(fd);
		(void)execv(service_program, (char *const *)(uintptr_t)argv);
		_exit(99);
	}
	close(fds[1]);
	s->log = fds[0];
	if (!service_says(s, "serving MCP") || !service_says(s, "\n"))
		return false;
	if (strstr(s->said, "/mcp\n") != NULL)
		s->port = (uint16_t)strtoul(strrchr(s->said, ':') + 1, NULL,
		    10);
	return true;
}

/* Its exit status after SIGTERM, or -1. */
static inline int
service_stop(struct service *s)
{
	int status = -1;

	(void)kill(s->pid, SIGTERM);
	(void)waitpid(s->pid, &status, 0);
	close(s->log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- What it holds ------------------------------------------------------- */

static inline unsigned
service_fds(const struct service *s)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)s->pid);
	return entries_count(path);
}

static inline size_t
service_read(const struct service *s, const char *file, char *out, size_t size)
{
	char path[64];
	ssize_t n = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)s->pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, out, size - 1);
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static inline unsigned
service_children(const struct service *s)
{
	char text[4096], path[64];
	unsigned n = 0;

	(void)snprintf(path, sizeof(path), "task/%d/children", (int)s->pid);
	(void)service_read(s, path, text, sizeof(text));
	for (const char *at = text; *at != '\0'; at++)
		n += *at == ' ';
	return n;
}

/* In kB; 0 with sanitizers, which keep what was freed. */
static inline long
service_memory(const struct service *s)
{
	const char *at = getenv("SAN");
	char text[4096];

	if (at != NULL && at[0] != '\0')
		return 0;

	(void)service_read(s, "status", text, sizeof(text));
	at = strstr(text, "VmRSS:");
	return at == NULL ? -1 : strtol(at + 6, NULL, 10);
}

/* Waits until it holds no more than that. */
static inline bool
service_settles(const struct service *s, unsigned fds, unsigned children)
{
	for (int i = 0; i < 3000; i++) {
		if (service_fds(s) <= fds && service_children(s) <= children)
			return true;
		service_sleep(10);
	}
	printf("# %u descriptors, %u children\n", service_fds(s),
	    service_children(s));
	return false;
}

/* ---- Clients --------------------------------------------------------------- */

static inline int
service_client(const struct service *s)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons(s->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static inline void
service_send(int fd, const char *text)
{
	(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* Until the words have come, the end, or nothing for so long. */
static inline bool
service_hears(int fd, const char *words, int quiet_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	service_heard[0] = '\0';
	while (n + 1 < sizeof(service_heard) && poll(&p, 1, quiet_ms) > 0) {
		ssize_t got = recv(fd, service_heard + n,
		    sizeof(service_heard) - n - 1, 0);

		if (got <= 0)
			break;
		n += (size_t)got;
		service_heard[n] = '\0';
		if (words != NULL && strstr(service_heard, words) != NULL)
			return true;
	}
	return words == NULL;
}

static inline bool
service_has(const char *words)
{
	if (strstr(service_heard, words) != NULL)
		return true;
	printf("# no \"%s\" in: %.400s\n", words, service_heard);
	return false;
}

/* Sends a message to /mcp; `headers` are whole lines. */
static inline void
service_post(int fd, const char *headers, const char *message)
{
	char head[1024];

	(void)snprintf(head, sizeof(head), "POST /mcp HTTP/1.1\r\n"
	    "Host: localhost\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n%s\r\n", strlen(message), headers);
	service_send(fd, head);
	service_send(fd, message);
}

/* The status of a message sent on a connection of its own; what came is in
 * service_heard. */
static inline int
service_ask(const struct service *s, const char *headers, const char *message)
{
	char all[1024];
	int fd = service_client(s);

	(void)snprintf(all, sizeof(all), "%sConnection: close\r\n", headers);
	service_post(fd, all, message);
	(void)service_hears(fd, NULL, 20000);
	close(fd);
	return strncmp(service_heard, "HTTP/1.1 ", 9) == 0
	    ? (int)strtol(service_heard + 9, NULL, 10) : -1;
}

#endif
