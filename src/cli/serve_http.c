#include "cli/serve_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/web.h"

#define BACKLOG 511
#define TOKEN_LEAST 32
#define TOKEN_MOST 1024

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

struct http_service {
	struct web web;
	struct loop_watch signals;
	union address address;
	socklen_t address_size;
	char token[TOKEN_MOST];
};

/* ---- Where ------------------------------------------------------------------- */

static const char *
host_of(const struct serve_options *o)
{
	return o->host != NULL ? o->host : "127.0.0.1";
}

static bool
address_read(struct http_service *s, const struct serve_options *o)
{
	const char *host = host_of(o);
	union address *a = &s->address;

	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons((uint16_t)o->port);
		s->address_size = sizeof(a->v4);
		s->web.guard.loopback =
		    ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
		return true;
	}
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons((uint16_t)o->port);
		s->address_size = sizeof(a->v6);
		s->web.guard.loopback =
		    IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
		return true;
	}
	log_line(LOG_ERROR, "--host %s: give an IPv4 or IPv6 address, or "
	    "localhost", host);
	return false;
}

static bool
path_read(struct http_service *s, const char *path)
{
	struct sockaddr_un *a = &s->address.local;
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(a->sun_path)) {
		log_line(LOG_ERROR, "--unix: the path must have 1 to %zu "
		    "characters", sizeof(a->sun_path) - 1);
		return false;
	}
	a->sun_family = AF_UNIX;
	memcpy(a->sun_path, path, n + 1);
	s->address_size = sizeof(*a);
	s->web.guard.loopback = true;
	return true;
}

/* A socket that nobody listens on any more is in the way. */
static void
stale_remove(const struct http_service *s)
{
	const char *path = s->address.local.sun_path;
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, &s->address.any, s->address_size) != 0 &&
	    errno == ECONNREFUSED)
		(void)unlink(path);
	if (fd >= 0)
		close(fd);
}

static int
listen_open(const struct http_service *s)
{
	int family = s->address.any.sa_family, yes = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t mask;
	int bound;

	if (fd < 0)
		return -1;
	if (family == AF_UNIX)
		stale_remove(s);
	else
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes,
		    sizeof(yes));
	mask = umask(0177);
	bound = bind(fd, &s->address.any, s->address_size);
	(void)umask(mask);
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
say_where(const struct http_service *s, int fd)
{
	char text[INET6_ADDRSTRLEN] = "";
	union address a;
	socklen_t n = sizeof(a);

	log_set_level(LOG_INFO);
	memset(&a, 0, sizeof(a));
	if (getsockname(fd, &a.any, &n) != 0)
		return;
	if (a.any.sa_family == AF_UNIX)
		log_line(LOG_INFO, "serving MCP on the socket %s",
		    s->address.local.sun_path);
	else if (a.any.sa_family == AF_INET)
		log_line(LOG_INFO, "serving MCP at http://%s:%u/mcp",
		    inet_ntop(AF_INET, &a.v4.sin_addr, text, sizeof(text)),
		    ntohs(a.v4.sin_port));
	else
		log_line(LOG_INFO, "serving MCP at http://[%s]:%u/mcp",
		    inet_ntop(AF_INET6, &a.v6.sin6_addr, text, sizeof(text)),
		    ntohs(a.v6.sin6_port));
}

/* ---- For whom ------------------------------------------------------------------ */

static bool
token_bad(const char *file, const char *why)
{
	log_line(LOG_ERROR, "--token-file %s: %s", file, why);
	return false;
}

/* The first line of a file that is for our eyes only. */
static bool
token_read(struct http_service *s, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct span token;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return token_bad(file, "cannot be read");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & 077) != 0) {
		close(fd);
		return token_bad(file, "must be a regular file that only its "
		    "owner can read (chmod 600)");
	}
	n = read(fd, s->token, sizeof(s->token));
	close(fd);
	token = span_of(s->token, n > 0 ? (size_t)n : 0);
	if (token.n == TOKEN_MOST)
		return token_bad(file, "the file must hold the token alone, "
		    "at most 1023 bytes");
	token = span_trim(span_first(token, span_find_byte(token, '\n')));
	if (token.n > 0 && token.p[token.n - 1] == '\r')
		token.n--;
	if (token.n < TOKEN_LEAST)
		return token_bad(file, "the token must have at least 32 "
		    "characters (head -c 24 /dev/urandom | base64)");
	s->web.guard.token = token;
	return true;
}

/* Others than this machine may come only with a token, or when the operator
 * says that nobody need show one, and only to folders he names. */
static bool
guard_check(const struct serve_options *o, bool loopback)
{
	const char *host = host_of(o);

	if (loopback)
		return true;
	if (o->token_file == NULL && !o->no_auth)
		log_line(LOG_ERROR, "--host %s can be reached from other "
		    "machines: add --token-file FILE (clients then send "
		    "\"Authorization: Bearer TOKEN\"), or --no-auth if "
		    "something else keeps strangers out", host);
	if (o->roots.n == 0)
		log_line(LOG_ERROR, "--host %s can be reached from other "
		    "machines: add --root FOLDER, the folder whose captures "
		    "may be read", host);
	return (o->token_file != NULL || o->no_auth) && o->roots.n > 0;
}

static bool
service_open(struct http_service *s, const struct serve_options *o)
{
	struct http_guard *g = &s->web.guard;

	if (o->unix_path != NULL ? !path_read(s, o->unix_path)
				 : !address_read(s, o))
		return false;
	g->names = o->server_names.item;
	g->n_names = o->server_names.n;
	g->origins = o->origins.item;
	g->n_origins = o->origins.n;
	g->token = span_empty();
	if (!guard_check(o, g->loopback))
		return false;
	return o->token_file == NULL || token_read(s, o->token_file);
}

/* ---- Until when ------------------------------------------------------------------ */

static void
signal_ready(void *context, short revents)
{
	(void)revents;
	loop_stop(context);
}

/* SIGTERM and SIGINT end the loop, so that the socket's file goes too. */
static bool
signals_open(struct http_service *s, struct loop *loop)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	s->signals = (struct loop_watch){ .fd = fd, .events = POLLIN,
		.ready = signal_ready, .context = loop };
	return fd >= 0 && loop_watch(loop, &s->signals);
}

static int
service_run(struct http_service *s, const struct serve_options *o,
    struct loop *loop)
{
	int fd = listen_open(s);

	if (fd < 0 && o->unix_path != NULL)
		log_line(LOG_ERROR, "--unix %s: cannot listen: %s",
		    o->unix_path, strerror(errno));
	else if (fd < 0)
		log_line(LOG_ERROR, "--host %s --port %u: cannot listen: %s",
		    host_of(o), o->port, strerror(errno));
	if (fd < 0)
		return 2;
	web_open(&s->web);
	if (!signals_open(s, loop) || !http_listen(&s->web.server, fd)) {
		log_line(LOG_ERROR, "out of memory");
		return 1;
	}
	if (!serve_drop_root(o))
		return 2;
	say_where(s, fd);
	loop_run(loop);
	web_close(&s->web);
	if (s->address.any.sa_family == AF_UNIX)
		(void)unlink(s->address.local.sun_path);
	loop_unwatch(loop, &s->signals);
	close(s->signals.fd);
	return 0;
}

int
serve_http(const struct serve_options *o, struct loop *loop, struct mcp *mcp)
{
	struct http_service s;

	memset(&s, 0, sizeof(s));
	s.web.loop = loop;
	s.web.mcp = mcp;
	if (!service_open(&s, o))
		return 2;
	return service_run(&s, o, loop);
}
