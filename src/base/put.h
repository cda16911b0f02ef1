#ifndef BASE_PUT_H
#define BASE_PUT_H

#include <stddef.h>
#include <string.h>

/*
 * Text straight into room that the caller has seen to, for the few writers
 * whose rows are counted in millions; all others say json_text() and
 * buf_printf().  Each returns where the text ends.
 */
#define PUT(p, literal) put_bytes((p), "" literal, sizeof(literal) - 1)

static inline char *
put_bytes(char *p, const void *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

/* A word of a table: a few letters, ended by NUL. */
static inline char *
put_word(char *p, const char *word)
{
	while (*word != '\0')
		*p++ = *word++;
	return p;
}

/* Copies five bytes either way. */
static inline char *
put_bool(char *p, int value)
{
	memcpy(p, value ? "true" : "false", 5);
	return p + (value ? 4 : 5);
}

#endif
