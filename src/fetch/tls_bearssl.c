#include "fetch/tls.h"

#ifdef MCPCAP_BEARSSL

#include <assert.h>
#include <bearssl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/number.h"
#include "fetch/tls_trust.h"

#define DAYS_TO_1970 719528 /* from the year 0, as BearSSL counts */
#define RSA_LEAST 256       /* bytes: 2048 bits */
#define ALERT_HANDSHAKE (BR_ERR_RECV_FATAL_ALERT + 40)
#define ALERT_VERSION (BR_ERR_RECV_FATAL_ALERT + 70)

struct tls {
	struct wire *wire;
	struct tls_trust trust;
	br_ssl_client_context client;
	br_x509_minimal_context x509;
	br_sslio_context io;
	bool ended; /* the wire, by the other side */
	unsigned char room[BR_SSL_BUFSIZE_MONO];
};

const char *const tls_name = "TLS 1.2 (BearSSL 0.6)";

const char *
tls_authorities(void)
{
	static const char *const usual[] = {
		"/etc/ssl/certs/ca-certificates.crt",
		"/etc/pki/tls/certs/ca-bundle.crt",
		"/etc/ssl/cert.pem",
	};
	const char *named = getenv("SSL_CERT_FILE");

	if (named != NULL && *named != '\0')
		return named;
	for (size_t i = 0; i < LENGTH(usual); i++)
		if (access(usual[i], R_OK) == 0)
			return usual[i];
	return NULL;
}

/* Modern suites only; the fastest here first. */
static void
set_suites(br_ssl_engine_context *engine)
{
	static const uint16_t gcm_first[] = {
		BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
		BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
	};
	static const uint16_t chacha_first[] = {
		BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
		BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	};
	bool fast = br_aes_x86ni_ctr_get_vtable() != NULL;

	br_ssl_engine_set_suites(engine, fast ? gcm_first : chacha_first,
	    LENGTH(gcm_first));
}

/* No SHA-1: neither in signatures nor in certificates. */
static void
set_hashes(struct tls *t)
{
	static const br_hash_class *const hashes[] = { &br_sha256_vtable,
		&br_sha384_vtable, &br_sha512_vtable };
	static const int ids[] = { br_sha256_ID, br_sha384_ID, br_sha512_ID };

	for (size_t i = 0; i < LENGTH(hashes); i++) {
		br_ssl_engine_set_hash(&t->client.eng, ids[i], hashes[i]);
		br_x509_minimal_set_hash(&t->x509, ids[i], hashes[i]);
	}
}

static void
set_client(struct tls *t)
{
	br_ssl_engine_context *engine = &t->client.eng;

	br_ssl_client_zero(&t->client);
	br_ssl_engine_set_versions(engine, BR_TLS12, BR_TLS12);
	br_ssl_engine_add_flags(engine, BR_OPT_NO_RENEGOTIATION);
	br_x509_minimal_init(&t->x509, &br_sha256_vtable, t->trust.anchors,
	    t->trust.n);
	set_suites(engine);
	br_ssl_client_set_default_rsapub(&t->client);
	br_ssl_engine_set_default_rsavrfy(engine);
	br_ssl_engine_set_default_ecdsa(engine);
	br_x509_minimal_set_rsa(&t->x509, br_ssl_engine_get_rsavrfy(engine));
	br_x509_minimal_set_ecdsa(&t->x509, br_ssl_engine_get_ec(engine),
	    br_ssl_engine_get_ecdsa(engine));
	br_x509_minimal_set_minrsa(&t->x509, RSA_LEAST);
	set_hashes(t);
	br_ssl_engine_set_x509(engine, &t->x509.vtable);
	br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
	br_ssl_engine_set_prf_sha384(engine, &br_tls12_sha384_prf);
	br_ssl_engine_set_default_aes_gcm(engine);
	br_ssl_engine_set_default_chapol(engine);
	br_ssl_engine_set_buffer(engine, t->room, sizeof(t->room), 0);
}

