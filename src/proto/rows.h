#ifndef PROTO_ROWS_H
#define PROTO_ROWS_H

#include "net/field.h"

/* Rows of the large tables in one line: name as in Wireshark, help.  What is
 * an initialiser has no use for parentheses. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define ROW_NUMBER(n, h, width, hex, words) \
	{ .name = n, .type = FIELD_UINT, .bits = width, .base = hex, \
	    .help = h, .names = words }
#define ROW_TYPE(n, h, kind, width) \
	{ .name = n, .type = kind, .bits = width, .help = h }
#define DEC8(n, h) ROW_NUMBER(n, h, 8, FIELD_DEC, NULL)
#define DEC16(n, h) ROW_NUMBER(n, h, 16, FIELD_DEC, NULL)
#define DEC32(n, h) ROW_NUMBER(n, h, 32, FIELD_DEC, NULL)
#define HEX8(n, h) ROW_NUMBER(n, h, 8, FIELD_HEX, NULL)
#define HEX16(n, h) ROW_NUMBER(n, h, 16, FIELD_HEX, NULL)
#define HEX24(n, h) ROW_NUMBER(n, h, 24, FIELD_HEX, NULL)
#define HEX32(n, h) ROW_NUMBER(n, h, 32, FIELD_HEX, NULL)
#define HEX64(n, h) ROW_NUMBER(n, h, 64, FIELD_HEX, NULL)
#define DEC8_NAMED(n, h, words) ROW_NUMBER(n, h, 8, FIELD_DEC, words)
#define DEC16_NAMED(n, h, words) ROW_NUMBER(n, h, 16, FIELD_DEC, words)
#define HEX16_NAMED(n, h, words) ROW_NUMBER(n, h, 16, FIELD_HEX, words)
#define INT32(n, h) ROW_TYPE(n, h, FIELD_INT, 32)
#define BOOL8(n, h) ROW_TYPE(n, h, FIELD_BOOL, 8)
#define BOOL16(n, h) ROW_TYPE(n, h, FIELD_BOOL, 16)
#define BOOL32(n, h) ROW_TYPE(n, h, FIELD_BOOL, 32)
#define TEXT(n, h) ROW_TYPE(n, h, FIELD_STRING, 0)
#define BYTES(n, h) ROW_TYPE(n, h, FIELD_BYTES, 0)
#define IPV4(n, h) ROW_TYPE(n, h, FIELD_IPV4, 0)
#define IPV6(n, h) ROW_TYPE(n, h, FIELD_IPV6, 0)
#define ETHER(n, h) ROW_TYPE(n, h, FIELD_ETHER, 0)
#define TIME(n, h) ROW_TYPE(n, h, FIELD_TIME, 0)
#define DURATION(n, h) ROW_TYPE(n, h, FIELD_DURATION, 0)
#define FRAME(n, h) ROW_TYPE(n, h, FIELD_FRAME, 0)
#define MARK(n, h) ROW_TYPE(n, h, FIELD_NONE, 0)
#define GUID(n, h) ROW_TYPE(n, h, FIELD_GUID, 0)
#define LAYER(n, h) ROW_TYPE(n, h, FIELD_PROTOCOL, 0)
#define COLON(n, h) \
	{ .name = n, .type = FIELD_BYTES, .separator = ':', .help = h }
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
