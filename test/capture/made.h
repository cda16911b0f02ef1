#ifndef TEST_CAPTURE_MADE_H
#define TEST_CAPTURE_MADE_H

#include <stddef.h>
#include <stdint.h>

#include "noise.h"

/* A capture that a test makes in memory, of a seeded noise. */
#define ROOM ((size_t)3 << 20)

static uint8_t file[ROOM];
static size_t size;

static void
put32(uint32_t v)
{
	for (int i = 0; i < 4; i++)
		file[size++] = (uint8_t)(v >> 8 * i);
}

#endif
