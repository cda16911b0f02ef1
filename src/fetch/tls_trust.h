#ifndef FETCH_TLS_TRUST_H
#define FETCH_TLS_TRUST_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Certificate authorities from a PEM file, as BearSSL wants them.  Those it
 * cannot use (RSA over 4096 bits) are left out.
 */
struct tls_trust {
	struct arena arena;
	void *anchors; /* br_x509_trust_anchor[n], in `arena` */
	size_t n;
};

/* False: no anchor.  To be freed in any case. */
bool tls_trust_read(struct tls_trust *t, const char *file);
/* The same from what stands in a file, which is changed on the way. */
bool tls_trust_text(struct tls_trust *t, struct buf *text);
void tls_trust_free(struct tls_trust *t);

#endif
