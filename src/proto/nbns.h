#ifndef PROTO_NBNS_H
#define PROTO_NBNS_H

#include "proto/proto.h"

/* NetBIOS name service (RFC 1002, 4.2): DNS's shape, names of 15 characters
 * and a suffix. */
extern const struct proto proto_nbns;

#define NBNS_NAME 160

struct nbns_name {
	char text[NBNS_NAME]; /* "FILES<20>", with the scope; ends with NUL */
	uint8_t suffix;
};

struct nbns_question {
	struct nbns_name name;
	uint16_t type, class;
};

struct nbns_record {
	struct nbns_name name;
	uint16_t type, class;
	uint32_t ttl;
	bool has_address;    /* NB records: the first of them */
	struct addr address;
};

struct nbns_message {
	uint16_t id, flags;
	bool response;
	uint8_t opcode, rcode;
	uint16_t counts[4];
	bool whole;
	size_t n_questions, n_records;
	const struct nbns_question *questions;
	const struct nbns_record *records;
};

#endif
