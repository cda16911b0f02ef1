/* What a server of captures sends, where it may lead us, whom to trust. */
#ifdef MCPCAP_BEARSSL
#include <bearssl.h>
#endif

#include "fetch/address.h"
#include "fetch/http.h"
#include "fetch/tls_trust.h"
#include "fuzz/target.h"

/* A URL written anew is the same URL, and nothing in it can end a line. */
static void
url_check(const struct url *u)
{
	struct buf text;
	struct url again;

	buf_init(&text, 8192);
	buf_text(&text, u->https ? "https://" : "http://");
	url_write_host(u, &text);
	buf_text(&text, u->target);
	for (size_t i = 0; i < text.n; i++)
		fuzz_check(text.p[i] > 0x20 && text.p[i] < 0x7f);
	fuzz_check(u->host[0] != '\0' && u->target[0] == '/' && u->port != 0);
	if (text.n <= URL_MAX) {
		fuzz_check(url_read(buf_bytes(&text), &again) == FETCH_OK);
		fuzz_check(strcmp(again.host, u->host) == 0 &&
		    strcmp(again.target, u->target) == 0 &&
		    again.port == u->port && again.https == u->https &&
		    addr_equal(&again.addr, &u->addr));
	}
	if (u->addr.kind != ADDR_NONE)
		(void)address_is_public(&u->addr);
	buf_cut(&text, 0);
	http_write_request(u, &text);
	buf_free(&text);
}

/* A URL, NUL, where its server sends us. */
static void
run_url(struct span in)
{
	size_t at = span_find_byte(in, '\0');
	struct url u, next;

	if (url_read(span_first(in, at), &u) != FETCH_OK)
		return;
	fuzz_check(url_is(in));
	url_check(&u);
	if (at < in.n &&
	    url_follow(&u, span_after(in, at + 1), &next) == FETCH_OK)
		url_check(&next);
}

/* The content is the same in whatever portions it comes. */
static enum http_body_state
body_take(const struct http_answer *a, struct span in, size_t part,
    struct buf *out)
{
	struct http_body body;

	http_body_begin(&body, a);
	while (in.n > 0 && body.state != HTTP_DONE && body.state != HTTP_BAD) {
		struct span s = span_first(in, part);
		size_t before = s.n;

		while (s.n > 0) {
			size_t left = s.n;
			struct span piece = http_body_next(&body, &s);

			buf_span(out, piece);
			if (s.n == left && piece.n == 0)
				break;
		}
		if (before == s.n)
			break;
		in = span_after(in, before - s.n);
	}
	return body.state;
}

static void
run_response(struct span in)
{
	struct http_answer a = { .location = span_empty() };
	struct buf whole, parts;
	size_t n = 0;

	if (http_read(in, &a, &n) != FETCH_OK || n == 0)
		return;
	fuzz_check(n <= in.n && n <= HTTP_HEAD);
	buf_init(&whole, SIZE_MAX);
	buf_init(&parts, SIZE_MAX);
	fuzz_check(body_take(&a, span_after(in, n), SIZE_MAX, &whole) ==
	    body_take(&a, span_after(in, n), 1, &parts));
	fuzz_check(span_equal(buf_bytes(&whole), buf_bytes(&parts)));
	buf_free(&whole);
	buf_free(&parts);
}

static void
run_public(struct span in)
{
	struct addr a;

	if (in.n >= 16) {
		a = addr_of(ADDR_IPV6, in.p);
		(void)address_is_public(&a);
	}
	/* A name for this machine never is. */
	if (addr_read(in, &a) && a.kind == ADDR_IPV4 && a.bytes[0] == 127)
		fuzz_check(!address_is_public(&a));
}

#ifdef MCPCAP_BEARSSL
static size_t
anchors_count(struct span in, bool cr)
{
	struct tls_trust t;
	struct buf text;
	size_t n;

	buf_init(&text, SIZE_MAX);
	for (size_t i = 0; i < in.n; i++) {
		if (cr && in.p[i] == '\n')
			buf_byte(&text, '\r');
		buf_byte(&text, in.p[i]);
	}
	(void)tls_trust_text(&t, &text);
	for (size_t i = 0; i < t.n; i++) {
		const br_x509_trust_anchor *a = t.anchors;

		a += i;
		fuzz_check(a->pkey.key_type == BR_KEYTYPE_EC ||
		    a->pkey.key_type == BR_KEYTYPE_RSA);
		/* Every byte of the name is there. */
		fuzz_check(a->dn.len == 0 ||
		    memchr(a->dn.data, 0x30, a->dn.len) != NULL);
	}
	n = t.n;
	tls_trust_free(&t);
	buf_free(&text);
	return n;
}

/* Authorities in PEM: with CR LF as many as with LF. */
static void
run_pem(struct span in)
{
	fuzz_check(anchors_count(in, false) == anchors_count(in, true));
}
#endif

const struct fuzz_target fuzz_fetch[] = {
	{ "url", SEED_TEXT, run_url },
	{ "response", SEED_TEXT, run_response },
	{ "public", SEED_BYTES, run_public },
#ifdef MCPCAP_BEARSSL
	{ "pem", SEED_TEXT, run_pem },
#endif
	{ NULL, SEED_BYTES, NULL },
};
