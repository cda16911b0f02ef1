/*
 * Turns a readable description into a capture file:
 *     fixture SOURCE.txt OUTPUT
 * make builds fixtures/NAME.txt into build/fixtures/NAME, so the source of
 * dns-basic.pcap is fixtures/dns-basic.pcap.txt.
 *
 * One statement a line; "#" starts a comment, "\" at the end goes on in the
 * next line.  Words are `word`, `key=value`, `key="text"`; texts know \r \n
 * \t \0 \" \\ \xNN.  Numbers may be 0x..., sums and products: 40000+2*$i.
 *
 * THE FILE
 *   pcap [big] [nano|modified] [link=1] [snaplen=262144] [magic=] [major=2]
 *       [minor=4] [zone=] [sigfigs=]
 *   shb [big] [hardware= os= application= comment= length= magic= major=]
 *       begins a pcapng section; all later packets are EPBs
 *   idb [link=1] [snaplen=0] [name= description= filter= os= hardware=
 *       comment= tsresol=6 tsoffset=0 fcslen=]
 *   isb [interface=0] [received= dropped= accepted= osdropped= delivered=]
 *   nrb ADDRESS=name ...     dsb [secrets=0x544c534b]    custom [pen=]
 *   block type=0x...         raw (bytes that belong to no block)
 *   gzip [name= comment= extra=N hcrc crc= size=]   at the top: packs all
 *   member                   ends a gzip member here
 *   chop N                   drops the last N bytes of what was written
 * Every block takes total= and trailing= (false lengths), type=,
 * options=HEX (as they are) and noend (no end of options).  The lines that
 * follow dsb, custom, block and raw are their body.
 *
 * PACKETS
 *   packet [time=] [len=] [caplen=] [snap=N] [lost]
 *       as pcap record or EPB, whatever the file is; epb, pb and spb name
 *       the block.  snap=N cuts to N bytes as a snapshot length does; len=
 *       and caplen= write a number whatever it is.
 *       pcap only: fraction= (also over a second); modified pcap: index=
 *       protocol= kind=; pcapng only: interface=0 ticks= comment= pflags=
 *       drops=
 *   time= is 2024-01-01T00:00:00.000001Z, seconds.fraction, or +0.5 after
 *   the packet before; without it +0.001.  The first is 2024-01-01.
 *
 * LAYERS follow a packet, outermost first, one a line or with " / " between.
 *   eth eth8023 llc snap vlan qinq mpls pppoe ppp chdlc sll sll2 null loop
 *   radiotap wifi arp ip ip6 hop dstopt route frag ah esp tcp udp udplite
 *   sctp chunk icmp icmp6 igmp gre vxlan geneve gtpu l2tp
 * Their fields stand in row.c, each with its default; lengths, checksums
 * and the number of the next layer are computed unless given.  Every header
 * takes pad=N (at least N bytes with all behind it) and trailer=HEX.
 * tcp flags=SA (letters FSRPAUEC) or a number; opt=HEX is padded.
 *
 * PAYLOAD, as many lines as wanted
 *   text "GET / HTTP/1.1\r\n"     hex de ad beef     fill BYTE COUNT
 *   u8 be16 be24 be32 be64 le16 le32 le64 NUMBER ...
 *   name www.example.com       DNS labels and the final zero
 *   len8 ... )   len16 len24 len32 le16len le32len: what stands between, its
 *       length in front (add=N adds to it); "(" ... ")" only confines: what
 *       follows a header inside is not part of it.
 *
 * SHORT FORMS
 *   let NAME = eth / ip src=10.0.0.9     NAME is then a layer; words after
 *       it belong to the last of its layers
 *   repeat i 100 ... end                 $i is 0, 1, ... 99 inside
 *   session NAME tcp|udp client=ADDR:PORT server=[ADDR6]:PORT
 *       [under="eth / vlan id=5"] (default eth) [cseq= sseq=] (initial
 *       sequence numbers) [unopened] (as if the handshake had been before)
 *   open NAME, close NAME, reset NAME    handshake, FINs, RST
 *   NAME> and NAME<                      a packet of the client, the server;
 *       payload lines follow.  Takes the words of packet, ttl= id= of ip
 *       and flags= window= opt= of tcp; seq= ack= are relative as Wireshark
 *       shows them (1 is the first byte) and default to what comes next;
 *       lost: not captured, but counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/fixture.h"
#include "build/session.h"

#define LINES_MAX 20000
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct line {
	unsigned number;
	char *text;
};

struct repeat {
	size_t first; /* line behind "repeat" */
	uint64_t i, count;
	char name[16];
};

