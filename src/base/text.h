#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"

/*
 * Text that came from outside, made safe to show: the one escaping function.
 * Valid UTF-8 stays readable, except control, bidirectional, zero-width, tag,
 * private-use, noncharacter and other invisible characters; those, invalid
 * bytes and the backslash itself become visible \xNN (so that the text can be
 * turned back).  At most `max` source bytes are shown (whole characters); a
 * longer text ends in "...(+N)", N being the bytes left out.  The result is
 * valid UTF-8; quotes stay as they are: the JSON writer escapes them.
 */
#define TEXT_MAX 256

void text_escape(struct buf *out, struct span s, size_t max);

/* One character of valid UTF-8 at the start of `s`; 0 when it is invalid,
 * overlong, a surrogate, beyond U+10FFFF or `s` is empty; else its length. */
size_t text_utf8(struct span s, uint32_t *character);
/* The other way, up to U+10FFFF: at most four bytes; returns how many. */
size_t text_utf8_write(uint8_t *out, uint32_t character);
bool text_is_utf8(struct span s);
/* True for the characters that text_escape() makes visible. */
bool text_is_hidden(uint32_t character);

/* True for valid UTF-8 of which text_escape() would change nothing but
 * backslashes. */
bool text_is_showable(struct span s);

/* True when all are the printable characters of ASCII, blanks included. */
bool text_is_printable(struct span s);

/* Lower case hex, `separator` (or 0) between the bytes. */
void text_hex(struct buf *out, struct span s, char separator);
/* Hex digits, optionally separated by ':', '-', '.' or ' '; false if odd or
 * if another character is met. */
bool text_read_hex(struct span s, struct buf *out);

/* Names near to a mistyped one: edit distance up to 3 (2 and 1 for short
 * words), case aside, at most `max` of the `n` names, nearest first; returns
 * how many were put into `near`. */
size_t text_nearest(struct span word, const char *const *names, size_t n,
    const char **near, size_t max);

#endif
