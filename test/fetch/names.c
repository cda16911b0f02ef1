#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "refused.h"
#include "server.h"
#include "tap.h"

/*
 * The program in a network of its own, where every address there is leads to
 * one server that counts who comes and whereto, and where names resolve as a
 * stranger wants them to.  Nothing is allowed with --allow-host.
 */
#define PUBLIC "8.8.8.8"
#define PUBLIC6 "2606:4700::1111"

struct counts {
	unsigned connections, refused; /* to addresses that are not public */
	unsigned lookups;              /* of addresses of IPv4 */
};

static struct counts *counts;
static char program[256], folder[] = "/tmp/names-XXXXXX", said[65536];

/* ---- The network ----------------------------------------------------------- */

/* "ip route add local 0.0.0.0/0 dev lo", or ::/0. */
static bool
route_all(int family)
{
	struct {
		uint32_t length;
		uint16_t type, flags;
		uint32_t sequence, port;
		uint8_t family, to_bits, from_bits, tos, table, protocol,
		    scope, kind;
		uint32_t more;
		uint16_t attribute_length, attribute;
		uint32_t device;
	} m = { .length = sizeof(m), .type = 24, .flags = 0x405,
		.family = (uint8_t)family, .table = 255, .protocol = 3,
		.scope = family == AF_INET ? 254 : 0, .kind = 2,
		.attribute_length = 8, .attribute = 4,
		.device = if_nametoindex("lo") };
	struct {
		uint32_t length;
		uint16_t type, flags;
		uint32_t sequence, port;
		int32_t error;
		uint8_t rest[128];
	} answer = { .error = -1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	(void)send(fd, &m, sizeof(m), 0);
	(void)recv(fd, &answer, sizeof(answer), 0);
	close(fd);
	return answer.error == 0;
}

static bool
lo_up(void)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = ioctl(fd, SIOCSIFFLAGS, &r) == 0;

	close(fd);
	return up;
}

static bool
file_make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t n = (ssize_t)strlen(text);
	bool made = fd >= 0 && write(fd, text, strlen(text)) == n;

	if (fd >= 0)
		close(fd);
	return made;
}

static bool
bind_over(const char *path, const char *text)
{
	char here[64];

	(void)snprintf(here, sizeof(here), "%s/bound", folder);
	(void)unlink(here);
	return file_make(here, text) &&
	    mount(here, path, NULL, MS_BIND, NULL) == 0;
}

static bool
network_make(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) != 0)
		return false;
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    lo_up() && route_all(AF_INET) &&
	    bind_over("/etc/resolv.conf", "nameserver 127.0.0.1\n") &&
	    bind_over("/etc/hosts", "127.0.0.1 localhost hosts.test\n");
}

/* ---- Names ------------------------------------------------------------------ */

static const struct {
	const char *name, *v4, *v6; /* addresses with spaces between them */
} names[] = {
	{ "public.test", PUBLIC, "" },
	{ "six.test", "", PUBLIC6 },
	{ "both.test", PUBLIC, PUBLIC6 },
	{ "private.test", "10.0.0.1", "" },
	{ "metadata.test", "169.254.169.254", "" },
	{ "loopback.test", "127.0.0.1", "" },
	{ "zero.test", "0.0.0.0", "" },
	{ "nat.test", "100.64.0.1", "" },
	{ "last.test", "255.255.255.255", "" },
	{ "mixed.test", PUBLIC " 10.0.0.1", "" },
	{ "mixed-late.test", "8.8.4.4 1.1.1.1 9.9.9.9 192.168.0.1", "" },
	{ "mixed-six.test", PUBLIC, "fd00::1" },
	{ "six-loopback.test", "", "::1" },
	{ "six-local.test", "", "fe80::1" },
	{ "six-mapped.test", "", "::ffff:127.0.0.1" },
	{ "six-mapped-private.test", "", "::ffff:10.0.0.1" },
	{ "six-nat64.test", "", "64:ff9b::10.0.0.1" },
	{ "six-6to4.test", "", "2002:7f00:1::1" },
	{ "six-teredo.test", "", "2001::1" },
	{ "six-site.test", "", "fec0::1" },
	{ "six-any.test", "", "::" },
	{ "turns.test", "turns", "" },
	{ "none.test", "", "" },
};

static size_t
record_write(uint8_t *out, int family, const char *address)
{
	size_t n = family == AF_INET ? 4 : 16;
	const uint8_t head[] = { 0xc0, 12, 0, family == AF_INET ? 1 : 28, 0, 1,
		0, 0, 0, 0, 0, (uint8_t)n };

	memcpy(out, head, sizeof(head));
	return inet_pton(family, address, out + sizeof(head)) == 1
	    ? sizeof(head) + n : 0;
}

static const char *
addresses_of(const uint8_t *question, int family)
{
	char name[256] = "";
	size_t n = 0;

	for (const uint8_t *p = question; *p != 0 && n < 200; p += 1 + *p)
		n += (size_t)snprintf(name + n, sizeof(name) - n, "%s%.*s",
		    n > 0 ? "." : "", *p, p + 1);
	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		if (strcmp(names[i].v4, "turns") == 0 && family == AF_INET)
			return counts->lookups % 2 == 1 ? PUBLIC : "10.0.0.1";
		return family == AF_INET ? names[i].v4 : names[i].v6;
	}
	return NULL;
}

