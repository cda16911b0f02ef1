#include "analysis/rows.h"

#include "base/text.h"

#define PIECE ((size_t)240 << 10)      /* leaves at once */
#define MEMORY ((size_t)512 << 20)     /* of rows in one JSON array */
#define TAIL 640        /* bytes left for counts, quality and the like */
#define CURSOR_BYTES 12

void
rows_init(struct rows *r)
{
	memset(r, 0, sizeof(*r));
	r->prefix = span_empty();
	buf_init(&r->buf, MEMORY);
	buf_init(&r->ends, MEMORY);
	json_init(&r->json, &r->buf);
}

void
rows_free(struct rows *r)
{
	buf_free(&r->buf);
	buf_free(&r->ends);
}

bool
rows_wanted(const struct rows *r)
{
	return rows_wanted_after(r, 0);
}

void
rows_restart(struct rows *r, size_t head)
{
	r->matched = r->returned = r->next = 0;
	r->truncated = false;
	buf_cut(&r->buf, head);
	buf_cut(&r->ends, 0);
	json_init(&r->json, &r->buf);
}

/* Counts a match; false: its row is not wanted. */
static bool
rows_match(struct rows *r)
{
	bool wanted = rows_wanted(r);

	if (!wanted && r->matched >= r->skip && !r->truncated) {
		r->truncated = true;
		r->next = r->matched;
	}
	r->matched++;
	return wanted;
}

void
rows_more(struct rows *r, uint64_t matched)
{
	uint64_t next = r->matched > r->skip ? r->matched : r->skip;

	if (!r->truncated && matched > next) {
		r->truncated = true;
		r->next = next;
	}
	if (matched > r->matched)
		r->matched = matched;
}

struct json *
rows_next(struct rows *r)
{
	if (!rows_match(r))
		return NULL;
	if (r->format != ROWS_JSON)
		json_init(&r->json, &r->buf);
	else if (r->returned == 0)
		json_array(&r->json, NULL);
	r->mark = json_mark(&r->json);
	return &r->json;
}

struct buf *
rows_text(struct rows *r)
{
	if (!rows_match(r))
		return NULL;
	r->mark.n = r->buf.n;
	return &r->buf;
}

struct buf *
rows_head(struct rows *r)
{
	return r->format == ROWS_TSV ? &r->buf : NULL;
}

/* Short on the pages after the first. */
size_t
rows_statistics_bytes(const struct rows *r)
{
	if (r->max_bytes == 0)
		return (size_t)4 << 20; /* --all */
	if (r->limit == 0)
		return r->max_bytes * 3 / 4;
	return r->max_bytes * (r->skip > 0 ? 1 : 5) / 10;
}

bool
rows_flush(struct rows *r)
{
	if (r->stopped)
		return false;
	if (r->format == ROWS_JSON || r->buf.n == 0 || r->sink == NULL)
		return true;
	if (!r->sink(r->context, buf_bytes(&r->buf)))
		r->stopped = true;
	buf_cut(&r->buf, 0);
	return !r->stopped;
}

/* Behind the opening brace of the row that begins at `at`. */
static void
prefix_insert(struct rows *r, size_t at)
{
	size_t n = r->prefix.n;
	size_t tail = r->buf.n - at - 1;

	if (n == 0 || r->buf.n <= at + 2)
		return;
	if (buf_room(&r->buf, n) == NULL)
		return;
	memmove(r->buf.p + at + 1 + n, r->buf.p + at + 1, tail);
	memcpy(r->buf.p + at + 1, r->prefix.p, n);
	r->buf.n += n;
}

void
rows_done(struct rows *r)
{
	if (r->format == ROWS_NDJSON)
		prefix_insert(r, r->mark.n);
	if (r->format != ROWS_JSON)
		buf_byte(&r->buf, '\n');
	if (r->max_bytes != 0)
		buf_add(&r->ends, &r->buf.n, sizeof(r->buf.n));
	if (r->buf.full || r->ends.full || (r->max_bytes != 0 &&
	    r->returned != 0 && r->buf.n > r->max_bytes)) {
		if (r->format == ROWS_JSON)
			json_rewind(&r->json, r->mark);
		else
			buf_cut(&r->buf, r->mark.n);
		r->buf.full = false; /* what was before the row is whole */
		r->ends.full = false;
		buf_cut(&r->ends, (size_t)r->returned * sizeof(r->buf.n));
		r->truncated = true;
		r->next = r->matched - 1;
		return;
	}
	r->returned++;
	if (r->max_bytes == 0 && r->format != ROWS_JSON && r->buf.n >= PIECE)
		(void)rows_flush(r);
}

static size_t
row_end(const struct rows *r, uint64_t row)
{
	size_t end;

	memcpy(&end, r->ends.p + (size_t)row * sizeof(end), sizeof(end));
	return end;
}

/* Drops rows until they fit beside the `used` bytes of the answer; one stays
 * in any case, so that whoever follows the cursor gets on. */
static void
rows_settle(struct rows *r, size_t used)
{
	uint64_t n = r->returned;

	if (r->settled)
		return;
	r->settled = true;
	if (r->format != ROWS_JSON || r->max_bytes == 0 || n == 0)
		return;
	while (n > 1 && used + row_end(r, n - 1) + TAIL > r->max_bytes)
		n--;
	if (n == r->returned)
		return;
	r->truncated = true;
	r->next = r->skip + n;
	r->returned = n;
	buf_cut(&r->buf, row_end(r, n - 1));
}

void
rows_report(struct rows *r, struct json *j, const char *name)
{
	if (r->format != ROWS_JSON)
		return;
	rows_settle(r, json_size(j));
	if (r->returned == 0) {
		json_array(j, name);
		json_end(j);
		return;
	}
	buf_byte(&r->buf, ']');
	json_raw(j, name, buf_bytes(&r->buf));
	buf_cut(&r->buf, r->buf.n - 1);
}

static uint64_t
cursor_check(uint64_t seal, uint64_t next)
{
	uint64_t x = seal ^ next * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (x ^ x >> 31) >> 16;
}

/* Six bytes of each, big endian. */
static void
cursor_put(uint8_t *out, uint64_t value)
{
	for (unsigned i = 0; i < CURSOR_BYTES / 2; i++)
		out[i] = (uint8_t)(value >> (40 - 8 * i));
}

static uint64_t
cursor_take(const uint8_t *in)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < CURSOR_BYTES / 2; i++)
		value = value << 8 | in[i];
	return value;
}

__attribute__((cold)) void
rows_counts(struct rows *r, struct json *j, uint64_t seal)
{
	uint8_t bytes[CURSOR_BYTES];

	rows_settle(r, json_size(j));
	json_uint(j, "matched", r->matched);
	json_uint(j, "returned", r->returned);
	json_bool(j, "truncated", r->truncated);
	if (!r->truncated || r->limit == 0)
		return;
	cursor_put(bytes, r->next);
	cursor_put(bytes + CURSOR_BYTES / 2, cursor_check(seal, r->next));
	json_hex(j, "next_cursor", span_of(bytes, sizeof(bytes)));
}

__attribute__((cold)) bool
rows_cursor_read(struct span text, uint64_t seal, uint64_t *next)
{
	struct buf bytes;
	bool good;

	buf_init(&bytes, CURSOR_BYTES);
	good = text_read_hex(text, &bytes) && bytes.n == CURSOR_BYTES &&
	    cursor_take(bytes.p + CURSOR_BYTES / 2) ==
	    cursor_check(seal, cursor_take(bytes.p));
	if (good)
		*next = cursor_take(bytes.p);
	buf_free(&bytes);
	return good;
}
