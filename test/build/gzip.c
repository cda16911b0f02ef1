/* RFC 1952 around RFC 1951 stored blocks. */
#include <string.h>

#include "build/fixture.h"

static uint32_t
crc32_of(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* RFC 1952 header with the optional parts that the words ask for. */
static void
gzip_header(struct file *f)
{
	struct bytes h = { 0 };
	const struct word *name = words_find(&f->gzip, "name");
	const struct word *comment = words_find(&f->gzip, "comment");
	uint64_t extra = words_uint(&f->gzip, "extra", 0);
	unsigned flags = 0;

	flags |= words_have(&f->gzip, "hcrc") ? 2 : 0;
	flags |= extra != 0 ? 4 : 0;
	flags |= name != NULL ? 8 : 0;
	flags |= comment != NULL ? 16 : 0;
	bytes_uint(&h, 0x1f8b0800 | flags, 4, true);
	bytes_uint(&h, 0x00000000ff03, 6, true);
	if (extra != 0) {
		bytes_uint(&h, extra, 2, false);
		bytes_fill(&h, 'x', extra);
	}
	if (name != NULL)
		bytes_add(&h, name->value, name->n + 1);
	if (comment != NULL)
		bytes_add(&h, comment->value, comment->n + 1);
	if (flags & 2)
		bytes_uint(&h, crc32_of(h.p, h.n), 2, false);
	bytes_join(&f->packed, &h);
}

void
file_member(struct file *f)
{
	const uint8_t *p = f->out.p + f->member;
	size_t n = f->out.n - f->member;
	uint32_t crc = crc32_of(p, n);

	gzip_header(f);
	for (size_t at = 0; at < n || at == 0;) {
		size_t piece = n - at > 65535 ? 65535 : n - at;

		bytes_uint(&f->packed, at + piece == n, 1, false);
		bytes_uint(&f->packed, piece, 2, false);
		bytes_uint(&f->packed, ~piece, 2, false);
		bytes_add(&f->packed, p + at, piece);
		at += piece;
		if (piece == 0)
			break;
	}
	bytes_uint(&f->packed, words_uint(&f->gzip, "crc", crc), 4, false);
	bytes_uint(&f->packed, words_uint(&f->gzip, "size", n), 4, false);
	f->member = f->out.n;
}
