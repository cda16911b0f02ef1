#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "tap.h"

/* What one call sends to stderr. */
static struct span
said(enum log_level level, const char *text)
{
	static char heard[8192];
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return span_text("no pipe");
	close(ends[1]);
	log_line(level, "%s", text);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(ends[0], heard, sizeof(heard));
	close(ends[0]);
	return span_of(heard, n > 0 ? (size_t)n : 0);
}

int
main(void)
{
	static char text[5000];

	ok_span(said(LOG_ERROR, "broken"), "mcpcap: error: broken\n");
	ok_span(said(LOG_WARN, "odd"), "mcpcap: warning: odd\n");
	ok_span(said(LOG_INFO, "fine"), "");
	log_set_level(LOG_DEBUG);
	ok_span(said(LOG_DEBUG, "fine"), "mcpcap: debug: fine\n");
	ok_span(said(LOG_INFO, "a\nb\x1b[2J\xff\xe2\x80\xaeü"),
	    "mcpcap: info: a\\x0ab\\x1b[2J\\xff\\xe2\\x80\\xaeü\n");
	/* Cut, but one line. */
	memset(text, 1, sizeof(text) - 1);
	ok_int(said(LOG_INFO, text).n, 14 + 4 * 1023 + 1);
	log_set_level(LOG_ERROR);
	ok_span(said(LOG_WARN, "odd"), "");
	errno = 77;
	said(LOG_ERROR, "x");
	log_line(LOG_WARN, "not shown");
	errno = 77;
	log_line(LOG_ERROR, "shown");
	ok_int(errno, 77);
	return tap_done();
}