/* Makes the question in `m` an answer; gives its length. */
static size_t
answer_make(uint8_t *m, size_t n)
{
	int family = m[n - 3] == 1 ? AF_INET : m[n - 3] == 28 ? AF_INET6 : 0;
	const char *list = NULL;
	char copy[256], *next = copy, *one;

	if (family == AF_INET)
		counts->lookups++;
	if (family != 0)
		list = addresses_of(m + 12, family);
	m[2] = 0x81;
	m[3] = list == NULL ? 0x83 : 0x80;
	m[10] = m[11] = 0; /* no EDNS */
	(void)snprintf(copy, sizeof(copy), "%s", list == NULL ? "" : list);
	while ((one = strsep(&next, " ")) != NULL) {
		size_t length = record_write(m + n, family, one);

		n += length;
		m[7] = (uint8_t)(m[7] + (length > 0));
	}
	return n;
}

static void
names_serve(int fd)
{
	for (;;) {
		struct sockaddr_storage from;
		socklen_t size = sizeof(from);
		uint8_t m[1024];
		ssize_t n = recvfrom(fd, m, 512, 0, (struct sockaddr *)&from,
		    &size);

		if (n > 16)
			(void)sendto(fd, m, answer_make(m, (size_t)n), 0,
			    (struct sockaddr *)&from, size);
	}
}

/* ---- The server that all addresses lead to --------------------------------- */

static bool
is_public(int fd)
{
	struct sockaddr_in6 a;
	socklen_t n = sizeof(a);
	char text[INET6_ADDRSTRLEN];

	if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		return false;
	(void)inet_ntop(AF_INET6, &a.sin6_addr, text, sizeof(text));
	return strcmp(text, "::ffff:" PUBLIC) == 0 ||
	    strcmp(text, PUBLIC6) == 0;
}

/* "/to/WHERE" leads there; all else is a capture. */
static void
client_serve(int fd)
{
	char text[2048] = "", answer[4096];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);
	char *end = strchr(text + (n > 4 ? 4 : 0), ' ');

	if (end != NULL)
		*end = '\0';
	if (strncmp(text, "GET /to/", 8) == 0)
		(void)snprintf(answer, sizeof(answer), "HTTP/1.1 302 x\r\n"
		    "Location: http://%s\r\n\r\n", text + 8);
	else
		(void)strcpy(answer, "HTTP/1.1 200 OK\r\n"
		    "Content-Length: 54\r\n\r\n");
	(void)send(fd, answer, strlen(answer), MSG_NOSIGNAL);
	(void)send(fd, server_pcap, sizeof(server_pcap), MSG_NOSIGNAL);
}

static void
all_serve(int fd)
{
	for (;;) {
		int client = accept(fd, NULL, NULL);

		if (client < 0)
			_exit(1);
		counts->connections++;
		counts->refused += !is_public(client);
		client_serve(client);
		close(client);
	}
}

static int
socket_bind(int type, uint16_t port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };
	int fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0), no = 0;

	(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	    (type != SOCK_STREAM || listen(fd, 64) == 0))
		return fd;
	close(fd);
	return -1;
}

static pid_t
serve(void (*body)(int fd), int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		body(fd);
		_exit(0);
	}
	close(fd);
	return pid;
}

/* ---- The questions ------------------------------------------------------------ */

