#ifndef PROTO_DNS_WORDS_H
#define PROTO_DNS_WORDS_H

#include "net/field.h"

/* Names of DNS numbers, as IANA lists them. */
extern const struct value_name dns_types[], dns_classes[], dns_opcodes[];
extern const struct value_name dns_rcodes[], dns_algorithms[], dns_digests[];
extern const struct value_name dns_options[], dns_ext_errors[];
extern const struct value_name dns_svc_keys[], dns_tsig_errors[];

#endif