/* A clock from before this build is wrong; the build's day is nearer. */
static void
set_time(struct tls *t, bool *old_clock)
{
	int64_t now = clock_now().seconds;

	*old_clock = now < MCPCAP_BUILD_TIME;
	if (*old_clock)
		now = MCPCAP_BUILD_TIME;
	br_x509_minimal_set_time(&t->x509,
	    (uint32_t)(now / 86400 + DAYS_TO_1970), (uint32_t)(now % 86400));
}

static bool
set_entropy(struct tls *t)
{
	uint8_t seed[32];

	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		return false;
	br_ssl_engine_inject_entropy(&t->client.eng, seed, sizeof(seed));
	return true;
}

/* ---- Between BearSSL and the wire ----------------------------------------- */

static int
low_read(void *context, unsigned char *p, size_t n)
{
	struct tls *t = context;
	long got = wire_read(t->wire, p, n);

	t->ended = got == 0;
	return got <= 0 ? -1 : (int)got;
}

static int
low_write(void *context, const unsigned char *p, size_t n)
{
	struct tls *t = context;

	return wire_write(t->wire, p, n) ? (int)n : -1;
}

static enum fetch_error
handshake_error(const struct tls *t)
{
	int error = br_ssl_engine_last_error(&t->client.eng);

	if (t->wire->error != FETCH_OK)
		return t->wire->error;
	switch (error) {
	case BR_ERR_IO:
		return FETCH_BROKEN;
	case ALERT_VERSION:
	case ALERT_HANDSHAKE:
	case BR_ERR_UNSUPPORTED_VERSION:
		return FETCH_TLS_13;
	case BR_ERR_X509_BAD_SERVER_NAME:
		return FETCH_TLS_NAME;
	case BR_ERR_X509_EXPIRED:
	case BR_ERR_X509_TIME_UNKNOWN:
		return FETCH_TLS_TIME;
	case BR_ERR_X509_DN_MISMATCH:
	case BR_ERR_X509_NOT_TRUSTED:
	case BR_ERR_X509_NOT_CA:
		return FETCH_TLS_TRUST;
	default:
		return error > BR_ERR_X509_OK && error <=
		    BR_ERR_X509_NOT_TRUSTED ? FETCH_TLS_WEAK : FETCH_TLS;
	}
}

enum fetch_error
tls_open(struct tls **out, struct wire *w, const char *host,
    const char *authorities, bool *old_clock)
{
	struct tls *t = calloc(1, sizeof(*t));

	*out = t;
	if (t == NULL)
		return FETCH_MEMORY;
	t->wire = w;
	/* BearSSL checks no name when it is given an empty one. */
	assert(host != NULL && host[0] != '\0');
	if (!tls_trust_read(&t->trust, authorities))
		return FETCH_TLS_ANCHORS;
	set_client(t);
	set_time(t, old_clock);
	if (!set_entropy(t) || !br_ssl_client_reset(&t->client, host, 0))
		return FETCH_TLS;
	br_sslio_init(&t->io, &t->client.eng, low_read, t, low_write, t);
	return br_sslio_flush(&t->io) == 0 ? FETCH_OK : handshake_error(t);
}

long
tls_read(struct tls *t, void *p, size_t n)
{
	int got = br_sslio_read(&t->io, p, n);

	if (got >= 0)
		return got;
	/* Whoever just hangs up has not said that this was all. */
	return br_ssl_engine_last_error(&t->client.eng) == BR_ERR_OK &&
	    !t->ended ? 0 : -1;
}

bool
tls_write(struct tls *t, const void *p, size_t n)
{
	return br_sslio_write_all(&t->io, p, n) == 0 &&
	    br_sslio_flush(&t->io) == 0;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	tls_trust_free(&t->trust);
	free(t);
}

#endif
