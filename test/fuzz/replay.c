/*
 * The fuzz targets without a fuzzer: every target over the seeds that fit it,
 * and over some noise made of them.
 *	replay                      as a test
 *	replay --write FOLDER [CAPTURE...]   the seeds as files, FOLDER/TARGET/N,
 *	                            of the fixtures and of more captures
 *	replay TARGET FILE...       what a fuzzer found
 *	replay --list               FLOOR TARGET of each target
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ask.h"
#include "base/hash.h"
#include "base/table.h"
#include "fuzz/packets.h"
#include "fuzz/target.h"
#include "tap.h"

#define PACKETS_MAX 60000 /* bytes of a seed of many packets */
#define PER_CAPTURE 40    /* packets and payloads taken of one capture */
#define NOISE 6           /* changed copies of each seed */

/* What becomes of a seed. */
struct sink {
	const char *folder; /* NULL: it is run */
	const struct fuzz_target *only;
	unsigned ran;
};

static void
seed_write(const struct sink *s, const struct fuzz_target *t,
    struct span seed)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", s->folder, t->name);
	(void)mkdir(path, 0777);
	(void)snprintf(path, sizeof(path), "%s/%s/%016llx", s->folder,
	    t->name,
	    (unsigned long long)(seed.n * 31 + hash_sip(seed, 1, 2)));
	file = fopen(path, "wb");
	if (file == NULL)
		return;
	(void)fwrite(seed.p, 1, seed.n, file);
	(void)fclose(file);
}

static uint32_t
noise(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void
seed_change(uint8_t *p, size_t *n, uint32_t *state)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, 0xc0 };

	for (uint32_t k = noise(state) % 6; *n > 0; k--) {
		size_t at = noise(state) % *n;

		p[at] = k & 1 ? (uint8_t)noise(state)
			      : edges[noise(state) % sizeof(edges)];
		if (k == 0)
			break;
	}
	if (noise(state) % 4 == 0 && *n > 0)
		*n = noise(state) % *n;
}

static void
seed_run(struct sink *s, const struct fuzz_target *t, struct span seed)
{
	uint32_t state = (uint32_t)seed.n * 2654435761u + 1;

	t->run(ask_wall(seed));
	s->ran++;
	for (int i = 0; i < NOISE; i++) {
		uint8_t *p = malloc(seed.n + 1);
		size_t n = seed.n;

		if (p == NULL)
			return;
		memcpy(p, seed.p, seed.n);
		seed_change(p, &n, &state);
		t->run(ask_wall(span_of(p, n)));
		free(p);
		s->ran++;
	}
}

static void
seed_to(struct sink *s, const struct fuzz_target *t, struct span seed)
{
	if (s->only != NULL && s->only != t)
		return;
	if (s->folder != NULL)
		seed_write(s, t, seed);
	else
		seed_run(s, t, seed);
}

static void
seed_kind(struct sink *s, enum fuzz_seeds kind, struct span seed)
{
	for (const struct fuzz_floor *f = fuzz_all; f->name != NULL; f++)
		for (const struct fuzz_target *t = f->targets;
		     t->name != NULL; t++)
			if (t->seeds == kind)
				seed_to(s, t, seed);
}

/* ---- Seeds out of captures --------------------------------------------- */

struct taking {
	struct sink *sink;
	struct buf many;
	unsigned packets, payloads;
	struct arena arena;
};

static void
take_payload(void *context, struct packet *p, struct transport *t)
{
	struct taking *taking = context;

	(void)p;
	if (t->payload.n > 0 && taking->payloads++ < PER_CAPTURE)
		seed_kind(taking->sink, SEED_PAYLOAD, t->payload);
}

static void
take_record(struct taking *t, const struct record *r)
{
	const struct walk walk = { .payload = take_payload, .context = t };
	uint8_t head[4] = { (uint8_t)((r->bytes.n + 2) >> 8),
		(uint8_t)(r->bytes.n + 2), (uint8_t)(r->link >> 8),
		(uint8_t)r->link };
	static struct packet packet;
	struct buf one;

	if (r->bytes.n > 4000 || r->link > 0x1ff)
		return;
	buf_init(&one, SIZE_MAX);
	buf_add(&one, head + 2, 2);
	buf_span(&one, r->bytes);
	if (t->packets++ < PER_CAPTURE)
		seed_kind(t->sink, SEED_PACKET, buf_bytes(&one));
	buf_free(&one);
	if (t->many.n + r->bytes.n + 4 < PACKETS_MAX) {
		buf_add(&t->many, head, 4);
		buf_span(&t->many, r->bytes);
	}
	if (t->payloads >= PER_CAPTURE)
		return;
	arena_reset(&t->arena);
	packet_walk(&walk, r, &t->arena, &packet);
}

