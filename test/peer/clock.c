#include <stdlib.h>

#include "base/number.h"

/* Linked into a program of its own for test/peers/tls.sh: the time is what
 * MCPCAP_TEST_CLOCK says, in seconds since 1970. */
struct timestamp __real_clock_now(void);
struct timestamp __wrap_clock_now(void);

struct timestamp
__wrap_clock_now(void)
{
	const char *text = getenv("MCPCAP_TEST_CLOCK");
	struct timestamp now = __real_clock_now();

	if (text != NULL)
		now.seconds = strtoll(text, NULL, 10);
	return now;
}
