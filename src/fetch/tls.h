#ifndef FETCH_TLS_H
#define FETCH_TLS_H

#include "fetch/wire.h"

/*
 * TLS over a wire, as little of it as a download needs.  One file of two
 * stands behind this: tls_none.c, or tls_bearssl.c when it is built in.
 */
struct tls;

/* What is built in, for people: "TLS 1.2 (BearSSL 0.6)"; NULL: nothing. */
extern const char *const tls_name;

/* The file with certificate authorities when none is named; NULL: there is
 * none.  Asked before the sandbox is closed. */
const char *tls_authorities(void);
/* Shakes hands with `host`, whose name is checked; *old_clock is set when the
 * clock stands before the day of the build, which then counts instead. */
enum fetch_error tls_open(struct tls **t, struct wire *w, const char *host,
    const char *authorities, bool *old_clock);
/* As wire_read(); the end is told only when the server said it. */
long tls_read(struct tls *t, void *p, size_t n);
bool tls_write(struct tls *t, const void *p, size_t n);
void tls_free(struct tls *t);

#endif
