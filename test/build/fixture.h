#ifndef TEST_BUILD_FIXTURE_H
#define TEST_BUILD_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The fixture builder shares no code with the program that its captures
 * test.  It is a tool for trusted input: it stops at the first mistake, and
 * what it allocates lives until it ends.
 */

/* Growing bytes. */
struct bytes {
	uint8_t *p;
	size_t n, size;
};

void bytes_add(struct bytes *b, const void *p, size_t n);
/* The low `n` bytes of `value`. */
void bytes_uint(struct bytes *b, uint64_t value, size_t n, bool big);
void bytes_fill(struct bytes *b, int byte, size_t n);
void bytes_join(struct bytes *b, const struct bytes *other);
/* Fills up with zeros to a multiple of `n`. */
void bytes_align(struct bytes *b, size_t n);
/* Hex digits, with or without ':', '.', '-' and '_' between them. */
void bytes_hex(struct bytes *b, const char *hex);

/* A word of a line: "text", key=value or key="text". */
struct word {
	char *key;   /* "" for a quoted text that stands alone */
	char *value; /* NULL when there is none; ends with NUL */
	size_t n;    /* bytes of the value, which may hold NUL as well */
};

#define WORDS_MAX 256

struct words {
	struct word at[WORDS_MAX];
	size_t n;
};

struct time {
	int64_t seconds;
	uint32_t nanoseconds;
};

/* Prints file, line and the message, and exits. */
_Noreturn void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
void fail_at(const char *file, unsigned line);

/* Splits; the text is changed and must stay. */
void words_split(struct words *w, char *text);
const struct word *words_find(const struct words *w, const char *key);
bool words_have(const struct words *w, const char *key);
const char *words_text(
    const struct words *w, const char *key, const char *otherwise);
uint64_t words_uint(const struct words *w, const char *key, uint64_t otherwise);
/* Stops at a word with a value whose key is not in the list. */
void words_allow(const struct words *w, const char *list);
/* Sums and products of decimal, 0x and negative numbers: 40000+2*$i. */
uint64_t number_of(const char *text);
/* 2024-01-01T00:00:00.5Z, 1704067200.25, or +0.001 after `last`. */
struct time time_of(const char *text, struct time last);

/* A line of a packet's content: header, payload or group. */
#define LAYERS_MAX 512

struct layer {
	const struct row *row;
	struct words words;
};

struct layers {
	struct layer *at;
	size_t n;
};

/* False when the first word is not a layer's name. */
bool layers_add(struct layers *l, const struct words *w);
/* The layers from number `first` on as bytes. */
struct bytes layers_build(const struct layers *l, size_t first);

/* The file under construction. */
struct file {
	struct bytes out;
	bool big, nano, modified;
	bool pcapng;
	uint32_t interfaces;
	uint8_t tsresol[64];
	int64_t tsoffset[64];
	size_t member;       /* where the current gzip member begins */
	struct words gzip;   /* words of the gzip line, n = 0: plain */
	struct bytes packed; /* members before */
};

void file_pcap(struct file *f, const struct words *w);
/* True when the first word names a block; `body` are its layers' bytes. */
bool file_is_block(const char *name);
void file_block(struct file *f, const struct words *w, const struct bytes *body,
    struct time time);
/* A packet in the form of the file: pcap record or EPB. */
void file_packet(struct file *f, const struct words *w,
    const struct bytes *body, struct time time);
/* Ends a gzip member. */
void file_member(struct file *f);

#endif
