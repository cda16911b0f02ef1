/* What is left of root in a server and in a worker. */
#include "worker/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/span.h"
#include "tap.h"

static unsigned long long
effective(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long long value = ~0ull;
	char line[256];

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, "CapEff:", 7) == 0)
			value = strtoull(line + 7, NULL, 16);
	if (status != NULL)
		(void)fclose(status);
	return value;
}

/* Bits of what is wrong. */
static int
judge(bool read_all, const char *file)
{
	int wrong = 0, fd;

	if (!root_drop(read_all))
		return 1;
	if (effective() != (read_all ? 4u : 0u))
		wrong |= 2;
	if (chown(file, 12345, 12345) == 0 || errno != EPERM)
		wrong |= 4;
	if (setuid(12345) == 0)
		wrong |= 8;
	/* Another user's file that nobody else may read. */
	fd = open(file, O_RDONLY);
	if ((fd >= 0) != read_all)
		wrong |= 16;
	if (open(file, O_WRONLY) >= 0)
		wrong |= 32;
	return wrong;
}

static int
in_child(bool read_all, const char *file)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(judge(read_all, file));
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

int
main(void)
{
	char file[] = "/tmp/mcpcap-root-XXXXXX";
	int fd = mkstemp(file);

	if (geteuid() != 0 || !root_can_drop() || fd < 0 ||
	    fchown(fd, 12345, 12345) != 0 || fchmod(fd, 0600) != 0) {
		/* Nothing to give away. */
		ok(geteuid() == 0 || root_drop(true));
	} else {
		ok_int(in_child(true, file), 0);
		ok_int(in_child(false, file), 0);
	}
	if (fd >= 0) {
		close(fd);
		(void)unlink(file);
	}
	return tap_done();
}
