#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The lock on a worker.  Each layer is used where the kernel has it; the
 * probe tells which are there, and a layer that is there but fails to go on
 * ends the worker.
 */
struct sandbox {
	bool no_new_privs;
	bool no_exec_memory; /* PR_SET_MDWE */
	int landlock;        /* ABI version; 0: absent */
	bool seccomp;
	const char *arch;    /* of the system call table; NULL: none for us */
};

/* Touches nothing but asks the kernel. */
void sandbox_probe(struct sandbox *s);
/* True when every layer is there but PR_SET_MDWE: what that refuses the list
 * of system calls refuses, too. */
bool sandbox_is_full(const struct sandbox *s);
/* The steps before limits are set, and the last one after it; false: a layer
 * failed.  Only in a child.  `files` (or NULL) says that the network may be
 * used, and what may be read for it: a list that ends in NULL.  With glibc,
 * whose resolver loads libraries, such a child has no seccomp. */
bool sandbox_enter(const struct sandbox *s, const char *const *files);
bool sandbox_seal(const struct sandbox *s, bool network);
/* Sanitizers need memory maps, a process list and a voice of their own. */
bool sandbox_is_instrumented(void);

#endif
