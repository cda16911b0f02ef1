#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "build/fixture.h"

enum {
	MAGIC_MICRO = 0xa1b2c3d4,
	MAGIC_NANO = 0xa1b23c4d,
	MAGIC_MODIFIED = 0xa1b2cd34,
};

static void
put(struct file *f, uint64_t value, size_t n)
{
	bytes_uint(&f->out, value, n, f->big);
}

void
file_pcap(struct file *f, const struct words *w)
{
	uint32_t magic = MAGIC_MICRO;

	words_allow(w,
	    "big nano modified magic major minor zone sigfigs "
	    "snaplen link");
	f->pcapng = false;
	f->big = words_have(w, "big");
	f->nano = words_have(w, "nano");
	f->modified = words_have(w, "modified");
	if (f->nano)
		magic = MAGIC_NANO;
	if (f->modified)
		magic = MAGIC_MODIFIED;
	put(f, words_uint(w, "magic", magic), 4);
	put(f, words_uint(w, "major", 2), 2);
	put(f, words_uint(w, "minor", 4), 2);
	put(f, words_uint(w, "zone", 0), 4);
	put(f, words_uint(w, "sigfigs", 0), 4);
	put(f, words_uint(w, "snaplen", 262144), 4);
	put(f, words_uint(w, "link", 1), 4);
}

/* Captured and claimed lengths as the words want them; 0 bytes are 0. */
struct lengths {
	uint64_t have, caplen, len;
};

static struct lengths
lengths_of(const struct words *w, const struct bytes *body)
{
	struct lengths n;

	n.have = words_uint(w, "snap", body->n);
	if (n.have > body->n)
		n.have = body->n;
	n.caplen = words_uint(w, "caplen", n.have);
	n.len = words_uint(w, "len", body->n);
	return n;
}

static void
pcap_record(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct lengths n = lengths_of(w, body);
	uint32_t fraction = time.nanoseconds / (f->nano ? 1 : 1000);

	put(f, (uint64_t)time.seconds, 4);
	put(f, words_uint(w, "fraction", fraction), 4);
	put(f, n.caplen, 4);
	put(f, n.len, 4);
	if (f->modified) {
		put(f, words_uint(w, "index", 0), 4);
		put(f, words_uint(w, "protocol", 0), 2);
		put(f, words_uint(w, "kind", 0), 1);
		put(f, 0, 1);
	}
	bytes_add(&f->out, body->p, n.have);
}

/* pcapng: where a block begins and where its options do. */
struct block {
	size_t at, options;
	const struct words *words;
};

static struct block
block_begin(struct file *f, const struct words *w, uint64_t type)
{
	struct block b = { f->out.n, 0, w };

	put(f, words_uint(w, "type", type), 4);
	put(f, 0, 4);
	return b;
}

static void
block_end(struct file *f, const struct block *b)
{
	struct bytes total = { 0 };
	uint64_t n;

	bytes_align(&f->out, 4);
	n = f->out.n - b->at + 4;
	put(f, words_uint(b->words, "trailing", n), 4);
	bytes_uint(&total, words_uint(b->words, "total", n), 4, f->big);
	memcpy(f->out.p + b->at + 4, total.p, 4);
}

static void
option(struct file *f, unsigned code, const void *p, size_t n)
{
	put(f, code, 2);
	put(f, n, 2);
	bytes_add(&f->out, p, n);
	bytes_align(&f->out, 4);
}

static void
option_text(struct file *f, struct block *b, const char *key, unsigned code)
{
	for (size_t i = 1; i < b->words->n; i++) {
		const struct word *word = &b->words->at[i];

		if (strcmp(word->key, key) != 0 || word->value == NULL)
			continue;
		option(f, code, word->value, word->n);
		b->options++;
	}
}

static void
option_uint(
    struct file *f, struct block *b, const char *key, unsigned code, size_t n)
{
	struct bytes value = { 0 };

	if (!words_have(b->words, key))
		return;
	bytes_uint(&value, words_uint(b->words, key, 0), n, f->big);
	option(f, code, value.p, n);
	b->options++;
}

