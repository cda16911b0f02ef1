#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "build/fixture.h"

/* Where the number of the next layer is looked up. */
enum space {
	ETHER = 1, /* ether types */
	PROTO,     /* IP protocol numbers */
	PPP,
	SPACES,
};

enum sum {
	SUM_NONE,
	SUM_HEADER, /* over the header: IPv4 */
	SUM_ALL,    /* over all: ICMP, IGMP */
	SUM_PSEUDO, /* with the pseudo header: TCP, UDP, ICMPv6 */
	SUM_CRC32C, /* SCTP */
};

enum kind {
	HEADER,
	TEXT,
	HEX,
	NUMBER,
	FILL,
	NAME,
	GROUP,
	CLOSE,
};

/*
 * A header is drawn as its fields: name:type=default.  The type is a number
 * of bits, with "le" when little endian, or mac, ip, ip6, bytesN (hex, any
 * length, padded to a multiple of N).  What a default of @... means is in
 * computed().
 */
struct row {
	const char *name;
	const char *fields;
	enum space space;
	uint16_t number[SPACES];
	enum sum sum;
	enum kind kind;
	size_t width; /* bytes of a NUMBER or of a GROUP's length */
	bool little;
};

static const struct row rows[] = {
	{ "eth",
	    .fields = "dst:mac=02:00:00:00:00:02 src:mac=02:00:00:00:00:01 "
		      "type:16=@next",
	    .space = ETHER, .number = { [ETHER] = 0x6558 } },
	{ "eth8023",
	    .fields = "dst:mac=01:80:c2:00:00:00 src:mac=02:00:00:00:00:01 "
		      "len:16=@rest" },
	{ "llc", .fields = "dsap:8=0x42 ssap:8=0x42 control:8=3" },
	{ "snap",
	    .fields =
		"dsap:8=0xaa ssap:8=0xaa control:8=3 oui:24 type:16=@next",
	    .space = ETHER },
	{ "vlan", .fields = "pcp:3 dei:1 id:12=1 type:16=@next", .space = ETHER,
	    .number = { [ETHER] = 0x8100 } },
	{ "qinq", .fields = "pcp:3 dei:1 id:12=1 type:16=@next", .space = ETHER,
	    .number = { [ETHER] = 0x88a8 } },
	{ "mpls", .fields = "label:20=16 tc:3 bottom:1=@last ttl:8=64",
	    .number = { [ETHER] = 0x8847, [PROTO] = 137, [PPP] = 0x281 } },
	{ "pppoe",
	    .fields = "version:4=1 type:4=1 code:8 session:16=1 len:16=@rest",
	    .number = { [ETHER] = 0x8864 } },
	{ "ppp", .fields = "proto:16=@next", .space = PPP },
	{ "chdlc", .fields = "address:8=0x0f control:8 type:16=@next",
	    .space = ETHER },
	{ "sll",
	    .fields = "kind:16 hardware:16=1 size:16=6 "
		      "address:mac=02:00:00:00:00:01 pad:16 type:16=@next",
	    .space = ETHER },
	{ "sll2",
	    .fields = "type:16=@next mbz:16 index:32=1 hardware:16=1 kind:8 "
		      "size:8=6 address:mac=02:00:00:00:00:01 pad:16",
	    .space = ETHER },
	{ "null", .fields = "family:32le=2" },
	{ "loop", .fields = "family:32=2" },
	{ "radiotap", .fields = "version:8 pad:8 len:16le=8 present:32le" },
	{ "wifi",
	    .fields = "type:8=8 flags:8=1 duration:16 "
		      "a1:mac=02:00:00:00:00:02 a2:mac=02:00:00:00:00:01 "
		      "a3:mac=02:00:00:00:00:02 sequence:16 opt:bytes1" },
	{ "arp",
	    .fields = "hardware:16=1 proto:16=0x800 hlen:8=6 plen:8=4 op:16=1 "
		      "smac:mac=02:00:00:00:00:01 src:ip=10.0.0.1 "
		      "tmac:mac=00:00:00:00:00:00 dst:ip=10.0.0.2",
	    .number = { [ETHER] = 0x806 } },
	{ "ip",
	    .fields =
		"version:4=4 head:4=@head4 tos:8 len:16=@all id:16 flags:3 "
		"offset:13 ttl:8=64 proto:8=@next sum:16=@sum src:ip=10.0.0.1 "
		"dst:ip=10.0.0.2 opt:bytes4",
	    .space = PROTO, .sum = SUM_HEADER,
	    .number = { [ETHER] = 0x800, [PROTO] = 4, [PPP] = 0x21 } },
	{ "ip6",
	    .fields = "version:4=6 class:8 label:20 len:16=@rest next:8=@next "
		      "hops:8=64 src:ip6=2001:db8::1 dst:ip6=2001:db8::2",
	    .space = PROTO,
	    .number = { [ETHER] = 0x86dd, [PROTO] = 41, [PPP] = 0x57 } },
	{ "hop", .fields = "next:8=@next len:8=@words8 opt:bytes1=010400000000",
	    .space = PROTO, .number = { [PROTO] = 0 } },
	{ "dstopt",
	    .fields = "next:8=@next len:8=@words8 opt:bytes1=010400000000",
	    .space = PROTO, .number = { [PROTO] = 60 } },
	{ "route",
	    .fields = "next:8=@next len:8=@words8 type:8 left:8 "
		      "opt:bytes1=00000000",
	    .space = PROTO, .number = { [PROTO] = 43 } },
	{ "frag", .fields = "next:8=@next res:8 offset:13 res2:2 more:1 id:32",
	    .space = PROTO, .number = { [PROTO] = 44 } },
	{ "ah",
	    .fields = "next:8=@next len:8=4 res:16 spi:32=1 seq:32=1 "
		      "icv:bytes1=000000000000000000000000",
	    .space = PROTO, .number = { [PROTO] = 51 } },
	{ "esp", .fields = "spi:32=1 seq:32=1", .number = { [PROTO] = 50 } },
	{ "tcp",
	    .fields =
		"sport:16=40000 dport:16=80 seq:32 ack:32 head:4=@head4 "
		"flags:12=A window:16=65535 sum:16=@sum urgent:16 opt:bytes4",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 6 } },
	{ "udp", .fields = "sport:16=40000 dport:16=53 len:16=@all sum:16=@sum",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 17 } },
	{ "udplite",
	    .fields = "sport:16=40000 dport:16=53 coverage:16 sum:16=@sum",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 136 } },
	{ "sctp",
	    .fields = "sport:16=40000 dport:16=2905 tag:32=1 sum:32le=@sum",
	    .sum = SUM_CRC32C, .number = { [PROTO] = 132 } },
	{ "chunk", .fields = "type:8 flags:8=3 len:16=@all" },
	{ "icmp", .fields = "type:8=8 code:8 sum:16=@sum id:16 seq:16",
	    .sum = SUM_ALL, .number = { [PROTO] = 1 } },
	{ "icmp6", .fields = "type:8=128 code:8 sum:16=@sum id:16 seq:16",
	    .sum = SUM_PSEUDO, .number = { [PROTO] = 58 } },
	{ "igmp",
	    .fields = "type:8=0x16 time:8 sum:16=@sum group:ip=224.0.0.251",
	    .sum = SUM_ALL, .number = { [PROTO] = 2 } },
	{ "gre", .fields = "flags:16 proto:16=@next opt:bytes4", .space = ETHER,
	    .number = { [PROTO] = 47 } },
	{ "vxlan", .fields = "flags:8=8 res:24 vni:24=1 res2:8" },
	{ "geneve",
	    .fields = "version:2 words:6 flags:8 proto:16=@next vni:24=1 res:8 "
		      "opt:bytes4",
	    .space = ETHER },
	{ "gtpu",
	    .fields = "flags:8=0x30 type:8=255 len:16=@rest teid:32=1 "
		      "opt:bytes1" },
	{ "l2tp", .fields = "flags:16=0x0002 tunnel:16=1 session:16=1" },

	{ "text", .kind = TEXT },
	{ "hex", .kind = HEX },
	{ "fill", .kind = FILL },
	{ "name", .kind = NAME },
	{ "u8", .kind = NUMBER, .width = 1 },
	{ "be16", .kind = NUMBER, .width = 2 },
	{ "be24", .kind = NUMBER, .width = 3 },
	{ "be32", .kind = NUMBER, .width = 4 },
	{ "be64", .kind = NUMBER, .width = 8 },
	{ "le16", .kind = NUMBER, .width = 2, .little = true },
	{ "le32", .kind = NUMBER, .width = 4, .little = true },
	{ "le64", .kind = NUMBER, .width = 8, .little = true },
	{ "(", .kind = GROUP, .width = 0 },
	{ "len8", .kind = GROUP, .width = 1 },
	{ "len16", .kind = GROUP, .width = 2 },
	{ "len24", .kind = GROUP, .width = 3 },
	{ "len32", .kind = GROUP, .width = 4 },
	{ "le16len", .kind = GROUP, .width = 2, .little = true },
	{ "le32len", .kind = GROUP, .width = 4, .little = true },
	{ ")", .kind = CLOSE },
};

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

	if (h->at + 1 == h->layers->n)
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
	}
}

