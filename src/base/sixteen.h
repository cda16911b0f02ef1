#ifndef BASE_SIXTEEN_H
#define BASE_SIXTEEN_H

#include <stdint.h>
#include <string.h>

/* Sixteen bytes at once, in the vectors of whatever machine it is; as two words
 * they are in the machine's order. */
typedef uint8_t sixteen __attribute__((vector_size(16)));
typedef uint64_t two __attribute__((vector_size(16)));

static inline sixteen
sixteen_at(const uint8_t *p)
{
	sixteen bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return bytes;
}

#endif
