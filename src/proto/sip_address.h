#ifndef PROTO_SIP_ADDRESS_H
#define PROTO_SIP_ADDRESS_H

#include "proto/sip.h"

/* The grammar inside SIP header values (RFC 3261, 25.1), as far as answers
 * need it: spans in, spans out, nothing fails. */

/* The bytes up to `end` or to the end of *s; *s moves behind `end`. */
struct span sip_until(struct span *s, uint8_t end);
/* A sip:, sips: or tel: URI, without parameters. */
struct sip_uri {
	struct span user, host, port;
};

struct sip_uri sip_uri_read(struct span uri);
/* The value of ;name=... in a parameter list; empty for a bare ;name.  `name`
 * is in small letters. */
struct span sip_parameter(struct span list, const char *name);
/* "Name" <uri>;tag=x, or uri;tag=x */
void sip_address_read(struct span value, struct sip_address *a);
/* The next of addresses with commas between; *list moves behind it. */
struct span sip_address_next(struct span *list);
/* name="value" or name=value out of a comma list. */
struct span sip_credential(struct span list, const char *name);

#endif