static void
patch_all_lengths(struct head *h, size_t at, size_t all)
{
	h->out.p[at] = (uint8_t)(all >> 8);
	h->out.p[at + 1] = (uint8_t)all;
}

/* Writes the fields of the row, each with its value or default. */
static void
put_fields(struct head *h)
{
	const struct layer *layer = &h->layers->at[h->at];
	char *fields = strdup(layer->row->fields), *save = NULL;
	size_t all_at = 0;
	bool has_all = false;

	for (char *f = strtok_r(fields, " ", &save); f != NULL;
	     f = strtok_r(NULL, " ", &save)) {
		char *type = strchr(f, ':'), *value;

		*type++ = '\0';
		value = strchr(type, '=');
		if (value != NULL)
			*value++ = '\0';
		value = (char *)words_text(&layer->words, f,
		    value != NULL                        ? value
			: strncmp(type, "bytes", 5) == 0 ? ""
							 : "0");
		note_place(h, type, value);
		if (strcmp(value, "@all") == 0) {
			all_at = h->out.n;
			has_all = true;
		}
		if (strcmp(type, "ip") == 0)
			put_address(h, value, AF_INET);
		else if (strcmp(type, "ip6") == 0)
			put_address(h, value, AF_INET6);
		else if (strcmp(type, "mac") == 0)
			put_hex(h, value, "1");
		else if (strncmp(type, "bytes", 5) == 0)
			put_hex(h, value, type + 5);
		else
			put_number(h, f, type, value);
	}
	if (h->patch_width == 1)
		h->out.p[h->patch_at] |=
		    (uint8_t)(h->out.n / 4 << h->patch_shift);
	if (h->patch_width == 8)
		h->out.p[h->patch_at] = (uint8_t)(h->out.n / 8 - 1);
	if (has_all)
		patch_all_lengths(h, all_at, h->out.n + h->rest->n);
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

static struct bytes
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

static void
name_build(struct bytes *out, const struct words *w)
{
	for (size_t i = 1; i < w->n; i++) {
		const char *p =
		    w->at[i].value != NULL ? w->at[i].value : w->at[i].key;

		while (*p != '\0') {
			size_t n = strcspn(p, ".");

			bytes_uint(out, n, 1, true);
			bytes_add(out, p, n);
			p += n + (p[n] == '.');
		}
		bytes_fill(out, 0, 1);
	}
}

static void
payload_build(struct bytes *out, const struct layer *layer)
{
	const struct words *w = &layer->words;

	if (layer->row->kind == NAME) {
		name_build(out, w);
		return;
	}
	if (layer->row->kind == FILL) {
		if (w->n != 3)
			fail("fill BYTE COUNT");
		bytes_fill(
		    out, (int)number_of(w->at[1].key), number_of(w->at[2].key));
		return;
	}
	for (size_t i = 1; i < w->n; i++) {
		const struct word *word = &w->at[i];

		if (layer->row->kind == TEXT)
			bytes_add(out, word->value, word->n);
		else if (layer->row->kind == HEX)
			bytes_hex(out, word->key);
		else
			bytes_uint(out, number_of(word->key), layer->row->width,
			    !layer->row->little);
	}
}

static size_t
group_end(const struct layers *l, size_t at)
{
	size_t depth = 0;

	for (size_t i = at; i < l->n; i++) {
		if (l->at[i].row->kind == GROUP)
			depth++;
		if (l->at[i].row->kind == CLOSE && --depth == 0)
			return i;
	}
	fail("%s is not closed by )", l->at[at].row->name);
}

struct bytes
layers_build(const struct layers *l, size_t first)
{
	struct bytes out = { 0 };

	for (size_t i = first; i < l->n; i++) {
		const struct row *row = l->at[i].row;

		if (row->kind == HEADER) {
			struct bytes rest = layers_build(l, i + 1);
			struct bytes all = header_build(l, i, &rest);

			bytes_join(&out, &all);
			return out;
		}
		if (row->kind == GROUP) {
			size_t end = group_end(l, i);
			struct layers inner = { l->at, end };
			struct bytes body = layers_build(&inner, i + 1);

			bytes_uint(&out,
			    body.n + words_uint(&l->at[i].words, "add", 0),
			    row->width, !row->little);
			bytes_join(&out, &body);
			i = end;
			continue;
		}
		if (row->kind == CLOSE)
			fail(") closes nothing");
		payload_build(&out, &l->at[i]);
	}
	return out;
}

bool
layers_add(struct layers *l, const struct words *w)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, w->at[0].key) != 0)
			continue;
		if (l->n == LAYERS_MAX)
			fail("over %d layers", LAYERS_MAX);
		l->at[l->n].row = &rows[i];
		l->at[l->n].words = *w;
		l->n++;
		return true;
	}
	return false;
}
