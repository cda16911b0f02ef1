#include "fetch/tls_trust.h"

#ifdef MCPCAP_BEARSSL

#include <bearssl.h>
#include <fcntl.h>
#include <unistd.h>

#define ANCHORS_MAX 1000
#define FILE_MAX ((size_t)8 << 20)
#define CERTIFICATE_MAX 65536
#define MEMORY ((size_t)16 << 20)
#define RSA_MAX 512 /* bytes of the longest key that BearSSL computes with */

struct reader {
	struct tls_trust *trust;
	struct buf certificate;
	struct buf name;
	bool inside; /* of a certificate */
};

static void
take_name(void *context, const void *bytes, size_t n)
{
	buf_add(context, bytes, n);
}

static void
take_certificate(void *context, const void *bytes, size_t n)
{
	buf_add(context, bytes, n);
}

static bool
copy(struct arena *arena, unsigned char **to, const unsigned char *from,
    size_t n)
{
	*to = arena_alloc(arena, n, 1);
	if (*to == NULL)
		return false;
	memcpy(*to, from, n);
	return true;
}

static bool
copy_key(struct arena *arena, br_x509_pkey *to, const br_x509_pkey *from)
{
	*to = *from;
	if (from->key_type == BR_KEYTYPE_EC)
		return copy(arena, &to->key.ec.q, from->key.ec.q,
		    from->key.ec.qlen);
	return from->key_type == BR_KEYTYPE_RSA &&
	    from->key.rsa.nlen <= RSA_MAX &&
	    copy(arena, &to->key.rsa.n, from->key.rsa.n,
		from->key.rsa.nlen) &&
	    copy(arena, &to->key.rsa.e, from->key.rsa.e, from->key.rsa.elen);
}

/* The certificate that was collected becomes an anchor, if it can be one. */
static void
add_anchor(struct reader *r)
{
	struct tls_trust *t = r->trust;
	br_x509_trust_anchor *a = t->anchors;
	br_x509_decoder_context decoder;
	const br_x509_pkey *key;

	buf_cut(&r->name, 0);
	br_x509_decoder_init(&decoder, take_name, &r->name);
	br_x509_decoder_push(&decoder, r->certificate.p, r->certificate.n);
	key = br_x509_decoder_get_pkey(&decoder);
	if (key == NULL || r->certificate.full || r->name.full ||
	    t->n == ANCHORS_MAX)
		return;
	a += t->n;
	if (!copy(&t->arena, &a->dn.data, r->name.p, r->name.n) ||
	    !copy_key(&t->arena, &a->pkey, key))
		return;
	a->dn.len = r->name.n;
	a->flags = br_x509_decoder_isCA(&decoder) ? BR_X509_TA_CA : 0;
	t->n++;
}

static void
look(struct reader *r, br_pem_decoder_context *pem)
{
	switch (br_pem_decoder_event(pem)) {
	case BR_PEM_BEGIN_OBJ:
		r->inside = span_is(span_text(br_pem_decoder_name(pem)),
		    "CERTIFICATE");
		buf_free(&r->certificate);
		buf_init(&r->certificate, CERTIFICATE_MAX);
		br_pem_decoder_setdest(pem,
		    r->inside ? take_certificate : NULL, &r->certificate);
		break;
	case BR_PEM_END_OBJ:
		if (r->inside && r->certificate.n > 0)
			add_anchor(r);
		r->inside = false;
		break;
	case BR_PEM_ERROR:
		r->inside = false;
		break;
	default:
		break;
	}
}

/* The decoder takes no CR, and the last line only with its end. */
static void
read_pem(struct reader *r, struct buf *text)
{
	br_pem_decoder_context pem;
	size_t n = 0;

	for (size_t i = 0; i < text->n; i++)
		if (text->p[i] != '\r')
			text->p[n++] = text->p[i];
	buf_cut(text, n);
	buf_byte(text, '\n');
	br_pem_decoder_init(&pem);
	for (size_t i = 0; i < text->n;) {
		size_t taken = br_pem_decoder_push(&pem, text->p + i,
		    text->n - i);

		if (taken == 0)
			break;
		i += taken;
		look(r, &pem);
	}
}

static void
read_file(const char *file, struct buf *text)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = 1;

	while (fd >= 0 && n > 0) {
		uint8_t *room = buf_room(text, 65536);

		n = room == NULL ? 0 : read(fd, room, 65536);
		if (n > 0)
			text->n += (size_t)n;
	}
	if (fd >= 0)
		close(fd);
}

bool
tls_trust_text(struct tls_trust *t, struct buf *text)
{
	struct reader r = { .trust = t };

	arena_init(&t->arena, MEMORY);
	t->n = 0;
	t->anchors = arena_array(&t->arena, ANCHORS_MAX, br_x509_trust_anchor);
	buf_init(&r.certificate, CERTIFICATE_MAX);
	buf_init(&r.name, CERTIFICATE_MAX);
	if (text->n > 0 && t->anchors != NULL)
		read_pem(&r, text);
	buf_free(&r.certificate);
	buf_free(&r.name);
	return t->n > 0;
}

bool
tls_trust_read(struct tls_trust *t, const char *file)
{
	struct buf text;
	bool any;

	buf_init(&text, FILE_MAX);
	if (file != NULL)
		read_file(file, &text);
	any = tls_trust_text(t, &text);
	buf_free(&text);
	return any;
}

void
tls_trust_free(struct tls_trust *t)
{
	arena_free(&t->arena);
}

#endif