static void
take_capture(struct sink *s, const char *path)
{
	struct taking t = { .sink = s };
	struct span whole = ask_read(path);
	enum capture_error error;
	struct capture *c = capture_open(ask_file(whole), false, NULL, &error);
	struct record records[16];
	size_t n;

	if (whole.n < 100000)
		seed_kind(s, SEED_CAPTURE, whole);
	buf_init(&t.many, SIZE_MAX);
	arena_init(&t.arena, (size_t)16 << 20);
	while (c != NULL && (n = capture_read(c, records, 16)) > 0)
		for (size_t i = 0; i < n; i++)
			take_record(&t, &records[i]);
	if (t.many.n > 0)
		seed_kind(s, SEED_PACKETS, buf_bytes(&t.many));
	if (c != NULL)
		capture_close(c);
	buf_free(&t.many);
	arena_free(&t.arena);
	free((void *)whole.p);
}

static unsigned
take_fixtures(struct sink *s)
{
	DIR *folder = opendir(FIXTURES);
	struct dirent *entry;
	char path[4096];
	unsigned n = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", FIXTURES,
		    entry->d_name);
		take_capture(s, path);
		n++;
	}
	if (folder != NULL)
		closedir(folder);
	return n;
}

/* ---- Seeds out of seeds.txt --------------------------------------------- */

static uint8_t
hex_digit(uint8_t c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

static void
seed_unescape(struct span s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = i + 1 < s.n ? s.p[i + 1] : 0;

		if (s.p[i] != '\\' || c == 0) {
			buf_byte(out, s.p[i]);
			continue;
		}
		i++;
		if (c == 'x' && i + 2 < s.n) {
			buf_byte(out, (uint8_t)(hex_digit(s.p[i + 1]) << 4 |
					      hex_digit(s.p[i + 2])));
			i += 2;
		} else {
			buf_byte(out, c == 'n' ? '\n' : c == 'r' ? '\r' :
				c == 't' ? '\t' : c == '0' ? '\0' : c);
		}
	}
}

static void
take_texts(struct sink *s)
{
	struct span text = ask_read("test/fuzz/seeds.txt"), left = text;
	struct buf seed;

	buf_init(&seed, SIZE_MAX);
	while (left.n > 0) {
		struct span line = span_first(left,
		    span_find_byte(left, '\n'));
		size_t at = span_find_byte(line, ' ');
		char name[64];

		left = span_after(left, line.n + 1);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)at,
		    (const char *)line.p);
		buf_cut(&seed, 0);
		seed_unescape(span_after(line, at + 1), &seed);
		/* Where BearSSL is missing there is no such target. */
		if (fuzz_find(name) == NULL && strcmp(name, "pem") == 0)
			continue;
		if (!ok(fuzz_find(name) != NULL))
			continue;
		seed_to(s, fuzz_find(name), buf_bytes(&seed));
	}
	buf_free(&seed);
	free((void *)text.p);
}

/* ---- The program --------------------------------------------------------- */

static int
list(void)
{
	for (const struct fuzz_floor *f = fuzz_all; f->name != NULL; f++)
		for (const struct fuzz_target *t = f->targets;
		     t->name != NULL; t++)
			(void)printf("%s %s\n", f->name, t->name);
	return 0;
}

static int
replay_files(int argc, char **argv)
{
	const struct fuzz_target *t = fuzz_find(argv[1]);

	if (t == NULL) {
		(void)fprintf(stderr, "replay: no target %s\n", argv[1]);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		struct span in = ask_read(argv[i]);

		t->run(in);
		free((void *)in.p);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct sink sink = { .folder = NULL };
	const char *only = getenv("FUZZ_TARGET");

	hash_key_init();
	if (argc > 1 && strcmp(argv[1], "--list") == 0)
		return list();
	if (argc > 2 && strcmp(argv[1], "--write") != 0)
		return replay_files(argc, argv);
	if (argc > 2) {
		sink.folder = argv[2];
		(void)mkdir(argv[2], 0777);
		for (int i = 3; i < argc; i++)
			take_capture(&sink, argv[i]);
	} else if (only != NULL) {
		sink.only = fuzz_find(only);
	}
	take_texts(&sink);
	ok(take_fixtures(&sink) > 20);
	if (sink.folder == NULL) {
		(void)printf("# %u inputs\n", sink.ran);
		ok(sink.ran > (only == NULL ? 1000 : 0));
	}
	return tap_done();
}