/* The exit status; what it says is in `said`.  `root`: the only folder. */
static int
ask_in(const char *root, const char *url)
{
	int fds[2], status = -1;
	size_t n = 0;
	ssize_t got = 1;
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], 1);
		(void)dup2(fds[1], 2);
		if (root != NULL && (chroot(root) != 0 || chdir("/") != 0))
			_exit(98);
		(void)execl(root != NULL ? "/mcpcap" : program, "mcpcap",
		    "analyze_capinfos", url, "--format", "json",
		    "--fetch-timeout", "10", (char *)NULL);
		_exit(99);
	}
	close(fds[1]);
	while (got > 0 && n + 1 < sizeof(said)) {
		got = read(fds[0], said + n, sizeof(said) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	said[n] = '\0';
	close(fds[0]);
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
says(const char *words)
{
	if (strstr(said, words) != NULL)
		return true;
	printf("# no \"%s\" in: %.200s\n", words, said);
	return false;
}

static bool
answers(const char *url)
{
	int status = ask_in(NULL, url);

	return says("\"packet_count\":1") && status == 0;
}

static bool
refuses(const char *url)
{
	int status = ask_in(NULL, url);

	return says("address not allowed") && status == 1;
}

/* Every name, asked for and led to. */
static void
test_names(bool six)
{
	char url[256];

	for (size_t i = 0; i < LENGTH(names); i++) {
		bool public = strcmp(names[i].v4, PUBLIC) == 0 &&
		    (names[i].v6[0] == '\0' ||
			strcmp(names[i].v6, PUBLIC6) == 0);

		if (strcmp(names[i].v4, "turns") == 0 ||
		    (!six && strcmp(names[i].v6, PUBLIC6) == 0))
			continue;
		public |= strcmp(names[i].v6, PUBLIC6) == 0;
		(void)snprintf(url, sizeof(url), "http://%s/a", names[i].name);
		if (names[i].v4[0] == '\0' && names[i].v6[0] == '\0')
			ok(ask_in(NULL, url) == 1 &&
			    says("cannot be resolved"));
		else
			ok(public ? answers(url) : refuses(url));
		if (!public && names[i].v4[0] + names[i].v6[0] != 0) {
			(void)snprintf(url, sizeof(url),
			    "http://public.test/to/%s/a", names[i].name);
			ok(refuses(url));
		}
	}
	ok(answers("http://" PUBLIC "/a"));
	ok(answers("http://public.test/to/" PUBLIC "/to/public.test/a"));
	ok(refuses("http://public.test/to/hosts.test/a"));
	ok(refuses("http://hosts.test/a"));
	ok(ask_in(NULL, "http://missing.test/a") == 1 &&
	    says("cannot be resolved"));
}

/* Each fetch asks once for the addresses of a name, and goes where that answer
 * says or nowhere. */
static void
test_turns(void)
{
	for (unsigned i = 0; i < 6; i++) {
		unsigned before = counts->lookups;
		bool public = before % 2 == 0;

		ok(public ? answers("http://turns.test/a")
			  : refuses("http://turns.test/a"));
		ok_int(counts->lookups, before + 1);
	}
	/* The other way round, and each time one more from the redirection. */
	for (unsigned i = 0; i < 4; i++) {
		unsigned before = counts->lookups;

		ok(before % 2 == 1
			? answers("http://public.test/to/turns.test/a")
			: refuses("http://public.test/to/turns.test/a"));
		ok_int(counts->lookups, before + 2);
		if (i % 2 == 1)
			ok(answers("http://public.test/a"));
	}
}

static void
test_spellings(void)
{
	for (size_t i = 0; i < LENGTH(refused); i++) {
		int status = ask_in(NULL, refused[i].text);

		if (!ok(status == 1 || (status == 2 &&
			refused[i].error == FETCH_URL_BYTES)))
			printf("# %s: %.200s\n", refused[i].text, said);
		ok(strstr(said, "packet_count") == NULL);
	}
}

/* Nothing but the program and the address of a name server. */
static void
test_alone(void)
{
	char path[256];
	uint8_t bytes[65536];
	ssize_t n = 1;
	int from = open(program, O_RDONLY | O_CLOEXEC), to;

	(void)snprintf(path, sizeof(path), "%s/mcpcap", folder);
	to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	while (n > 0 && from >= 0 && to >= 0) {
		n = read(from, bytes, sizeof(bytes));
		if (n > 0 && write(to, bytes, (size_t)n) != n)
			break;
	}
	close(from);
	close(to);
	(void)snprintf(path, sizeof(path), "%s/etc", folder);
	(void)mkdir(path, 0755);
	(void)strcat(path, "/resolv.conf");
	ok(file_make(path, "nameserver 127.0.0.1\n"));
	ok_int(ask_in(folder, "http://public.test/a"), 0);
	ok(says("\"packet_count\":1"));
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/etc", folder);
	(void)rmdir(path);
	(void)snprintf(path, sizeof(path), "%s/mcpcap", folder);
	(void)unlink(path);
}

static void
run(void)
{
	bool six = route_all(AF_INET6);
	int dns = socket_bind(SOCK_DGRAM, 53);
	int all = socket_bind(SOCK_STREAM, 80);
	const char *sanitizers = getenv("SAN");
	pid_t pids[2];

	if (!ok(dns >= 0) || !ok(all >= 0))
		return;
	pids[0] = serve(names_serve, dns);
	pids[1] = serve(all_serve, all);
	test_names(six);
	test_turns();
	test_spellings();
	/* Sanitizers are shared libraries. */
	if (sanitizers == NULL || sanitizers[0] == '\0')
		test_alone();
	printf("# %u connections, %u of them to no public address, %u "
	    "lookups\n", counts->connections, counts->refused,
	    counts->lookups);
	ok(counts->connections > 20);
	ok_int(counts->refused, 0);
	for (size_t i = 0; i < 2; i++) {
		(void)kill(pids[i], SIGKILL);
		(void)waitpid(pids[i], NULL, 0);
	}
}

int
main(void)
{
	const char *build = getenv("BUILD");
	char bound[64];

	(void)snprintf(program, sizeof(program), "%s/mcpcap",
	    build == NULL ? "build" : build);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!ok(access(program, X_OK) == 0) || !ok(counts != MAP_FAILED) ||
	    !ok(mkdtemp(folder) != NULL))
		return tap_done();
	if (network_make())
		run();
	else
		puts("# no network of our own here: left out");
	(void)umount("/etc/resolv.conf");
	(void)umount("/etc/hosts");
	(void)snprintf(bound, sizeof(bound), "%s/bound", folder);
	(void)unlink(bound);
	ok(rmdir(folder) == 0);
	return tap_done();
}
