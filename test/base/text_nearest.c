#include "base/text.h"

#include "tap.h"

static const char *const names[] = { "dns.qry.name", "dns.qry.type", "dns.id",
	"ip.src", "ip.dst", "ip.addr", "tcp.port", "udp.port", "tcp.flags.syn",
	"frame.number" };

static size_t
near_to(const char *word, const char **near, size_t max)
{
	return text_nearest(span_text(word), names, LENGTH(names), near, max);
}

static void
test_found(void)
{
	const char *near[4];

	ok_int(near_to("ip.scr", near, 4), 3);
	ok_text(near[0], "ip.src");
	ok_text(near[1], "ip.dst");
	ok_int(near_to("IP.SRC", near, 4), 2);
	ok_text(near[0], "ip.src");
	ok_int(near_to("dns.query.name", near, 4), 1);
	ok_text(near[0], "dns.qry.name");
	/* Nearest first, then in the order of the table. */
	ok_int(near_to("tdp.port", near, 4), 2);
	ok_text(near[0], "tcp.port");
	ok_text(near[1], "udp.port");
	ok_int(near_to("tdp.port", near, 1), 1);
	ok_int(near_to("tcp.flags.sny", near, 4), 1);
}

static void
test_none(void)
{
	const char *near[4];
	char word[200];

	ok_int(near_to("http.request", near, 4), 0);
	ok_int(near_to("", near, 4), 0);
	ok_int(near_to("x", near, 4), 0);
	ok_int(near_to("ip.src", near, 0), 0);
	memset(word, 'a', sizeof(word));
	word[199] = '\0';
	ok_int(near_to(word, near, 4), 0);
	ok_int(text_nearest(span_text("ip"), names, 0, near, 4), 0);
}

/* Small words by all pairs: the distance is that of the edits made. */
static void
test_edits(void)
{
	static const char *const word[] = { "abcdef" };
	static const char *const edits[][4] = {
		{ "abcdef", "abcde", "bcdef", "abxdef" },
		{ "badcef", "abcd", "xbcdey", "abcdefgh" },
	};
	const char *near[1];

	for (size_t i = 0; i < 4; i++) {
		ok_int(
		    text_nearest(span_text(edits[0][i]), word, 1, near, 1), 1);
		ok_int(
		    text_nearest(span_text(edits[1][i]), word, 1, near, 1), 1);
	}
	/* Words of three to five letters may differ in two places only. */
	ok_int(text_nearest(span_text("abc"), word, 1, near, 1), 0);
	ok_int(text_nearest(span_text("badcfe"), word, 1, near, 1), 1);
	ok_int(text_nearest(span_text("abcdefghi"), word, 1, near, 1), 1);
	ok_int(text_nearest(span_text("abcdefghij"), word, 1, near, 1), 0);
	ok_int(text_nearest(span_text("defabc"), word, 1, near, 1), 0);
}

int
main(void)
{
	test_found();
	test_none();
	test_edits();
	return tap_done();
}
