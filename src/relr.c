/*
 * Start-up of the static position-independent program where the C library's
 * own start file knows no packed relative relocations (musl before 1.2.4).
 * The link packs them (-z pack-relative-relocs: 2 KB in place of 140), names
 * relr_start as the entry, and this applies them before the library's _start
 * goes on as if nothing had been.  Compiled without stack protector: there is
 * no canary yet.  On other machines and C libraries the file is empty.
 */
#include <stddef.h>
#include <stdint.h>

void relr_apply(void);

#if defined(MCPCAP_RELR) && defined(__x86_64__)

#define TAG_NULL 0
#define TAG_RELR_SIZE 35 /* DT_RELRSZ of the ELF gABI; musl has no name */
#define TAG_RELR 36      /* DT_RELR */

struct dynamic {
	int64_t tag;
	uint64_t value;
};

extern const char image_start[] __asm__("__ehdr_start")
    __attribute__((visibility("hidden")));
extern const struct dynamic image_dynamic[] __asm__("_DYNAMIC")
    __attribute__((visibility("hidden")));

/* An even word is an address, an odd one a bit map of the 63 words behind
 * the last address or map. */
void
relr_apply(void)
{
	uintptr_t base = (uintptr_t)image_start;
	const uint64_t *words = NULL;
	uintptr_t *where = NULL;
	size_t n = 0;

	for (const struct dynamic *d = image_dynamic; d->tag != TAG_NULL;
	     d++) {
		if (d->tag == TAG_RELR)
			words = (const uint64_t *)(base + d->value);
		else if (d->tag == TAG_RELR_SIZE)
			n = d->value / sizeof(*words);
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t word = words[i];

		if ((word & 1) == 0) {
			where = (uintptr_t *)(base + word);
			*where++ += base;
			continue;
		}
		for (size_t k = 0; (word >>= 1) != 0; k++) {
			if (word & 1)
				where[k] += base;
		}
		where += 63;
	}
}

__asm__(".globl relr_start\n"
	".hidden relr_start\n"
	".type relr_start, @function\n"
	"relr_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rbx\n"
	"	and $-16, %rsp\n"
	"	call relr_apply\n"
	"	mov %rbx, %rsp\n"
	"	xor %edx, %edx\n"
	"	jmp _start\n");

#else

void
relr_apply(void)
{
}

#endif
