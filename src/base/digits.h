#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stdint.h>
#include <string.h>

/* "00" to "99", two characters each; 16 characters of lower case hex. */
extern const char digits_pairs[200];
extern const char digits_hex[16];

/* What a hex digit of either case is worth; 16: the byte is none. */
unsigned digits_hex_value(uint8_t byte);

/* `value` < 100 as exactly two digits. */
static inline void
digits_two(char *out, uint32_t value)
{
	memcpy(out, digits_pairs + value * 2, 2);
}

/* `value` < 10000 as exactly four digits. */
static inline void
digits_four(char *out, uint32_t value)
{
	digits_two(out, value / 100);
	digits_two(out + 2, value % 100);
}

/* `value` < 10^9 as exactly nine digits. */
static inline void
digits_nine(char *out, uint32_t value)
{
	out[0] = (char)('0' + value / 100000000);
	value %= 100000000;
	digits_four(out + 1, value / 10000);
	digits_four(out + 5, value % 10000);
}

#endif
