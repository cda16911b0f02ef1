#ifndef PROTO_SIP_HEADER_H
#define PROTO_SIP_HEADER_H

#include "base/span.h"

/* The headers of SIP that are known by name, full or compact. */
struct sip_header_row {
	const char *name;
	uint8_t length;
	char compact; /* 0 none */
	uint8_t id;   /* enum sip_header_id */
	uint8_t row;  /* enum sip_row; SIP_ROW_SIP: none of its own */
};

/* Without regard to case; NULL: another one. */
const struct sip_header_row *sip_header_find(struct span name);

#endif
