/* With the flags of the program, a function that writes behind its array does
 * not return. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static void __attribute__((noinline))
fill(volatile char *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = 'a';
}

static void __attribute__((noinline))
overflow(size_t n)
{
	volatile char array[16];

	fill(array, n);
}

static int
in_child(size_t n)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		/* A sanitizer would speak before it ends. */
		close(STDERR_FILENO);
		overflow(n);
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

int
main(void)
{
	ok_int(in_child(16), 0);
	ok(in_child(64) != 0);
	return tap_done();
}