struct builder {
	const char *name;
	struct line *lines;
	size_t n_lines, at;
	struct repeat repeats[8];
	size_t n_repeats;
	struct {
		char *name, *text;
	} lets[100];
	size_t n_lets;
	struct session sessions[100];
	size_t n_sessions;
	struct file file;
	/* The block whose layers are being read; n = 0: none. */
	struct words block;
	struct layers layers;
	struct time time;
	struct session *session;
	bool from_server;
};

static void
lines_read(struct builder *b, const char *name)
{
	FILE *in = fopen(name, "r");
	static char text[1 << 20];
	unsigned number = 0;
	size_t n = 0;

	if (in == NULL)
		fail("cannot open %s", name);
	b->lines = calloc(LINES_MAX, sizeof(b->lines[0]));
	while (fgets(text + n, (int)(sizeof(text) - n), in) != NULL) {
		number++;
		n += strlen(text + n);
		if (n >= 2 && text[n - 1] == '\n' && text[n - 2] == '\\') {
			n -= 2;
			continue;
		}
		if (n >= 1 && text[n - 1] == '\n')
			text[--n] = '\0';
		if (b->n_lines == LINES_MAX)
			fail("over %d lines", LINES_MAX);
		b->lines[b->n_lines].number = number;
		b->lines[b->n_lines++].text = strdup(text);
		n = 0;
		text[0] = '\0';
	}
	fclose(in);
}

/* The line with the counters of the loops put in; of its own. */
static char *
expand(const struct builder *b, const char *text)
{
	struct bytes out = { 0 };

	while (*text != '\0') {
		const struct repeat *found = NULL;

		for (size_t i = 0; *text == '$' && i < b->n_repeats; i++)
			if (strncmp(text + 1, b->repeats[i].name,
				strlen(b->repeats[i].name)) == 0)
				found = &b->repeats[i];
		if (found == NULL) {
			bytes_add(&out, text++, 1);
			continue;
		}
		char number[24];
		int n = snprintf(number, sizeof(number), "%llu",
		    (unsigned long long)found->i);

		bytes_add(&out, number, (size_t)n);
		text += 1 + strlen(found->name);
	}
	bytes_fill(&out, 0, 1);
	return (char *)out.p;
}

static void layers_line(struct builder *b, char *text);

static void
layer_one(struct builder *b, char *text)
{
	struct words w;
	char *copy = strdup(text);

	words_split(&w, copy);
	if (w.n == 0)
		return;
	for (size_t i = 0; i < b->n_lets; i++) {
		if (strcmp(b->lets[i].name, w.at[0].key) != 0)
			continue;
		char *rest =
		    text + strspn(text, " \t") + strlen(b->lets[i].name);
		char *whole =
		    malloc(strlen(b->lets[i].text) + strlen(rest) + 2);

		sprintf(whole, "%s %s", b->lets[i].text, rest);
		layers_line(b, whole);
		return;
	}
	if (!layers_add(&b->layers, &w))
		fail("unknown word '%s'", w.at[0].key);
}

/* Cuts at the first " / " outside of quotes, or at a comment; gives what
 * follows, NULL when there is nothing. */
static char *
slash_cut(char *text)
{
	bool inside = false;

	for (char *p = text; *p != '\0'; p++) {
		if (inside && *p == '\\' && p[1] != '\0') {
			p++;
		} else if (*p == '"') {
			inside = !inside;
		} else if (!inside && *p == '#') {
			*p = '\0';
			return NULL;
		} else if (!inside && strncmp(p, " / ", 3) == 0) {
			*p = '\0';
			return p + 2;
		}
	}
	return NULL;
}

