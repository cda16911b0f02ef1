#include "base/inflate_state.h"

#include <stdlib.h>

#include "base/digest.h"

/* RFC 1952, 2.3.1 */
#define HEAD_BYTES 10
#define FLAG_HEADER_CRC 2
#define FLAG_EXTRA 4
#define FLAG_NAME 8
#define FLAG_COMMENT 16
#define FLAGS_RESERVED 0xe0

static void
sum_up(struct inflate *z, struct inflate_output *out)
{
	size_t n = (size_t)(out->p - out->summed);

	z->crc = crc32_add(z->crc, span_of(out->summed, n));
	z->size += (uint32_t)n;
	out->summed = out->p;
}

/* Keeps the last bytes for the matches of the next call. */
static void
keep_window(struct inflate *z, const struct inflate_output *out)
{
	size_t n = (size_t)(out->p - out->member), first;

	if (n >= INFLATE_WINDOW) {
		memcpy(z->window, out->p - INFLATE_WINDOW, INFLATE_WINDOW);
		z->window_at = 0;
		z->window_n = INFLATE_WINDOW;
		return;
	}
	first = INFLATE_WINDOW - z->window_at;
	if (first > n)
		first = n;
	memcpy(z->window + z->window_at, out->member, first);
	memcpy(z->window, out->member + first, n - first);
	z->window_at = (z->window_at + n) % INFLATE_WINDOW;
	z->window_n += n;
	if (z->window_n > INFLATE_WINDOW)
		z->window_n = INFLATE_WINDOW;
}

static bool
go(struct inflate *z, inflate_step *step)
{
	z->at = 0;
	z->step = step;
	return true;
}

static bool
header_byte(struct inflate *z, struct span *in, uint8_t *byte)
{
	if (!inflate_need(z, in, 8))
		return false;
	*byte = (uint8_t)inflate_take(z, 8);
	z->header_crc = crc32_add(z->header_crc, span_of(byte, 1));
	return true;
}

static bool
header_crc_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint32_t wanted = z->header_crc & 0xffff;

	(void)out;
	if ((z->flags & FLAG_HEADER_CRC) != 0) {
		if (!inflate_need(z, in, 16))
			return false;
		if (inflate_take(z, 16) != wanted)
			return inflate_stop(z, INFLATE_BAD_HEADER);
	}
	return go(z, inflate_block);
}

/* Passes bytes up to and with the next zero. */
static bool
skip_text(struct inflate *z, struct span *in)
{
	uint8_t byte = 1;

	while (byte != 0) {
		if (!header_byte(z, in, &byte))
			return false;
	}
	return true;
}

static bool
comment_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	(void)out;
	if ((z->flags & FLAG_COMMENT) != 0 && !skip_text(z, in))
		return false;
	return go(z, header_crc_step);
}

static bool
name_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	(void)out;
	if ((z->flags & FLAG_NAME) != 0 && !skip_text(z, in))
		return false;
	return go(z, comment_step);
}

static bool
extra_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint8_t byte;

	(void)out;
	if ((z->flags & FLAG_EXTRA) == 0)
		return go(z, name_step);
	/* Two bytes of size, then so many. */
	while (z->at < 2 || z->left > 0) {
		if (!header_byte(z, in, &byte))
			return false;
		if (z->at < 2)
			z->left |= (unsigned)byte << (8 * z->at++);
		else
			z->left--;
	}
	return go(z, name_step);
}

/* Whatever comes after the last member is not ours. */
static bool
end_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	(void)in;
	(void)out;
	return inflate_stop(z, INFLATE_END);
}

static bool
head_byte_is_good(struct inflate *z, uint8_t byte)
{
	static const uint8_t magic[] = { 0x1f, 0x8b, 8 };

	if (z->at < sizeof(magic))
		return byte == magic[z->at];
	if (z->at == sizeof(magic))
		z->flags = byte;
	return (z->flags & FLAGS_RESERVED) == 0;
}

static bool
may_be_magic(struct span s)
{
	return s.p[0] == 0x1f && (s.n < 2 || s.p[1] == 0x8b);
}

/* Behind a member: another one, the end, or bytes that are neither. */
static bool
begins_member(struct inflate *z, const struct span *in)
{
	if (in->n == 0)
		return inflate_stop(
		    z, z->empty_calls < 2 ? INFLATE_MORE_INPUT : INFLATE_END);
	if (may_be_magic(*in))
		return true;
	z->step = end_step;
	return inflate_stop(z, INFLATE_END);
}

static bool
head_step(struct inflate *z, struct span *in, struct inflate_output *out)
{
	uint8_t byte;

	if (z->at == 0) {
		if (z->members > 0 && !begins_member(z, in))
			return false;
		z->flags = 0;
		z->left = 0;
		z->header_crc = z->crc = z->size = 0;
		z->window_n = 0;
		out->member = out->p;
	}
	for (; z->at < HEAD_BYTES; z->at++) {
		if (!header_byte(z, in, &byte))
			return false;
		if (head_byte_is_good(z, byte))
			continue;
		if (z->members > 0 && z->at == 1)
			return go(z, end_step);
		return inflate_stop(z, INFLATE_BAD_HEADER);
	}
	return go(z, extra_step);
}

bool
inflate_trailer(struct inflate *z, struct span *in, struct inflate_output *out)
{
	if (z->at == 0) {
		inflate_take(z, z->n_bits % 8);
		sum_up(z, out);
		if (!inflate_need(z, in, 32))
			return false;
		if (inflate_take(z, 32) != z->crc)
			return inflate_stop(z, INFLATE_BAD_CRC);
		z->at = 1;
	}
	if (!inflate_need(z, in, 32))
		return false;
	if (inflate_take(z, 32) != z->size)
		return inflate_stop(z, INFLATE_BAD_CRC);
	z->members++;
	return go(z, head_step);
}

struct inflate *
inflate_new(void)
{
	struct inflate *z = calloc(1, sizeof(*z));

	if (z != NULL)
		z->step = head_step;
	return z;
}

void
inflate_free(struct inflate *z)
{
	free(z);
}

static bool
is_bad(enum inflate_status status)
{
	return status == INFLATE_BAD_DATA || status == INFLATE_BAD_CRC ||
	    status == INFLATE_BAD_HEADER;
}

enum inflate_status
inflate_read(
    struct inflate *z, struct span *in, uint8_t *out, size_t room, size_t *n)
{
	struct inflate_output output = { out, out, out + room, out };

	*n = 0;
	if (is_bad(z->status))
		return z->status;
	z->empty_calls = in->n > 0 ? 0 : z->empty_calls + 1;
	while (z->step(z, in, &output))
		continue;
	sum_up(z, &output);
	keep_window(z, &output);
	*n = (size_t)(output.p - out);
	return z->status;
}
