/* Headers out of their rows: fields, lengths, checksums. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "build/row.h"

/* A header while it is written. */
struct head {
	const struct layers *layers;
	size_t at; /* which of them */
	struct bytes out;
	unsigned bits; /* of a byte begun, and how many */
	unsigned n_bits;
	const struct bytes *rest;
	size_t sum_at, sum_width;
	size_t patch_at, patch_width; /* for @head4, after opt is known */
	unsigned patch_shift;
	size_t all_at;
	bool has_all;
};

static void
put_bits(struct head *h, uint64_t value, unsigned n)
{
	while (n-- > 0) {
		h->bits = h->bits << 1 | (unsigned)(value >> n & 1);
		if (++h->n_bits < 8)
			continue;
		bytes_uint(&h->out, h->bits, 1, true);
		h->bits = h->n_bits = 0;
	}
}

static uint64_t
tcp_flags(const char *text)
{
	static const char letters[] = "FSRPAUEC";
	uint64_t flags = 0;

	if (*text >= '0' && *text <= '9')
		return number_of(text);
	for (; *text != '\0'; text++) {
		const char *at = strchr(letters, *text);

		if (at == NULL)
			fail("unknown TCP flag %c", *text);
		flags |= (uint64_t)1 << (at - letters);
	}
	return flags;
}

/* Number of the layer behind this one; 0 where it has none. */
static uint64_t
next_number(const struct head *h)
{
	const struct row *row = h->layers->at[h->at].row;
	const struct row *next;

	if (h->at + 1 == h->layers->n ||
	    h->layers->at[h->at + 1].row->kind != HEADER)
		return row->space == PROTO ? 59 : 0;
	next = h->layers->at[h->at + 1].row;
	if (strcmp(row->name, "gre") != 0 && strcmp(next->name, "eth") == 0)
		return row->space == PROTO ? 143 : 0x6558;
	return next->number[row->space];
}

static uint64_t
computed(struct head *h, const char *what)
{
	const struct layers *l = h->layers;

	if (strcmp(what, "next") == 0)
		return next_number(h);
	if (strcmp(what, "rest") == 0)
		return h->rest->n;
	if (strcmp(what, "last") == 0)
		return h->at + 1 == l->n ||
		    l->at[h->at + 1].row != l->at[h->at].row;
	/* The rest needs the whole header: see header_finish(). */
	return 0;
}

static void
put_address(struct head *h, const char *value, int family)
{
	uint8_t raw[16];

	if (inet_pton(family, value, raw) != 1)
		fail("'%s' is not an address", value);
	bytes_add(&h->out, raw, family == AF_INET ? 4 : 16);
}

static void
put_hex(struct head *h, const char *value, const char *type)
{
	struct bytes hex = { 0 };

	bytes_hex(&hex, value);
	bytes_align(&hex, strtoul(type, NULL, 10));
	bytes_join(&h->out, &hex);
}

static void
put_number(
    struct head *h, const char *name, const char *type, const char *value)
{
	char *end;
	unsigned bits = (unsigned)strtoul(type, &end, 10);
	bool little = strcmp(end, "le") == 0;
	uint64_t number;

	if (*value == '@')
		number = computed(h, value + 1);
	else if (strcmp(h->layers->at[h->at].row->name, "tcp") == 0 &&
	    strcmp(name, "flags") == 0)
		number = tcp_flags(value);
	else
		number = number_of(value);
	if (little)
		bytes_uint(&h->out, number, bits / 8, false);
	else
		put_bits(h, number, bits);
}

/* Remembers where what is not known yet has to go. */
static void
note_place(struct head *h, const char *type, const char *value)
{
	size_t bits = strtoul(type, NULL, 10);

	if (strcmp(value, "@sum") == 0) {
		h->sum_at = h->out.n;
		h->sum_width = bits / 8;
	} else if (strcmp(value, "@head4") == 0) {
		h->patch_at = h->out.n;
		h->patch_width = 1;
		h->patch_shift = h->n_bits == 0 ? 4 : 0;
	} else if (strcmp(value, "@words8") == 0) {
		h->patch_at = h->out.n;
		h->patch_width = 8;
	} else if (strcmp(value, "@all") == 0) {
		h->all_at = h->out.n;
		h->has_all = true;
	}
}

static void
patch_all_lengths(struct head *h, size_t at, size_t all)
{
	h->out.p[at] = (uint8_t)(all >> 8);
	h->out.p[at + 1] = (uint8_t)all;
}

/* "name:type=default" taken apart. */
struct field {
	char *name, *type;
	const char *value; /* as the layer's line has it, else the default */
};

static struct field
field_split(char *text, const struct words *w)
{
	struct field f = { .name = text };
	char *equals;

	f.type = strchr(text, ':');
	*f.type++ = '\0';
	f.value = strncmp(f.type, "bytes", 5) == 0 ? "" : "0";
	equals = strchr(f.type, '=');
	if (equals != NULL) {
		*equals = '\0';
		f.value = equals + 1;
	}
	f.value = words_text(w, f.name, f.value);
	return f;
}