static void
layers_line(struct builder *b, char *text)
{
	while (text != NULL) {
		char *next = slash_cut(text);

		layer_one(b, text);
		text = next;
	}
}

/* Writes the block that was being read, if any. */
static void
flush(struct builder *b)
{
	struct bytes body;
	const char *name;

	if (b->block.n == 0)
		return;
	name = b->block.at[0].key;
	if (b->session != NULL)
		session_count(
		    b->session, b->from_server, &b->block, &b->layers);
	body = layers_build(&b->layers, 0);
	if (!words_have(&b->block, "lost")) {
		bool packet = strcmp(name, "packet") == 0 ||
		    strcmp(name, "epb") == 0 || strcmp(name, "pb") == 0 ||
		    b->session != NULL;
		const char *time =
		    words_text(&b->block, "time", packet ? "+0.001" : "+0");

		b->time = time_of(time, b->time);
		if (b->session != NULL)
			file_packet(&b->file, &b->block, &body, b->time);
		else
			file_block(&b->file, &b->block, &body, b->time);
	}
	b->block.n = 0;
	b->layers.n = 0;
	b->session = NULL;
}

static void
do_let(struct builder *b, char *text)
{
	char *name = text + strspn(text, " \t"), *equals;

	name = strtok(name + 4, " \t");
	equals = name == NULL ? NULL : strtok(NULL, "");
	if (equals == NULL || (equals = strchr(equals, '=')) == NULL)
		fail("let NAME = LAYERS");
	if (b->n_lets == LENGTH(b->lets))
		fail("too many lets");
	b->lets[b->n_lets].name = strdup(name);
	b->lets[b->n_lets++].text = strdup(equals + 1);
}

static void
do_repeat(struct builder *b, const struct words *w)
{
	struct repeat *r;

	if (w->n != 3 || strlen(w->at[1].key) > 15)
		fail("repeat NAME COUNT");
	if (b->n_repeats == LENGTH(b->repeats))
		fail("too many repeats in each other");
	r = &b->repeats[b->n_repeats++];
	r->first = b->at;
	r->i = 0;
	r->count = number_of(w->at[2].key);
	strcpy(r->name, w->at[1].key);
}

static void
do_end(struct builder *b)
{
	struct repeat *r;

	if (b->n_repeats == 0)
		fail("end without repeat");
	r = &b->repeats[b->n_repeats - 1];
	if (++r->i < r->count)
		b->at = r->first;
	else
		b->n_repeats--;
}

static struct session *
session_named(struct builder *b, const char *name, size_t n)
{
	for (size_t i = 0; i < b->n_sessions; i++)
		if (strlen(b->sessions[i].name) == n &&
		    memcmp(b->sessions[i].name, name, n) == 0)
			return &b->sessions[i];
	return NULL;
}

/* Begins a packet of a session; its headers become the first layers. */
static void
session_packet(struct builder *b, struct session *s, bool from_server,
    const struct words *w)
{
	char *text;

	flush(b);
	text = session_layers(s, from_server, w);
	layers_line(b, text);
	b->block = *w;
	b->session = s;
	b->from_server = from_server;
}

static void
session_step(
    struct builder *b, struct session *s, bool from_server, const char *words)
{
	struct words w;

	words_split(&w, strdup(words));
	session_packet(b, s, from_server, &w);
	flush(b);
}

