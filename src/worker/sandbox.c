#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/span.h"

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define INSTRUMENTED 1
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED 0
#endif

#ifdef __GLIBC__
#define LOADS_LIBRARIES 1
#else
#define LOADS_LIBRARIES 0
#endif

#ifdef __linux__

/* The kernel's numbers, as older headers and musl's lack them. */
#define MDWE_SET 65
#define MDWE_GET 66
#define MDWE_REFUSE_EXEC_GAIN 1
#define LANDLOCK_CREATE 444
#define LANDLOCK_ADD_RULE 445
#define LANDLOCK_RESTRICT 446
#define LANDLOCK_PATH_RULE 1
#define LANDLOCK_READ_FILE 4
#define LANDLOCK_BIND_TCP 1
#define LANDLOCK_ASK_VERSION 1
#define SECCOMP_SET 22
#define SECCOMP_FILTER 2
#define SECCOMP_CALL_FILTER 1
#define SECCOMP_CALL_ACTION 2
#define KILL_PROCESS 0x80000000u
#define KILL_THREAD 0u
#define ALLOW 0x7fff0000u
#define DENY (0x00050000u | EACCES)

/* As in linux/landlock.h. */
struct landlock_attr {
	uint64_t files, net, scoped;
};
struct __attribute__((packed)) landlock_path {
	uint64_t allowed;
	int32_t folder;
};

/* As in linux/filter.h and linux/seccomp.h. */
struct instruction {
	uint16_t code;
	uint8_t yes, no;
	uint32_t k;
};
struct program {
	unsigned short n;
	const struct instruction *instructions;
};
struct call_data {
	int32_t number;
	uint32_t arch;
	uint64_t pointer;
	uint64_t args[6];
};

#define AT_EMPTY_PATH_BIT 0x1000

#define LOAD 0x20
#define IF_EQUAL 0x15
#define IF_AT_LEAST 0x35
#define IF_SET 0x45
#define RETURN 0x06

/* AUDIT_ARCH_*: machine, 64 bits, little endian. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define ARCH 0xc000003eu
#define ARCH_NAME "x86_64"
#define X32_BIT 0x40000000u
#elif defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
#define ARCH 0xc00000b7u
#define ARCH_NAME "aarch64"
#elif defined(__arm__) && defined(__ARM_EABI__) && !defined(__ARMEB__)
#define ARCH 0x40000028u
#define ARCH_NAME "arm"
#elif defined(__i386__)
#define ARCH 0x40000003u
#define ARCH_NAME "i386"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH 0xc00000f3u
#define ARCH_NAME "riscv64"
#endif

#ifdef ARCH

/* All that reading one descriptor and writing another needs, with either C
 * library; each architecture has those that its headers name. */
static const uint32_t allowed[] = {
	SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_close,
	SYS_exit, SYS_exit_group, SYS_rt_sigreturn, SYS_restart_syscall,
	SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise,
	SYS_rt_sigprocmask, SYS_futex, SYS_getrandom,
#ifdef SYS_pread64
	SYS_pread64,
#endif
#ifdef SYS_lseek
	SYS_lseek,
#endif
#ifdef SYS__llseek
	SYS__llseek,
#endif
#ifdef SYS_fstat
	SYS_fstat,
#endif
#ifdef SYS_fstat64
	SYS_fstat64,
#endif
#ifdef SYS_fadvise64
	SYS_fadvise64,
#endif
#ifdef SYS_fadvise64_64
	SYS_fadvise64_64,
#endif
#ifdef SYS_arm_fadvise64_64
	SYS_arm_fadvise64_64,
#endif
#ifdef SYS_clock_gettime
	SYS_clock_gettime,
#endif
#ifdef SYS_clock_gettime32
	SYS_clock_gettime32,
#endif
#ifdef SYS_clock_gettime64
	SYS_clock_gettime64,
#endif
#ifdef SYS_gettimeofday
	SYS_gettimeofday,
#endif
	/* A capture on stdin may have to be waited for. */
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS_ppoll
	SYS_ppoll,
#endif
#ifdef SYS_ppoll_time64
	SYS_ppoll_time64,
#endif
#ifdef SYS_sigreturn
	SYS_sigreturn,
#endif
};

/* What a fetch needs besides. */
static const uint32_t for_network[] = {
#ifdef SYS_connect
	SYS_connect, SYS_bind, SYS_getsockname, SYS_getpeername,
	SYS_setsockopt, SYS_getsockopt, SYS_sendto, SYS_recvfrom,
	SYS_sendmsg, SYS_recvmsg,
#endif
};

/* Refused with EACCES: libraries try these and can live without. */
static const uint32_t denied[] = {
	SYS_openat, SYS_readlinkat, SYS_ioctl, SYS_getpid, SYS_gettid,
	SYS_faccessat, SYS_prlimit64, SYS_sched_getaffinity,
#ifdef SYS_open
	SYS_open,
#endif
#ifdef SYS_stat
	SYS_stat,
#endif
#ifdef SYS_access
	SYS_access,
#endif
#ifdef SYS_readlink
	SYS_readlink,
#endif
};

