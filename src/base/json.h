#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/addr.h"
#include "base/buf.h"
#include "base/number.h"

/*
 * Streaming JSON writer into a buffer: the calls read like the document.
 * `name` is NULL inside arrays and at the root.  No spaces, one line.
 * Misuse of nesting is our own mistake and asserts; running out of the
 * buffer's limit is remembered in buf.full and asked once, at the end.
 *
 *	json_object(j, NULL);
 *	json_uint(j, "packet_count", n);
 *	json_array(j, "rows");
 *	json_end(j);
 *	json_end(j);
 */
#define JSON_DEPTH 32

struct json {
	struct buf *out;
	uint32_t has_member; /* a bit a depth: a comma is due */
	uint32_t is_array;   /* a bit a depth */
	unsigned depth;
};

/* A place to come back to, for a row that does not fit the budget. */
struct json_mark {
	size_t n;
	uint32_t has_member, is_array;
	unsigned depth;
};

void json_init(struct json *j, struct buf *out);
void json_object(struct json *j, const char *name);
void json_array(struct json *j, const char *name);
/* Ends the innermost object or array. */
void json_end(struct json *j);
void json_uint(struct json *j, const char *name, uint64_t value);
void json_int(struct json *j, const char *name, int64_t value);
void json_double(struct json *j, const char *name, double value);
void json_bool(struct json *j, const char *name, bool value);
void json_null(struct json *j, const char *name);
/* Our own words: constant text, valid UTF-8. */
void json_text(struct json *j, const char *name, const char *text);
void json_textf(struct json *j, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Valid UTF-8 that is already safe to show (result of text_escape). */
void json_span(struct json *j, const char *name, struct span text);
/* Bytes from a capture or any other stranger: through text_escape(). */
void json_foreign(struct json *j, const char *name, struct span bytes);
void json_foreign_max(
    struct json *j, const char *name, struct span bytes, size_t max);
/* The member name itself is foreign (mcpcap's transaction ids): escaped. */
void json_object_foreign(struct json *j, struct span name);
void json_array_foreign(struct json *j, struct span name);
void json_uint_foreign(struct json *j, struct span name, uint64_t value);
void json_hex(struct json *j, const char *name, struct span bytes);
/* From here to json_epoch(): an address of no kind or a time that is not
 * known is left out of an object and is null in an array. */
void json_addr(struct json *j, const char *name, const struct addr *a);
void json_endpoint(
    struct json *j, const char *name, const struct addr *a, uint16_t port);
/* ISO 8601 UTC. */
void json_time(struct json *j, const char *name, struct timestamp t);
/* Epoch seconds as a number, with the capture's own decimals. */
void json_epoch(struct json *j, const char *name, struct timestamp t);
/* Nanoseconds as a number of seconds or of milliseconds, exactly. */
void json_seconds(struct json *j, const char *name, int64_t nanoseconds);
void json_ms(struct json *j, const char *name, int64_t nanoseconds);
/* JSON made elsewhere by this writer, put in as it is. */
void json_raw(struct json *j, const char *name, struct span json);
/* Where the caller adds one value, which is then as good as ours. */
struct buf *json_raw_begin(struct json *j, const char *name);

struct json_mark json_mark(const struct json *j);
/* Back to the mark: what was written since is gone. */
void json_rewind(struct json *j, struct json_mark mark);
/* Bytes written so far. */
size_t json_size(const struct json *j);

#endif
