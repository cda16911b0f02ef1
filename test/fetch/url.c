#include "fetch/url.h"

#include <stdio.h>

#include "fetch/address.h"
#include "fetch/fetch.h"
#include "refused.h"
#include "server.h"
#include "tap.h"

/* Names that are not local do not resolve here. */
static int
no_names(void *context, const char *host, struct addr *found)
{
	(void)context;
	if (strcmp(host, "localhost") == 0)
		return resolver_system.lookup(NULL, host, found);
	return 0;
}

static void
test_refused(void)
{
	const struct script none = { .path = NULL };
	const struct resolver resolver = { no_names, NULL };
	struct server server;
	bool watched = server_listen(&server, 80);

	if (watched)
		server_run(&server, &none);
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct fetch f = { .url = span_text(refused[i].text),
			.limits = FETCH_LIMITS, .resolver = &resolver,
			.out = -1 };
		enum fetch_error error = fetch_run(&f);

		if (error != refused[i].error)
			printf("# %s\n", refused[i].text);
		ok_int(error, refused[i].error);
	}
	if (watched) {
		ok_int(*server.connections, 0);
		server_stop(&server);
	}
}

static void
test_long(void)
{
	char text[URL_MAX + 2] = "http://example.com/";
	struct url u;

	memset(text + 19, 'a', sizeof(text) - 19);
	ok_int(url_read(span_of(text, URL_MAX), &u), FETCH_OK);
	ok_int(strlen(u.target), URL_MAX - 18);
	ok_int(url_read(span_of(text, URL_MAX + 1), &u), FETCH_URL_LONG);
}

static void
test_read(void)
{
	struct buf host;
	struct url u;

	buf_init(&host, 4096);
	ok_int(url_read(span_text("https://Files.Example.COM.?x=%20"), &u), 0);
	ok(u.https && u.port == 443 && !u.has_port);
	ok_text(u.host, "files.example.com");
	ok_text(u.target, "/?x=%20");
	ok_int(url_read(span_text("http://[2606:4700::1111]:8080/a"), &u), 0);
	ok(!u.https && u.port == 8080 && u.addr.kind == ADDR_IPV6);
	url_write_host(&u, &host);
	ok_span(buf_bytes(&host), "[2606:4700::1111]:8080");
	ok(address_is_public(&u.addr));
	ok_int(url_read(span_text("http://8.8.8.8/"), &u), 0);
	ok(address_is_public(&u.addr));
	ok_int(url_read(span_text("http://[64:ff9b::808:808]/"), &u), 0);
	ok(address_is_public(&u.addr));
	ok_int(url_read(span_text("http://4chan.example/"), &u), 0);
	ok_int(u.addr.kind, ADDR_NONE);
	ok(url_is(span_text("ftp://a")) && !url_is(span_text("a/b://c")));
	ok(!url_is(span_text("captures/a.pcap")) && !url_is(span_text("://")));
	buf_free(&host);
}

static const struct {
	const char *base, *location, *wanted; /* NULL: refused */
} followed[] = {
	{ "http://a.example/x/y?q", "/z", "http://a.example/z" },
	{ "http://a.example/x/y?q", "z", "http://a.example/x/z" },
	{ "http://a.example/x/y?q", "./z", "http://a.example/x/z" },
	{ "http://a.example/x/y?q", "../z", "http://a.example/z" },
	{ "http://a.example/x/y?q", "../../../z", "http://a.example/z" },
	{ "http://a.example/x/y?q", "?r", "http://a.example/x/y?r" },
	{ "http://a.example/x?q/r", "z", "http://a.example/z" },
	{ "http://a.example/x", "//b.example/z", "http://b.example/z" },
	{ "https://a.example:99/x", "z#part", "https://a.example:99/z" },
	{ "http://a.example/x", "https://b.example", "https://b.example/" },
	{ "http://a.example/x", "", NULL },
	{ "http://a.example/x", "mailto:a@example.com", NULL },
	{ "http://a.example/x", "file:///etc/passwd", NULL },
	{ "http://a.example/x", "//user@b.example/z", NULL },
	{ "http://a.example/x", "/a b", NULL },
	{ "http://a.example/x", "http://[::1", NULL },
};

static void
test_follow(void)
{
	for (size_t i = 0; i < LENGTH(followed); i++) {
		struct url base, u, wanted;
		enum fetch_error error;

		ok_int(url_read(span_text(followed[i].base), &base), 0);
		error = url_follow(&base, span_text(followed[i].location), &u);
		ok((error == FETCH_OK) == (followed[i].wanted != NULL));
		if (followed[i].wanted == NULL || error != FETCH_OK)
			continue;
		ok_int(url_read(span_text(followed[i].wanted), &wanted), 0);
		ok_text(u.host, wanted.host);
		ok_text(u.target, wanted.target);
		ok(u.https == wanted.https && u.port == wanted.port);
	}
}

/* The edges of each range. */
static void
test_ranges(void)
{
	static const char *const public[] = { "1.0.0.0", "9.255.255.255",
		"11.0.0.0", "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0",
		"192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0",
		"192.167.255.255", "192.169.0.0", "198.17.255.255",
		"198.20.0.0", "198.51.99.255", "203.0.114.0",
		"223.255.255.255", "2001:200::", "2001:db7:ffff::",
		"2001:db9::", "2003::1", "3ffe:ffff::", "3fff:1000::",
		"2000::", "::ffff:8.8.8.8", "2002:808:808::1" };
	static const char *const closed[] = { "0.255.255.255",
		"10.255.255.255", "100.127.255.255", "127.0.0.0",
		"192.0.0.0", "192.0.0.255", "198.19.255.255",
		"239.255.255.255", "240.0.0.0",
		"2001:1ff:ffff::", "3fff:fff::", "1fff:ffff::", "4000::",
		"fc00::", "5f00::1", "::ffff:10.0.0.1", "2002:a00:1::" };
	struct addr a;

	for (size_t i = 0; i < LENGTH(public); i++) {
		ok(addr_read(span_text(public[i]), &a));
		if (!ok(address_is_public(&a)))
			printf("# %s\n", public[i]);
	}
	for (size_t i = 0; i < LENGTH(closed); i++) {
		if (!addr_read(span_text(closed[i]), &a))
			continue;
		if (!ok(!address_is_public(&a)))
			printf("# %s\n", closed[i]);
	}
	a = (struct addr){ .kind = ADDR_MAC };
	ok(!address_is_public(&a));
}

int
main(void)
{
	test_refused();
	test_long();
	test_read();
	test_follow();
	test_ranges();
	return tap_done();
}
