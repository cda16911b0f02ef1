#include "cli/show.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* What stdout or stderr was given meanwhile. */
struct heard {
	int fd, kept;
	FILE *file;
	char text[4096];
};

static void
hear(struct heard *h, int fd)
{
	(void)fflush(stdout);
	h->fd = fd;
	h->kept = dup(fd);
	h->file = tmpfile();
	if (h->kept < 0 || h->file == NULL ||
	    dup2(fileno(h->file), fd) < 0)
		abort();
}

static const char *
heard(struct heard *h)
{
	size_t n;

	(void)dup2(h->kept, h->fd);
	close(h->kept);
	rewind(h->file);
	n = fread(h->text, 1, sizeof(h->text) - 1, h->file);
	h->text[n] = '\0';
	(void)fclose(h->file);
	return h->text;
}

/* The pieces of an answer, as a worker might give them; whether all of it was
 * taken, and what of it was shown. */
static bool
shown(enum show_format format, const char *const *piece, struct heard *h)
{
	struct show show = { .format = format, .width = 80 };
	struct show_answer a;
	bool good = true;

	hear(h, STDOUT_FILENO);
	show_begin(&a, &show);
	for (; good && *piece != NULL; piece++)
		good = show_bytes(&a, span_text(*piece));
	good = good && show_end(&a);
	(void)heard(h);
	ok(good == (a.problem == NULL));
	show_free(&a);
	return good;
}

#define SHOWN(format, h, ...) \
	shown(format, (const char *const[]){ __VA_ARGS__, NULL }, h)

static void
test_good(void)
{
	struct heard h;

	ok(SHOWN(SHOW_JSON, &h, "{\"a\":[", "1]}"));
	ok_text(h.text, "{\"a\":[1]}\n");
	ok(SHOWN(SHOW_TEXT, &h, "{\"na", "me\":\"\xc3\xa9\"}"));
	ok_text(h.text, "Name: \xc3\xa9\n");
	ok(SHOWN(SHOW_NDJSON, &h, "{\"a\":\"\xc3", "\xa9\\x1b\"}\n{", "}\n"));
	ok_text(h.text, "{\"a\":\"\xc3\xa9\\x1b\"}\n{}\n");
	ok(SHOWN(SHOW_TSV, &h, "a\tb\n", "1\t2"));
	ok_text(h.text, "a\tb\n1\t2\n");
	ok(SHOWN(SHOW_TSV, &h, "", "a\n"));
	ok_text(h.text, "a\n");
	ok(shown(SHOW_NDJSON, (const char *const[]){ NULL }, &h));
	ok_text(h.text, "");
}

/* Nothing that a terminal obeys, that is no text or no answer. */
static void
test_enemy(void)
{
	static const char *const evil[] = { "\033[2J", "\xc2\x9b" "2J", "\r",
		"\x7f", "\x9b" "2J", "\xff", "\xe2\x80\xae", "\xf3\xa0\x81\x81",
		"\b" };
	struct heard h;

	for (size_t i = 0; i < LENGTH(evil); i++) {
		ok(!SHOWN(SHOW_JSON, &h, "{\"a\":\"", evil[i], "\"}"));
		ok_text(h.text, "");
		ok(!SHOWN(SHOW_TEXT, &h, "{\"a\":\"", evil[i], "\"}"));
		ok_text(h.text, "");
		ok(!SHOWN(SHOW_TEXT, &h, evil[i]));
		ok_text(h.text, "");
		ok(!SHOWN(SHOW_TSV, &h, "a\n", "b\t", evil[i], "\n", "c\n"));
		ok_text(h.text, "a\n");
		ok(!SHOWN(SHOW_NDJSON, &h, "{}\n{\"a\":\"", evil[i], "\"}"));
		ok_text(h.text, "{}\n");
	}
	ok(!SHOWN(SHOW_TEXT, &h, "{\"a\":\"\\u001b[2J\"}"));
	ok_text(h.text, "");
	ok(!SHOWN(SHOW_JSON, &h, ""));
	ok(!SHOWN(SHOW_TEXT, &h, "{}\nmore"));
	ok_text(h.text, "");
}

/* Each byte, wherever it stands. */
static void
test_bytes(void)
{
	struct heard h;

	for (int byte = 1; byte < 256; byte++) {
		for (size_t at = 0; at < 18; at++) {
			char text[] = "\tZ~ !\nAAAAAAAAAAAA\n";
			bool good = (byte >= ' ' && byte <= '~') ||
			    byte == '\t' || byte == '\n';

			text[at] = (char)byte;
			tap_check(SHOWN(SHOW_TSV, &h, text) == good &&
			    (good ? strcmp(h.text, text) == 0 :
			    strlen(h.text) <= at), "a byte", __FILE__, byte);
		}
	}
}

/* A long answer is looked at, too. */
static void
test_long(void)
{
	static char filler[(20 << 20) + 1];
	struct heard h;

	memset(filler, 'a', sizeof(filler) - 1);
	ok(SHOWN(SHOW_JSON, &h, "{\"a\":\"", filler, "\"}"));
	ok(!SHOWN(SHOW_JSON, &h, "{\"a\":\"", filler, "\033[2J\"}"));
	ok_text(h.text, "");
}

/* Longer than a pipe that does not wait, and read late. */
static void
test_slow_reader(void)
{
	static char filler[200001], got[65536];
	int fds[2], status = 1;
	ssize_t n, all = 0;
	pid_t child;

	memset(filler, 'a', sizeof(filler) - 1);
	ok(pipe(fds) == 0 && fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0);
	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		(void)dup2(fds[1], STDOUT_FILENO);
		_exit(show_write(span_text(filler)) ? 0 : 1);
	}
	close(fds[1]);
	(void)usleep(50000);
	while ((n = read(fds[0], got, sizeof(got))) > 0)
		all += n;
	ok(waitpid(child, &status, 0) == child && status == 0);
	ok_int(all, 200000);
	close(fds[0]);
}

static void
test_error(void)
{
	struct show show = { .progress = true };
	struct show_answer a = { .show = &show };
	struct heard h;

	hear(&h, STDERR_FILENO);
	show_error("a.pcap", span_text("no such field \\x1b"));
	ok_text(heard(&h), "mcpcap: a.pcap: no such field \\x1b\n");
	hear(&h, STDERR_FILENO);
	show_error("a\033[2J.pcap", span_text("is empty"));
	ok_text(heard(&h), "mcpcap: a\\x1b[2J.pcap: is empty\n");
	hear(&h, STDERR_FILENO);
	show_progress(&a, "\033[2J", 5000000, 10000000);
	ok_text(heard(&h), "");
	hear(&h, STDERR_FILENO);
	show_progress(&a, "a", 5000000, 10000000);
	ok_text(heard(&h), "\r\033[Ka:  50% of 10 MB");
	hear(&h, STDERR_FILENO);
	show_error(NULL, span_text("no \033[2J"));
	ok_text(heard(&h), "mcpcap: no \\x1b[2J\n");
}

int
main(void)
{
	test_good();
	test_enemy();
	test_bytes();
	test_long();
	test_slow_reader();
	test_error();
	return tap_done();
}