static void
put_field(struct head *h, const struct field *f)
{
	note_place(h, f->type, f->value);
	if (strcmp(f->type, "ip") == 0)
		put_address(h, f->value, AF_INET);
	else if (strcmp(f->type, "ip6") == 0)
		put_address(h, f->value, AF_INET6);
	else if (strcmp(f->type, "mac") == 0)
		put_hex(h, f->value, "1");
	else if (strncmp(f->type, "bytes", 5) == 0)
		put_hex(h, f->value, f->type + 5);
	else
		put_number(h, f->name, f->type, f->value);
}

/* Writes the fields of the row, each with its value or default. */
static void
put_fields(struct head *h)
{
	const struct layer *layer = &h->layers->at[h->at];
	char *fields = strdup(layer->row->fields), *save = NULL;
	char *text = strtok_r(fields, " ", &save);
	struct bytes known = { 0 };

	for (; text != NULL; text = strtok_r(NULL, " ", &save)) {
		struct field f = field_split(text, &layer->words);

		put_field(h, &f);
		bytes_add(&known, f.name, strlen(f.name));
		bytes_add(&known, " ", 1);
	}
	bytes_add(&known, "pad trailer", 12);
	words_allow(&layer->words, (const char *)known.p);
	if (h->patch_width == 1)
		h->out.p[h->patch_at] |=
		    (uint8_t)(h->out.n / 4 << h->patch_shift);
	if (h->patch_width == 8)
		h->out.p[h->patch_at] = (uint8_t)(h->out.n / 8 - 1);
	if (h->has_all)
		patch_all_lengths(h, h->all_at, h->out.n + h->rest->n);
}

static uint16_t
sum_of(const struct bytes *b)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < b->n; i++)
		sum += i % 2 == 0 ? (uint64_t)b->p[i] << 8 : b->p[i];
	while (sum > 0xffff)
		sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)~sum;
}

static uint32_t
crc32c(const struct bytes *b)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < b->n; i++) {
		crc ^= b->p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* Addresses, protocol and length of the nearest IP header before. */
static void
pseudo_header(const struct head *h, struct bytes *b)
{
	static const char *const ends[] = { "src", "dst" };
	const struct row *row = h->layers->at[h->at].row;
	size_t i = h->at;
	bool six;

	do {
		if (i-- == 0)
			fail("%s without ip or ip6 before it", row->name);
		six = strcmp(h->layers->at[i].row->name, "ip6") == 0;
	} while (!six && strcmp(h->layers->at[i].row->name, "ip") != 0);
	for (size_t k = 0; k < 2; k++) {
		struct head address = { 0 };
		const char *initial = k == 0 ? "10.0.0.1" : "10.0.0.2";

		if (six)
			initial = k == 0 ? "2001:db8::1" : "2001:db8::2";
		put_address(&address,
		    words_text(&h->layers->at[i].words, ends[k], initial),
		    six ? AF_INET6 : AF_INET);
		bytes_join(b, &address.out);
	}
	bytes_uint(b, row->number[PROTO], six ? 4 : 2, true);
	bytes_uint(b, h->out.n + h->rest->n, six ? 4 : 2, true);
}

static void
put_sum(struct head *h)
{
	const struct row *row = h->layers->at[h->at].row;
	struct bytes b = { 0 };
	uint64_t sum;

	if (row->sum == SUM_PSEUDO)
		pseudo_header(h, &b);
	bytes_join(&b, &h->out);
	if (row->sum != SUM_HEADER)
		bytes_join(&b, h->rest);
	if (row->sum == SUM_CRC32C) {
		sum = crc32c(&b);
	} else {
		sum = sum_of(&b);
		if (sum == 0 && strncmp(row->name, "udp", 3) == 0)
			sum = 0xffff;
	}
	for (size_t i = 0; i < h->sum_width; i++) {
		size_t shift =
		    row->sum == SUM_CRC32C ? 8 * i : 8 * (h->sum_width - 1 - i);

		h->out.p[h->sum_at + i] = (uint8_t)(sum >> shift);
	}
}

struct bytes
header_build(const struct layers *l, size_t at, const struct bytes *rest)
{
	struct head h = { .layers = l, .at = at, .rest = rest };
	const struct words *w = &l->at[at].words;
	uint64_t pad;

	put_fields(&h);
	if (h.sum_width != 0)
		put_sum(&h);
	bytes_join(&h.out, rest);
	pad = words_uint(w, "pad", 0);
	if (h.out.n < pad)
		bytes_fill(&h.out, 0, pad - h.out.n);
	bytes_hex(&h.out, words_text(w, "trailer", ""));
	return h.out;
}