/* options=HEX as it is, then the end of options unless "noend". */
static void
options_end(struct file *f, struct block *b)
{
	struct bytes raw = { 0 };

	bytes_hex(&raw, words_text(b->words, "options", ""));
	bytes_join(&f->out, &raw);
	if ((b->options > 0 || raw.n > 0) && !words_have(b->words, "noend"))
		put(f, 0, 4);
}

static uint64_t
ticks_of(
    const struct file *f, const struct words *w, uint64_t i, struct time time)
{
	uint8_t resolution = i < f->interfaces ? f->tsresol[i % 64] : 6;
	uint64_t second = 1;
	uint64_t offset = i < f->interfaces ? (uint64_t)f->tsoffset[i % 64] : 0;

	for (int k = 0; k < (resolution & 0x7f) && k < 63; k++)
		second *= resolution & 0x80 ? 2 : 10;
	return words_uint(w, "ticks",
	    ((uint64_t)time.seconds - offset) * second +
		(uint64_t)((__uint128_t)time.nanoseconds * second /
		    1000000000));
}

static void
put_ticks(struct file *f, uint64_t ticks)
{
	put(f, ticks >> 32, 4);
	put(f, ticks, 4);
}

static void
shb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b;

	(void)time;
	f->pcapng = true;
	f->big = words_have(w, "big");
	f->interfaces = 0;
	b = block_begin(f, w, 0x0a0d0d0a);
	put(f, words_uint(w, "magic", 0x1a2b3c4d), 4);
	put(f, words_uint(w, "major", 1), 2);
	put(f, words_uint(w, "minor", 0), 2);
	put(f, words_uint(w, "length", UINT64_MAX), 8);
	option_text(f, &b, "hardware", 2);
	option_text(f, &b, "os", 3);
	option_text(f, &b, "application", 4);
	option_text(f, &b, "comment", 1);
	options_end(f, &b);
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
idb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b = block_begin(f, w, 1);
	uint32_t i = f->interfaces++ % 64;

	(void)time;
	f->tsresol[i] = (uint8_t)words_uint(w, "tsresol", 6);
	f->tsoffset[i] = (int64_t)words_uint(w, "tsoffset", 0);
	put(f, words_uint(w, "link", 1), 2);
	put(f, 0, 2);
	put(f, words_uint(w, "snaplen", 0), 4);
	option_text(f, &b, "name", 2);
	option_text(f, &b, "description", 3);
	if (words_have(w, "filter")) {
		struct bytes filter = { 0 };

		bytes_fill(&filter, 0, 1);
		bytes_add(&filter, words_find(w, "filter")->value,
		    words_find(w, "filter")->n);
		option(f, 11, filter.p, filter.n);
		b.options++;
	}
	option_uint(f, &b, "tsresol", 9, 1);
	option_uint(f, &b, "tsoffset", 14, 8);
	option_text(f, &b, "os", 12);
	option_text(f, &b, "hardware", 15);
	option_uint(f, &b, "fcslen", 13, 1);
	option_text(f, &b, "comment", 1);
	options_end(f, &b);
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
packet_options(
    struct file *f, struct block *b, const struct bytes *body, size_t have)
{
	bytes_add(&f->out, body->p, have);
	bytes_align(&f->out, 4);
	option_text(f, b, "comment", 1);
	option_uint(f, b, "pflags", 2, 4);
	option_uint(f, b, "drops", 4, 8);
	options_end(f, b);
	block_end(f, b);
}

static void
epb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct lengths n = lengths_of(w, body);
	uint64_t interface = words_uint(w, "interface", 0);
	struct block b = block_begin(f, w, 6);

	put(f, interface, 4);
	put_ticks(f, ticks_of(f, w, interface, time));
	put(f, n.caplen, 4);
	put(f, n.len, 4);
	packet_options(f, &b, body, n.have);
}

static void
pb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct lengths n = lengths_of(w, body);
	uint64_t interface = words_uint(w, "interface", 0);
	struct block b = block_begin(f, w, 2);

	put(f, interface, 2);
	put(f, words_uint(w, "drop", 0xffff), 2);
	put_ticks(f, ticks_of(f, w, interface, time));
	put(f, n.caplen, 4);
	put(f, n.len, 4);
	packet_options(f, &b, body, n.have);
}

