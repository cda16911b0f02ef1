#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Words for the operator, to stderr only: on stdio stdout is the protocol.
 * One line a call, "mcpcap: level: text"; control characters in the text are
 * made visible.  Besides the secret of hash.c the level is the only global that
 * changes once the program runs.
 */
enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