/* Allowed, or not, by the lower half of an argument. */
struct condition {
	uint32_t call, argument;
};

/* The status of a descriptor, which some C libraries ask for in this way:
 * allowed with AT_EMPTY_PATH. */
static const struct condition status[] = {
#ifdef SYS_newfstatat
	{ SYS_newfstatat, 3 },
#endif
#ifdef SYS_fstatat64
	{ SYS_fstatat64, 3 },
#endif
#ifdef SYS_statx
	{ SYS_statx, 2 },
#endif
};

/* Maps, but nothing that could be run. */
static const struct condition mapping[] = {
	{ SYS_mprotect, 2 },
#ifdef SYS_mmap
#ifndef __i386__
	{ SYS_mmap, 2 },
#endif
#endif
#ifdef SYS_mmap2
	{ SYS_mmap2, 2 },
#endif
};

/* What a descriptor's flags are, and to close it on exec.  Not F_SETFL and
 * F_SETOWN: by these a pipe sends any signal to any process of the user. */
static const struct condition flags[] = {
#ifdef SYS_fcntl
	{ SYS_fcntl, 1 },
#endif
#ifdef SYS_fcntl64
	{ SYS_fcntl64, 1 },
#endif
};

/* Only to be read, in a fetch: Landlock, where it is, says which. */
static const struct condition opening[] = {
	{ SYS_openat, 2 },
#ifdef SYS_open
	{ SYS_open, 1 },
#endif
};

#define PROGRAM_MAX \
	(16 + 2 * (LENGTH(allowed) + LENGTH(denied) + LENGTH(for_network)) + \
	    5 * (LENGTH(status) + LENGTH(mapping) + LENGTH(flags) + \
	    LENGTH(opening)))

static void
emit(struct program *p, struct instruction *code, uint16_t op, uint32_t k,
    unsigned yes, unsigned no)
{
	code[p->n++] = (struct instruction){ op, (uint8_t)yes, (uint8_t)no,
		k };
}

static void
emit_verdicts(struct program *p, struct instruction *code,
    const uint32_t *calls, size_t n, uint32_t verdict)
{
	for (size_t i = 0; i < n; i++) {
		emit(p, code, IF_EQUAL, calls[i], 0, 1);
		emit(p, code, RETURN, verdict, 0, 0);
	}
}

/* One verdict when the argument passes the test, another when not. */
static void
emit_conditions(struct program *p, struct instruction *code,
    const struct condition *when, size_t n, uint16_t test, uint32_t k,
    const uint32_t verdicts[2])
{
	for (; n > 0; n--, when++) {
		/* Its lower half: all these machines are little endian. */
		uint32_t at = (uint32_t)offsetof(struct call_data, args) +
		    when->argument * 8;

		emit(p, code, IF_EQUAL, when->call, 0, 4);
		emit(p, code, LOAD, at, 0, 0);
		emit(p, code, test, k, 0, 1);
		emit(p, code, RETURN, verdicts[1], 0, 0);
		emit(p, code, RETURN, verdicts[0], 0, 0);
	}
}

/* Sockets of the internet alone: no local ones, no netlink. */
static void
emit_network(struct program *p, struct instruction *code)
{
	static const uint32_t read_only[2] = { ALLOW, DENY };

	emit_verdicts(p, code, for_network, LENGTH(for_network), ALLOW);
	emit_conditions(p, code, opening, LENGTH(opening), IF_SET,
	    O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, read_only);
#ifdef SYS_socket
	emit(p, code, IF_EQUAL, SYS_socket, 0, 5);
	emit(p, code, LOAD, offsetof(struct call_data, args), 0, 0);
	emit(p, code, IF_EQUAL, AF_INET, 1, 0);
	emit(p, code, IF_EQUAL, AF_INET6, 0, 1);
	emit(p, code, RETURN, ALLOW, 0, 0);
	emit(p, code, RETURN, DENY, 0, 0);
#endif
}

static uint32_t
kill_action(void)
{
	uint32_t action = KILL_PROCESS;

	if (syscall(SYS_seccomp, SECCOMP_CALL_ACTION, 0, &action) == 0)
		return KILL_PROCESS;
	return KILL_THREAD;
}

