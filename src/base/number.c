#include "base/number.h"

#include "base/digits.h"

const char digits_pairs[200] = { "00010203040506070809"
				 "10111213141516171819"
				 "20212223242526272829"
				 "30313233343536373839"
				 "40414243444546474849"
				 "50515253545556575859"
				 "60616263646566676869"
				 "70717273747576777879"
				 "80818283848586878889"
				 "90919293949596979899" };

const char digits_hex[16] = { "0123456789abcdef" };

__attribute__((cold)) unsigned
digits_hex_value(uint8_t byte)
{
	uint8_t letter = byte | 0x20;

	if (byte >= '0' && byte <= '9')
		return byte - (unsigned)'0';
	if (letter >= 'a' && letter <= 'f')
		return letter - (unsigned)'a' + 10;
	return 16;
}

static size_t
uint_width(uint64_t value)
{
	size_t width = 1;

	while (value >= 10000) {
		value /= 10000;
		width += 4;
	}
	if (value >= 1000)
		return width + 3;
	if (value >= 100)
		return width + 2;
	return width + (value >= 10);
}

static size_t
long_uint(char *out, uint64_t value)
{
	size_t width = uint_width(value);
	char *end = out + width;
	uint32_t rest;

	while (value > UINT32_MAX) {
		end -= 2;
		digits_two(end, (uint32_t)(value % 100));
		value /= 100;
	}
	rest = (uint32_t)value;
	while (end - out >= 2) {
		end -= 2;
		digits_two(end, rest % 100);
		rest /= 100;
	}
	if (end > out)
		*out = (char)('0' + rest);
	return width;
}

/* Most numbers are short. */
size_t
number_uint(char *out, uint64_t value)
{
	uint32_t n = (uint32_t)value;

	if (value >= 100000)
		return long_uint(out, value);
	if (n >= 10000) {
		*out = (char)('0' + n / 10000);
		digits_four(out + 1, n % 10000);
		return 5;
	}
	if (n >= 1000) {
		digits_four(out, n);
		return 4;
	}
	if (n >= 100) {
		*out = (char)('0' + n / 100);
		digits_two(out + 1, n % 100);
		return 3;
	}
	if (n >= 10) {
		digits_two(out, n);
		return 2;
	}
	*out = (char)('0' + n);
	return 1;
}

size_t
number_int(char *out, int64_t value)
{
	if (value >= 0)
		return number_uint(out, (uint64_t)value);
	out[0] = '-';
	return 1 + number_uint(out + 1, 0 - (uint64_t)value);
}

size_t
number_hex(char *out, uint64_t value, unsigned digits)
{
	unsigned width = 1;

	while (width < 16 && value >> (4 * width) != 0)
		width++;
	if (digits > 16)
		digits = 16;
	if (width < digits)
		width = digits;
	out[0] = '0';
	out[1] = 'x';
	for (unsigned i = width; i > 0; i--) {
		out[1 + i] = digits_hex[value & 15];
		value >>= 4;
	}
	return 2 + (size_t)width;
}