static void
spb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct lengths n = lengths_of(w, body);
	struct block b = block_begin(f, w, 3);

	(void)time;
	put(f, n.len, 4);
	bytes_add(&f->out, body->p, n.have);
	block_end(f, &b);
}

static void
isb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	uint64_t interface = words_uint(w, "interface", 0);
	struct block b = block_begin(f, w, 5);

	(void)body;
	put(f, interface, 4);
	put_ticks(f, ticks_of(f, w, interface, time));
	option_uint(f, &b, "received", 4, 8);
	option_uint(f, &b, "dropped", 5, 8);
	option_uint(f, &b, "accepted", 6, 8);
	option_uint(f, &b, "osdropped", 7, 8);
	option_uint(f, &b, "delivered", 8, 8);
	option_text(f, &b, "comment", 1);
	options_end(f, &b);
	block_end(f, &b);
}

static void
nrb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b = block_begin(f, w, 4);

	(void)time;
	for (size_t i = 1; i < w->n; i++) {
		const struct word *word = &w->at[i];
		uint8_t address[16];
		bool six = inet_pton(AF_INET6, word->key, address) == 1;

		if (!six && inet_pton(AF_INET, word->key, address) != 1)
			continue;
		put(f, six ? 2 : 1, 2);
		put(f, (six ? 16 : 4) + word->n + 1, 2);
		bytes_add(&f->out, address, six ? 16 : 4);
		bytes_add(&f->out, word->value, word->n);
		bytes_fill(&f->out, 0, 1);
		bytes_align(&f->out, 4);
	}
	put(f, 0, 4);
	option_text(f, &b, "comment", 1);
	options_end(f, &b);
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
dsb(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b = block_begin(f, w, 10);

	(void)time;
	put(f, words_uint(w, "secrets", 0x544c534b), 4);
	put(f, words_uint(w, "len", body->n), 4);
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
custom(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b = block_begin(f, w, 0xbad);

	(void)time;
	put(f, words_uint(w, "pen", 32473), 4);
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
other(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	struct block b = block_begin(f, w, 0x7fff0000);

	(void)time;
	bytes_join(&f->out, body);
	block_end(f, &b);
}

static void
raw(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	(void)w;
	(void)time;
	bytes_join(&f->out, body);
}

#define PACKET_WORDS                                                           \
	"time lost len caplen snap fraction index protocol kind interface "    \
	"ticks comment pflags drops "
#define BLOCK_WORDS "total trailing type options noend "

static const struct {
	const char *name;
	void (*write)(struct file *, const struct words *, const struct bytes *,
	    struct time);
	const char *words; /* NULL: the block looks itself */
} blocks[] = {
	{ "packet", file_packet, PACKET_WORDS BLOCK_WORDS },
	{ "shb", shb,
	    BLOCK_WORDS "big hardware os application comment length "
			"magic major minor" },
	{ "idb", idb,
	    BLOCK_WORDS "link snaplen name description filter os "
			"hardware comment tsresol tsoffset fcslen" },
	{ "epb", epb, PACKET_WORDS BLOCK_WORDS },
	{ "pb", pb, PACKET_WORDS BLOCK_WORDS "drop" },
	{ "spb", spb, PACKET_WORDS BLOCK_WORDS },
	{ "isb", isb,
	    BLOCK_WORDS "time interface ticks received dropped "
			"accepted osdropped delivered comment" },
	{ "nrb", nrb, NULL },
	{ "dsb", dsb, BLOCK_WORDS "secrets len" },
	{ "custom", custom, BLOCK_WORDS "pen" },
	{ "block", other, BLOCK_WORDS },
	{ "raw", raw, "" },
};

void
file_packet(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	if (f->pcapng)
		epb(f, w, body, time);
	else
		pcap_record(f, w, body, time);
}

bool
file_is_block(const char *name)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (strcmp(blocks[i].name, name) == 0)
			return true;
	return false;
}

void
file_block(struct file *f, const struct words *w, const struct bytes *body,
    struct time time)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (strcmp(blocks[i].name, w->at[0].key) != 0)
			continue;
		if (blocks[i].words != NULL)
			words_allow(w, blocks[i].words);
		blocks[i].write(f, w, body, time);
	}
}
