#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/digits.h"
#include "base/text.h"

#define LINE_MAX_BYTES 1024

static const char *const names[] = { "error", "warning", "info", "debug" };

static enum log_level shown = LOG_WARN;

void
log_set_level(enum log_level level)
{
	shown = level;
}

/* Without memory of its own: what went wrong may be just that. */
static size_t
make_visible(char *out, struct span s)
{
	size_t n = 0;

	while (s.n > 0) {
		uint32_t character;
		size_t length = text_utf8(s, &character);

		if (length > 0 && !text_is_hidden(character)) {
			memcpy(out + n, s.p, length);
			n += length;
			s = span_after(s, length);
			continue;
		}
		out[n++] = '\\';
		out[n++] = 'x';
		out[n++] = digits_hex[s.p[0] >> 4];
		out[n++] = digits_hex[s.p[0] & 15];
		s = span_after(s, 1);
	}
	return n;
}

void
log_line(enum log_level level, const char *format, ...)
{
	char text[LINE_MAX_BYTES], line[4 * LINE_MAX_BYTES + 32];
	int saved = errno, n;
	va_list arguments;
	size_t length;

	if (level > shown)
		return;
	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof(text))
		n = sizeof(text) - 1;
	length = (size_t)snprintf(line, 32, "mcpcap: %s: ", names[level]);
	length += make_visible(line + length, span_of(text, (size_t)n));
	line[length++] = '\n';
	/* Nobody is left to tell that stderr cannot be written. */
	if (write(STDERR_FILENO, line, length) < 0)
		errno = saved;
	errno = saved;
}
