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
 * fourth of their size.  Before main() they are unpacked to their place and
 * relocated; the pointers among them come apart (start.awk).
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

/* The pointers among the constants: three bytes of each step from one to the
 * next, in as many rows.  None of a program that was not packed. */
struct steps {
	const uint8_t *p;
	size_t n;
	/* Not relocated: the one before, and the last in a row of strings. */
	Elf64_Addr last, row;
};

/* The next pointer, not relocated: start.awk. */
static inline __attribute__((always_inline)) Elf64_Addr
step_take(struct steps *s, uintptr_t base)
{
	const uint8_t *p = s->p++;
	Elf64_Addr step = p[0] + ((Elf64_Addr)p[s->n] << 8) +
	    ((Elf64_Addr)p[2 * s->n] << 16);

	if (step > 1)
		return s->last = (s->last + step - 2) & 0x7fffff;
	p = (const uint8_t *)(base + (step == 0 ? s->last : s->row));
	while (*p++ != 0)
		continue;
	return s->last = s->row = (Elf64_Addr)p - base;
}

/*
 * Relocates the constants, or else the rest.  An even entry is an address
 * to relocate; an odd one a bitmap of the 63 words behind.
 */
__attribute__((no_stack_protector)) static void
relocate(bool constants, struct steps steps)
{
	uintptr_t base = (uintptr_t)&program_base;
	Elf64_Addr *at = NULL;

	for (size_t i = 0; i < relr.n; i++) {
		Elf64_Addr bits = relr.entry[i];

		if ((bits & 1) == 0) {
			at = (Elf64_Addr *)(base + bits);
			bits = 3;
		}
		for (Elf64_Addr *p = at; (bits >>= 1) != 0; p++) {
			if ((bits & 1) == 0 ||
			    constants != ((uint8_t *)p >= start_constants &&
			    (uint8_t *)p < start_constants_end))
				continue;
			if (steps.n > 0)
				*p = step_take(&steps, base);
			*p += base;
		}
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
	relocate(false, (struct steps){ .n = 0 });
}

static size_t
distance(const uint8_t *from, const uint8_t *to)
{
	return (size_t)((uintptr_t)to - (uintptr_t)from);
}

/* Goes on to fill `n` bytes, or until the end. */
static enum inflate_status
unpack_to(struct inflate *z, struct span *in, uint8_t *to, size_t n, size_t *at)
{
	enum inflate_status status;
	unsigned ends = 0; /* the end is known at the second call there */
	size_t got;

	*at = 0;
	do {
		status = inflate_read(z, in, to + *at, n - *at, &got);
		*at += got;
	} while ((status == INFLATE_MORE_ROOM && got > 0) ||
	    (status == INFLATE_MORE_INPUT && ends++ < 2));
	return status;
}

/* The constants to their place, and behind them the pointers to `steps`,
 * which has room for one in every word. */
static bool
unpack(struct inflate *z, uint8_t *steps, size_t words, size_t *n)
{
	struct span in = { start_packed,
		distance(start_packed, start_packed_end) };
	size_t room = words * sizeof(Elf64_Addr);

	if (unpack_to(z, &in, start_constants, room, n) != INFLATE_MORE_ROOM ||
	    *n != room)
		return false;
	if (unpack_to(z, &in, steps, 3 * words, n) != INFLATE_END)
		return false;
	*n /= 3;
	return true;
}

static bool
constants_make(void)
{
	size_t words = distance(start_constants, start_constants_end) /
	    sizeof(Elf64_Addr);
	struct inflate *z;
	uint8_t *steps;
	bool made;
	size_t n;

	if (distance(start_packed, start_packed_end) == 0) {
		/* The first link has them where they belong. */
		relocate(true, (struct steps){ .n = 0 });
		return true;
	}
	z = inflate_new();
	steps = malloc(3 * words);
	made = z != NULL && steps != NULL && unpack(z, steps, words, &n);
	if (made)
		relocate(true, (struct steps){ .p = steps, .n = n });
	inflate_free(z);
	free(steps);
	return made;
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

	if (constants_make() && protect())
		return;
	(void)!write(STDERR_FILENO, message, sizeof(message) - 1);
	_exit(1);
}

#else

typedef int start_is_elsewhere; /* a file must hold something */

#endif
