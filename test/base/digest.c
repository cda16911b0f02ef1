#include "base/digest.h"

#include <stdio.h>

#include "tap.h"

static const char *
hex_of(struct digest *d)
{
	static char hex[2 * DIGEST_MAX + 1];
	uint8_t bytes[DIGEST_MAX];
	size_t n = digest_end(d, bytes);

	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	hex[2 * n] = '\0';
	return hex;
}

static const char *
digest_of(enum digest_kind kind, struct span s)
{
	struct digest d;

	digest_init(&d, kind);
	digest_add(&d, s);
	return hex_of(&d);
}

static void
is(enum digest_kind kind, const char *text, const char *wanted)
{
	ok_text(digest_of(kind, span_text(text)), wanted);
}

/* RFC 1321, appendix A.5 */
static void
test_md5(void)
{
	is(DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
	is(DIGEST_MD5, "a", "0cc175b9c0f1b6a831c399e269772661");
	is(DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72");
	is(DIGEST_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0");
	is(DIGEST_MD5, "abcdefghijklmnopqrstuvwxyz",
	    "c3fcd3d76192e4007dfb496cca67e13b");
	is(DIGEST_MD5,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	    "d174ab98d277d9f5a5611c2c9f419d9f");
	is(DIGEST_MD5,
	    "1234567890123456789012345678901234567890123456789012345678901234"
	    "5678901234567890",
	    "57edf4a22be3c955ac49da2e2107b67a");
}

/* RFC 3174, 7.3 and FIPS 180-4's examples */
static void
test_sha(void)
{
	is(DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	is(DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
	is(DIGEST_SHA1,
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	is(DIGEST_SHA256, "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	is(DIGEST_SHA256, "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	is(DIGEST_SHA256,
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_million(void)
{
	static char text[1000000];
	struct span s = span_of(text, sizeof(text));

	memset(text, 'a', sizeof(text));
	ok_text(digest_of(DIGEST_MD5, s), "7707d6ae4e027c70eea2a935c2296f21");
	ok_text(digest_of(DIGEST_SHA1, s),
	    "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	ok_text(digest_of(DIGEST_SHA256, s),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	ok_int(crc32_add(0, s), 0xdc25bfbc);
}

/* In any portions, around every border of blocks, the same. */
static void
test_portions(void)
{
	uint8_t text[200];
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 37);
	for (int kind = DIGEST_MD5; kind <= DIGEST_SHA256; kind++) {
		for (size_t n = 0; n <= sizeof(text); n++) {
			struct span s = span_of(text, n);
			struct digest d;
			char whole[2 * DIGEST_MAX + 1];

			snprintf(whole, sizeof(whole), "%s",
			    digest_of((enum digest_kind)kind, s));
			digest_init(&d, (enum digest_kind)kind);
			while (s.n > 0) {
				size_t part = 1 + s.n * 31 % 90;

				digest_add(&d, span_first(s, part));
				s = span_after(s, part);
			}
			wrong += strcmp(hex_of(&d), whole) != 0;
		}
	}
	ok_int(wrong, 0);
}

static uint32_t
crc_by_bits(struct span s)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < s.n; i++) {
		crc ^= s.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320 & (0 - (crc & 1)));
	}
	return ~crc;
}

static void
test_crc(void)
{
	uint8_t text[300];
	unsigned wrong = 0;

	ok_int(crc32_add(0, span_text("123456789")), 0xcbf43926);
	ok_int(crc32_add(0, span_empty()), 0);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * i + 7 * i);
	for (size_t from = 0; from < 20; from++) {
		for (size_t n = 0; n <= sizeof(text) - 20; n++) {
			struct span s = span_of(text + from, n);
			uint32_t crc = crc32_add(0, span_first(s, n / 3));

			crc = crc32_add(crc, span_after(s, n / 3));
			wrong += crc != crc_by_bits(s);
		}
	}
	ok_int(wrong, 0);
}

/* So long that lanes go side by side, and a little more or less. */
static void
test_long_crc(void)
{
	static uint8_t text[9000];
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * i * 31 + i / 7);
	for (size_t n = 4080; n < sizeof(text); n += 41) {
		struct span s = span_of(text + n % 8, n - 8);

		wrong += crc32_add(0, s) != crc_by_bits(s);
		wrong += crc32_add(crc32_add(0, span_first(s, 99)),
			     span_after(s, 99)) != crc_by_bits(s);
	}
	ok_int(wrong, 0);
}

int
main(void)
{
	test_md5();
	test_sha();
	test_million();
	test_portions();
	test_crc();
	test_long_crc();
	return tap_done();
}