/* "open a", "close a", "reset a" */
static bool
do_session_word(struct builder *b, const struct words *w)
{
	const char *verb = w->at[0].key;
	struct session *s;

	if (w->n != 2 ||
	    (strcmp(verb, "open") != 0 && strcmp(verb, "close") != 0 &&
		strcmp(verb, "reset") != 0))
		return false;
	flush(b);
	s = session_named(b, w->at[1].key, strlen(w->at[1].key));
	if (s == NULL)
		fail("no session '%s'", w->at[1].key);
	if (strcmp(verb, "open") == 0) {
		session_step(b, s, false, "x flags=S opt=020405b4");
		session_step(b, s, true, "x flags=SA opt=020405b4");
		session_step(b, s, false, "x flags=A");
	} else if (strcmp(verb, "close") == 0) {
		session_step(b, s, false, "x flags=FA");
		session_step(b, s, true, "x flags=FA");
		session_step(b, s, false, "x flags=A");
	} else {
		session_step(b, s, false, "x flags=RA");
	}
	return true;
}

static bool
do_arrow(struct builder *b, const struct words *w)
{
	const char *name = w->at[0].key;
	size_t n = strlen(name);
	struct session *s;

	if (n < 2 || (name[n - 1] != '>' && name[n - 1] != '<'))
		return false;
	s = session_named(b, name, n - 1);
	if (s == NULL)
		fail("no session '%.*s'", (int)n - 1, name);
	session_packet(b, s, name[n - 1] == '<', w);
	return true;
}

static void
do_chop(struct builder *b, const struct words *w)
{
	uint64_t n = w->n == 2 ? number_of(w->at[1].key) : 0;

	flush(b);
	if (n == 0 || n > b->file.out.n)
		fail("chop N");
	b->file.out.n -= n;
}

static void
statement(struct builder *b, char *text)
{
	struct words w;
	char *head = strdup(text), *rest = slash_cut(head);
	const char *verb;

	words_split(&w, head);
	if (w.n == 0)
		return;
	verb = w.at[0].key;
	if (strcmp(verb, "let") == 0) {
		do_let(b, text);
	} else if (strcmp(verb, "repeat") == 0) {
		flush(b);
		do_repeat(b, &w);
	} else if (strcmp(verb, "end") == 0) {
		flush(b);
		do_end(b);
	} else if (strcmp(verb, "session") == 0) {
		flush(b);
		if (b->n_sessions == LENGTH(b->sessions))
			fail("too many sessions");
		session_read(&b->sessions[b->n_sessions++], &w);
	} else if (strcmp(verb, "pcap") == 0) {
		flush(b);
		file_pcap(&b->file, &w);
	} else if (strcmp(verb, "gzip") == 0) {
		b->file.gzip = w;
	} else if (strcmp(verb, "member") == 0) {
		flush(b);
		file_member(&b->file);
	} else if (strcmp(verb, "chop") == 0) {
		do_chop(b, &w);
	} else if (file_is_block(verb)) {
		flush(b);
		b->block = w;
		layers_line(b, rest);
	} else if (do_arrow(b, &w)) {
		layers_line(b, rest);
	} else if (!do_session_word(b, &w)) {
		if (b->block.n == 0)
			fail("'%s' outside of a packet", verb);
		layers_line(b, text);
	}
}

int
main(int argc, char **argv)
{
	static struct builder b;
	static struct layer layers[LAYERS_MAX];
	const struct bytes *out = &b.file.out;
	FILE *file;

	if (argc != 3) {
		fprintf(stderr, "usage: fixture SOURCE.txt OUTPUT\n");
		return 2;
	}
	fail_at(argv[1], 0);
	b.name = argv[1];
	b.layers.at = layers;
	b.time.seconds = 1704067200 - 1;
	b.time.nanoseconds = 999000000;
	lines_read(&b, argv[1]);
	while (b.at < b.n_lines) {
		const struct line *line = &b.lines[b.at++];

		fail_at(argv[1], line->number);
		statement(&b, expand(&b, line->text));
	}
	flush(&b);
	if (b.n_repeats > 0)
		fail("repeat without end");
	if (b.file.gzip.n > 0) {
		file_member(&b.file);
		out = &b.file.packed;
	}
	file = fopen(argv[2], "w");
	if (file == NULL || fwrite(out->p, 1, out->n, file) != out->n ||
	    fclose(file) != 0)
		fail("cannot write %s", argv[2]);
	return 0;
}
