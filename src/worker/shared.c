#include "worker/shared.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#ifdef SYS_futex

/* The kernel's numbers; both processes have the memory, so not private. */
#define FUTEX_SLEEP 0
#define FUTEX_RAISE 1

struct worker_shared *
shared_new(void)
{
	struct worker_shared *s = mmap(NULL, sizeof(*s),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return NULL;
	atomic_init(&s->free, WORKER_SLOTS);
	return s;
}

bool
shared_take(struct worker_shared *s)
{
	uint32_t n = atomic_load(&s->free);

	while (n == 0 || !atomic_compare_exchange_weak(&s->free, &n, n - 1)) {
		if (n == 0 && syscall(SYS_futex, &s->free, FUTEX_SLEEP, 0,
		    NULL, NULL, 0) != 0 && errno != EAGAIN && errno != EINTR)
			return false;
		n = atomic_load(&s->free);
	}
	return true;
}

void
shared_give(struct worker_shared *s)
{
	atomic_fetch_add(&s->free, 1);
	(void)syscall(SYS_futex, &s->free, FUTEX_RAISE, 1, NULL, NULL, 0);
}

#else

struct worker_shared *
shared_new(void)
{
	return NULL;
}

bool
shared_take(struct worker_shared *s)
{
	(void)s;
	return false;
}

void
shared_give(struct worker_shared *s)
{
	(void)s;
}

#endif

void
shared_free(struct worker_shared *s)
{
	if (s != NULL)
		(void)munmap(s, sizeof(*s));
}
