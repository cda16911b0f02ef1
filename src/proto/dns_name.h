#ifndef PROTO_DNS_NAME_H
#define PROTO_DNS_NAME_H

#include "base/addr.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"

/*
 * A domain name, read from the wire.  Compression pointers must point before
 * the labels that they follow (RFC 1035, 4.1.4: a prior occurrence), so that
 * no name loops; a name that breaks this rule or is longer than 255 bytes is
 * `bad` and its text says so in <>, which no name can be mistaken for.
 */
struct dns_name {
	struct span text; /* escaped as RFC 4343 has it; "." is the root */
	struct span key;  /* the same in lower case: equal names, equal keys */
	struct span raw;  /* labels with dots between, not escaped */
	bool bad;
	bool plain;       /* text is printable ASCII, no quote, no backslash */
};

extern const struct dns_name dns_name_root;

#define DNS_NAMES_KEPT 8

/* Of one message; remembers where names stood, since most owners are one
 * pointer to the question or into it.  Begins with dns_names_init(). */
struct dns_names {
	struct arena *arena;
	size_t n;
	struct dns_name_at {
		uint32_t offset;
		/* Where its labels end there, when the text is a plain copy of
		 * them; else 0. */
		uint32_t end;
		const struct dns_name *name;
	} kept[DNS_NAMES_KEPT];
};

static inline void
dns_names_init(struct dns_names *names, struct arena *arena)
{
	names->arena = arena;
	names->n = 0;
}

/*
 * The name at the cursor, whose base is byte 0 of the message; the same name
 * where it was read before.  On a short or impossible label the cursor fails
 * and the name is empty.
 */
const struct dns_name *dns_name_take(struct dns_names *names,
    struct cursor *c);
/* The same of the first name of a message, to which nothing points. */
const struct dns_name *dns_name_take_first(struct dns_names *names,
    struct cursor *c);
/* What a pointer at `from` means, when a name was read where it points. */
static inline const struct dns_name *
dns_name_kept(const struct dns_names *names, size_t target, size_t from)
{
	for (size_t i = 0; i < DNS_NAMES_KEPT && i < names->n; i++)
		if (names->kept[i].offset == target && target < from)
			return names->kept[i].name;
	return NULL;
}

struct dns_name dns_name_read(struct dns_names *names, struct cursor *c);
/* One that need not end in a zero: RFC 4702, 3.1 and RFC 4704, 4.2. */
struct dns_name dns_name_read_partial(struct dns_names *names,
    struct cursor *c);

/* As Wireshark 4.0 prints it in dns.qry.name: "<Root>", \001, \u202E. */
struct span dns_name_shown(const struct dns_name *name, struct arena *arena);
/* Foreign text with the same escapes. */
struct span dns_text_shown(struct span raw, struct arena *arena);

/* "x.1.168.192.in-addr.arpa" and ".ip6.arpa" to the address; false if the
 * name is none. */
bool dns_name_address(struct span key, struct addr *a);

#endif
