/*
 * The first instructions of the position-independent program with musl.
 * They make of a small file the program that was linked:
 *
 * Its tables hold some six thousand pointers.  Packed (RELR), their
 * relocations take two kilobytes instead of a hundred and fifty; but the
 * start-up code of musl before 1.2.4 does not know the packed form.  So we
 * unpack it, before that code runs, and then go on as if nothing had been.
 *
 * Its constants (tables, names, texts: start.ld) are gzip in the file, a
 * third of their size.  Before main() they are unpacked to their place and
 * relocated.
 *
 * Last, what is constant is made read-only.  That musl does not do for a
 * static program, though the linker asks for it (RELRO).
 *
 * The Makefile links this file in this way only where the linker can pack.
 */
#ifdef MCPCAP_START

#include <elf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/inflate.h"

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

#define HIDDEN __attribute__((visibility("hidden")))

extern Elf64_Dyn program_dynamic[] __asm__("_DYNAMIC") HIDDEN;
extern const Elf64_Ehdr program_base __asm__("__ehdr_start") HIDDEN;
/* From start.ld: whole pages for the constants, and what fills them. */
extern uint8_t start_constants[] HIDDEN, start_constants_end[] HIDDEN;
extern const uint8_t start_packed[] HIDDEN, start_packed_end[] HIDDEN;

void start_relocate(void);

/* The packed relocations. */
static struct {
	const Elf64_Addr *entry;
	size_t n;
} relr;

/*
 * Relocates the constants, or else the rest.  An even entry is an address
 * to relocate; an odd one a bitmap of the 63 words behind.
 */
__attribute__((no_stack_protector)) static void
relocate(bool constants)
{
	uintptr_t base = (uintptr_t)&program_base;
	Elf64_Addr *at = NULL;

	for (size_t i = 0; i < relr.n; i++) {
		Elf64_Addr bits = relr.entry[i];

		if ((bits & 1) == 0) {
			at = (Elf64_Addr *)(base + bits);
			bits = 3;
		}
		for (Elf64_Addr *p = at; (bits >>= 1) != 0; p++)
			if ((bits & 1) != 0 &&
			    constants == ((uint8_t *)p >= start_constants &&
			    (uint8_t *)p < start_constants_end))
				*p += base;
		at += (relr.entry[i] & 1) == 0 ? 1 : 63;
	}
}

/*
 * Nothing is set up yet: no call of the library, no stack protector.  A C
 * library that knows the packed form shall find nothing left to do.
 */
__attribute__((no_stack_protector, used)) void
start_relocate(void)
{
	uintptr_t base = (uintptr_t)&program_base;

	for (Elf64_Dyn *d = program_dynamic; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_RELR) {
			relr.entry = (const Elf64_Addr *)(base + d->d_un.d_ptr);
		} else if (d->d_tag == DT_RELRSZ) {
			relr.n = d->d_un.d_val / sizeof(*relr.entry);
			d->d_un.d_val = 0;
		}
	}
	relocate(false);
}

static size_t
distance(const uint8_t *from, const uint8_t *to)
{
	return (size_t)((uintptr_t)to - (uintptr_t)from);
}

static bool
unpack(void)
{
	struct span in = { start_packed,
		distance(start_packed, start_packed_end) };
	size_t room = distance(start_constants, start_constants_end);
	size_t at = 0, n;
	struct inflate *z;
	enum inflate_status status;

	if (in.n == 0)
		return true; /* the first link */
	z = inflate_new();
	if (z == NULL)
		return false;
	do {
		status = inflate_read(
		    z, &in, start_constants + at, room - at, &n);
		at += n;
	} while (status == INFLATE_MORE_INPUT ||
	    (status == INFLATE_MORE_ROOM && n > 0));
	inflate_free(z);
	return status == INFLATE_END && at == room;
}

static bool
protect(void)
{
	uintptr_t base = (uintptr_t)&program_base, page, end;
	const Elf64_Phdr *p =
	    (const Elf64_Phdr *)(base + program_base.e_phoff);
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < program_base.e_phnum; i++) {
		if (p[i].p_type != PT_GNU_RELRO)
			continue;
		page = (base + p[i].p_vaddr) & ~(size - 1);
		end = (base + p[i].p_vaddr + p[i].p_memsz) & ~(size - 1);
		if (mprotect((void *)page, end - page, PROT_READ) != 0)
			return false;
	}
	return mprotect(start_constants,
	    distance(start_constants, start_constants_end), PROT_READ) == 0;
}

/* Before main(): libc stands, no constant of ours does. */
__attribute__((constructor)) static void
start_constants_fill(void)
{
	static const char message[] = "mcpcap: the program file is damaged\n";

	if (unpack()) {
		relocate(true);
		if (protect())
			return;
	}
	(void)!write(STDERR_FILENO, message, sizeof(message) - 1);
	_exit(1);
}

#else

typedef int start_is_elsewhere; /* a file must hold something */

#endif
