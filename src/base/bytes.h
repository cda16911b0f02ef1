#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * For a large local array that is filled before it is read, where millions
 * pass: the compiler otherwise zeroes it on each call.
 */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define BYTES_UNSET __attribute__((uninitialized))
#endif
#endif
#ifndef BYTES_UNSET
#define BYTES_UNSET
#endif

/*
 * Copying and comparing runs that are short most of the time: by words of
 * which the last may overlap the one before rather than by a call.  For the
 * few places where millions pass; all others say memcpy() and memcmp().
 */
static inline void
bytes_copy(uint8_t *to, const uint8_t *from, size_t n)
{
	if (n >= 16) {
		for (size_t i = 0; i + 16 < n; i += 16)
			memcpy(to + i, from + i, 16);
		memcpy(to + n - 16, from + n - 16, 16);
	} else if (n >= 8) {
		uint64_t start, end;

		memcpy(&start, from, 8);
		memcpy(&end, from + n - 8, 8);
		memcpy(to, &start, 8);
		memcpy(to + n - 8, &end, 8);
	} else if (n >= 4) {
		uint32_t start, end;

		memcpy(&start, from, 4);
		memcpy(&end, from + n - 4, 4);
		memcpy(to, &start, 4);
		memcpy(to + n - 4, &end, 4);
	} else if (n > 0) {
		to[0] = from[0];
		to[n / 2] = from[n / 2];
		to[n - 1] = from[n - 1];
	}
}

static inline bool
bytes_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint64_t x, y;

	if (n >= 8) {
		for (size_t i = 0; i + 8 < n; i += 8) {
			memcpy(&x, a + i, 8);
			memcpy(&y, b + i, 8);
			if (x != y)
				return false;
		}
		memcpy(&x, a + n - 8, 8);
		memcpy(&y, b + n - 8, 8);
		return x == y;
	}
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return false;
	}
	return true;
}

#endif