bool
sandbox_seal(const struct sandbox *s, bool network)
{
	struct instruction code[PROGRAM_MAX];
	struct program p = { 0, code };
	uint32_t kill = kill_action();
	const uint32_t run[2] = { ALLOW, kill };
	static const uint32_t empty_path[2] = { DENY, ALLOW };
	static const uint32_t set[2] = { ALLOW, DENY };

	if (!s->seccomp || INSTRUMENTED || (network && LOADS_LIBRARIES))
		return true;
	emit(&p, code, LOAD, offsetof(struct call_data, arch), 0, 0);
	emit(&p, code, IF_EQUAL, ARCH, 1, 0);
	emit(&p, code, RETURN, kill, 0, 0);
	emit(&p, code, LOAD, offsetof(struct call_data, number), 0, 0);
#ifdef X32_BIT
	emit(&p, code, IF_AT_LEAST, X32_BIT, 0, 1);
	emit(&p, code, RETURN, kill, 0, 0);
#endif
	emit_verdicts(&p, code, allowed, LENGTH(allowed), ALLOW);
	if (network)
		emit_network(&p, code);
	emit_verdicts(&p, code, denied, LENGTH(denied), DENY);
	emit_conditions(&p, code, mapping, LENGTH(mapping), IF_SET, PROT_EXEC,
	    run);
	emit_conditions(&p, code, status, LENGTH(status), IF_SET,
	    AT_EMPTY_PATH_BIT, empty_path);
	emit_conditions(&p, code, flags, LENGTH(flags), IF_AT_LEAST, F_SETFL,
	    set);
	emit(&p, code, RETURN, kill, 0, 0);
	return prctl(SECCOMP_SET, SECCOMP_FILTER, &p) == 0;
}

/* A NULL program is EFAULT where filters exist and EINVAL where not. */
static bool
has_seccomp(void)
{
	return prctl(SECCOMP_SET, SECCOMP_FILTER, NULL) != 0 &&
	    errno == EFAULT;
}

#else

#define ARCH_NAME NULL

bool
sandbox_seal(const struct sandbox *s, bool network)
{
	(void)s;
	(void)network;
	return true;
}

static bool
has_seccomp(void)
{
	return false;
}

#endif

/* A file that is not there need not be read. */
static bool
landlock_allow(int rules, const char *file)
{
	struct landlock_path path = { LANDLOCK_READ_FILE,
		open(file, O_PATH | O_CLOEXEC) };
	bool added;

	if (path.folder < 0)
		return true;
	added = syscall(LANDLOCK_ADD_RULE, rules, LANDLOCK_PATH_RULE, &path,
	    0) == 0;
	close(path.folder);
	return added;
}

/* Handle all that this ABI knows and allow none of it; with `files` these,
 * and connections. */
static bool
landlock_enter(int abi, const char *const *files)
{
	static const uint64_t rights[] = { 0, 0x1fff, 0x3fff, 0x7fff,
		0x7fff, 0xffff };
	size_t known = LENGTH(rights) - 1;
	struct landlock_attr attr = {
		.files = rights[(size_t)abi < known ? (size_t)abi : known],
		.net = abi < 4 ? 0 : files != NULL ? LANDLOCK_BIND_TCP : 3,
		.scoped = abi >= 6 ? 3 : 0,
	};
	size_t n = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	long fd = syscall(LANDLOCK_CREATE, &attr, n, 0);
	bool on = true;

	if (fd < 0)
		return false;
	for (; on && files != NULL && *files != NULL; files++)
		on = landlock_allow((int)fd, *files);
	on = on && syscall(LANDLOCK_RESTRICT, (int)fd, 0) == 0;
	close((int)fd);
	return on;
}

void
sandbox_probe(struct sandbox *s)
{
	long abi = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_ASK_VERSION);

	*s = (struct sandbox){ .arch = ARCH_NAME };
	s->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0;
	s->no_exec_memory = prctl(MDWE_GET, 0, 0, 0, 0) >= 0;
	s->landlock = abi > 0 && abi < 1000 ? (int)abi : 0;
	s->seccomp = has_seccomp();
}

bool
sandbox_enter(const struct sandbox *s, const char *const *files)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return false;
	if (s->no_exec_memory && !INSTRUMENTED &&
	    prctl(MDWE_SET, MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0)
		return false;
	if (s->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	return s->landlock == 0 || landlock_enter(s->landlock, files);
}

#elif defined(__OpenBSD__)

bool
sandbox_seal(const struct sandbox *s, bool network)
{
	(void)s;
	return pledge(network ? "stdio inet dns rpath" : "stdio", NULL) == 0;
}

void
sandbox_probe(struct sandbox *s)
{
	*s = (struct sandbox){ .seccomp = true, .arch = "pledge" };
}

bool
sandbox_enter(const struct sandbox *s, const char *const *files)
{
	(void)s;
	(void)files;
	return true;
}

#else

bool
sandbox_seal(const struct sandbox *s, bool network)
{
	(void)s;
	(void)network;
	return true;
}

void
sandbox_probe(struct sandbox *s)
{
	*s = (struct sandbox){ .arch = NULL };
}

bool
sandbox_enter(const struct sandbox *s, const char *const *files)
{
	(void)s;
	(void)files;
	return true;
}

#endif

bool
sandbox_is_full(const struct sandbox *s)
{
#ifdef __linux__
	return s->no_new_privs && s->landlock > 0 && s->seccomp;
#else
	return s->seccomp;
#endif
}

bool
sandbox_is_instrumented(void)
{
	return INSTRUMENTED;
}
