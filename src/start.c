/*
 * The first instructions of the position-independent program with musl.
 *
 * Its tables hold some six thousand pointers.  Packed (RELR), their
 * relocations take two kilobytes instead of a hundred and fifty; but the
 * start-up code of musl before 1.2.4 does not know the packed form.  So we
 * unpack it, before that code runs, and then go on as if nothing had been.
 * The Makefile links this file in this way only where the linker can pack.
 */
#ifdef MCPCAP_START

#include <elf.h>
#include <stdint.h>

#include "base/span.h"

#ifndef DT_RELR
#define DT_RELRSZ 35
#define DT_RELR 36
#endif

#if defined(__x86_64__)
__asm__(".text\n"
    ".global mcpcap_start\n"
    ".type mcpcap_start, @function\n"
    "mcpcap_start:\n"
    "	xor %ebp, %ebp\n"
    "	mov %rsp, %rbx\n"
    "	and $-16, %rsp\n"
    "	call start_relocate\n"
    "	mov %rbx, %rsp\n"
    "	xor %edx, %edx\n"
    "	jmp _start\n");
#elif defined(__aarch64__)
__asm__(".text\n"
    ".global mcpcap_start\n"
    ".type mcpcap_start, %function\n"
    "mcpcap_start:\n"
    "	mov x29, #0\n"
    "	mov x30, #0\n"
    "	mov x19, sp\n"
    "	bl start_relocate\n"
    "	mov sp, x19\n"
    "	b _start\n");
#else
#error "no start for this processor"
#endif

extern Elf64_Dyn program_dynamic[] __asm__("_DYNAMIC")
    __attribute__((visibility("hidden")));
extern const Elf64_Ehdr program_base __asm__("__ehdr_start")
    __attribute__((visibility("hidden")));

void start_relocate(void);

/*
 * An even entry is an address to relocate; an odd one a bitmap of the 63
 * words behind.  Nothing is set up yet: no call, no stack protector.  A C
 * library that knows the packed form shall find nothing left to do.
 */
__attribute__((no_stack_protector, used)) void
start_relocate(void)
{
	uintptr_t base = (uintptr_t)&program_base;
	const Elf64_Addr *entry = NULL, *end;
	Elf64_Addr *at = NULL;
	size_t n = 0;

	for (Elf64_Dyn *d = program_dynamic; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_RELR) {
			entry = (const Elf64_Addr *)(base + d->d_un.d_ptr);
		} else if (d->d_tag == DT_RELRSZ) {
			n = d->d_un.d_val / sizeof(*entry);
			d->d_un.d_val = 0;
		}
	}
	if (entry == NULL)
		return;
	for (end = entry + n; entry < end; entry++) {
		if ((*entry & 1) == 0) {
			at = (Elf64_Addr *)(base + *entry);
			*at++ += base;
			continue;
		}
		for (unsigned bit = 0; bit < 63; bit++)
			if ((*entry >> (bit + 1) & 1) != 0)
				at[bit] += base;
		at += 63;
	}
}

#else

typedef int start_is_elsewhere; /* a file must hold something */

#endif
