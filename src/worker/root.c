#include "worker/root.h"

#include <unistd.h>

#ifdef __linux__
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Of linux/capability.h, which musl's headers lack. */
#define CAPABILITY_VERSION_3 0x20080522
#define CAP_DAC_READ_SEARCH 2
#define CAPABILITIES 64 /* a kernel says no to those it does not know */

struct cap_header {
	uint32_t version;
	int process; /* 0: this one */
};

struct cap_data {
	uint32_t effective, permitted, inheritable;
};

bool
root_can_drop(void)
{
	return true;
}

bool
root_drop(bool read_all)
{
	struct cap_header header = { .version = CAPABILITY_VERSION_3 };
	struct cap_data had[2] = { { .effective = 0 } };
	struct cap_data keep[2] = { { .effective = 0 } };

	if (geteuid() != 0)
		return true;
	if (syscall(SYS_capget, &header, had) != 0)
		return false;
	/* Needs the capability that goes next; without it nothing is lost. */
	for (int i = 0; i < CAPABILITIES; i++)
		(void)prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	if (read_all)
		keep[0].permitted = keep[0].effective = had[0].permitted &
		    (uint32_t)1 << CAP_DAC_READ_SEARCH;
	return syscall(SYS_capset, &header, keep) == 0 &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

#else

bool
root_can_drop(void)
{
	return false;
}

bool
root_drop(bool read_all)
{
	(void)read_all;
	return geteuid() != 0;
}

#endif
