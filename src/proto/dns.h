#ifndef PROTO_DNS_H
#define PROTO_DNS_H

#include "proto/proto.h"

extern const struct proto proto_dns, proto_mdns, proto_llmnr;

/* A name: as it is compared (lower case) and as it was written, both with
 * RFC 4343 escapes.  "." is the root. */
struct dns_name {
	struct span text;  /* as it was written */
};

struct dns_question {
	struct dns_name name;
	uint16_t type, class;
};

struct dns_record {
	struct dns_name owner;
	uint16_t type, class;
	uint32_t ttl;
	struct span data;
};

struct dns_message {
	uint16_t id, flags;
	uint16_t counts[4]; /* as the header says */
	size_t n_questions, n_records;
	struct dns_question *questions;
	struct dns_record *records;
	struct span bytes;
};

#endif
