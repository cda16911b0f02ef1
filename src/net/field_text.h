#ifndef NET_FIELD_TEXT_H
#define NET_FIELD_TEXT_H

#include "base/buf.h"
#include "net/field.h"

/*
 * A value as `tshark -T fields` (4.0) prints it: "0x0800", "1", "0.004947000",
 * "Jun  2, 2013 19:14:02.323173000 UTC".  A layer is its title, a mark is
 * "1".  Text ends at its first NUL; invalid UTF-8 becomes U+FFFD; BEL to CR
 * become \a to \r.  One difference: other characters that cannot be seen
 * become \xNN, where tshark sends them to the terminal as they are.
 */
void field_text(struct buf *out, const struct field_value *v);
/* The same for whole numbers and addresses alone, which are plain ASCII; 0
 * for others. */
size_t field_short_text(char text[ADDR_TEXT], const struct field_value *v);

#endif
