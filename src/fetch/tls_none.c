#include "fetch/tls.h"

#include <stddef.h>

#ifndef MCPCAP_BEARSSL

const char *const tls_name = NULL;

const char *
tls_authorities(void)
{
	return NULL;
}

enum fetch_error
tls_open(struct tls **t, struct wire *w, const char *host,
    const char *authorities, bool *old_clock)
{
	(void)w;
	(void)host;
	(void)authorities;
	(void)old_clock;
	*t = NULL;
	return FETCH_NO_TLS;
}

long
tls_read(struct tls *t, void *p, size_t n)
{
	(void)t;
	(void)p;
	(void)n;
	return -1;
}

bool
tls_write(struct tls *t, const void *p, size_t n)
{
	(void)t;
	(void)p;
	(void)n;
	return false;
}

void
tls_free(struct tls *t)
{
	(void)t;
}

#endif
