#include "worker/assistant.h"

#include <sched.h>
#include <sys/stat.h>

#include "worker/root.h"

#define FROM_BYTES ((off_t)32 << 20) /* smaller files are read soon enough */
#define STACK ((size_t)1 << 20)

static bool
has_processors(void)
{
#ifdef __linux__
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 &&
	    CPU_COUNT(&set) > 1;
#else
	return true;
#endif
}

static void *
assist(void *context)
{
	struct assistant *a = context;
	const struct worker_job *job = a->job;

	a->locked = job->sandbox == NULL ||
	    (sandbox_enter(job->sandbox, NULL) && root_drop(false) &&
	    sandbox_seal(job->sandbox, false));
	(void)sem_post(&a->ready);
	/* Who takes over one thread has the memory of both: no byte of the
	 * capture is read before the other is locked, too. */
	while (sem_wait(&a->go) != 0)
		continue;
	job->assist(job->context, a->input);
	return NULL;
}

bool
assistant_start(struct assistant *a, const struct worker_job *job, int input)
{
	pthread_attr_t attributes;
	struct stat st;

	*a = (struct assistant){ .job = job, .input = input };
	if (job->assist == NULL || job->network != NULL || input < 0 ||
	    fstat(input, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < FROM_BYTES || !has_processors())
		return false;
	if (sem_init(&a->ready, 0, 0) != 0 || sem_init(&a->go, 0, 0) != 0 ||
	    pthread_attr_init(&attributes) != 0)
		return false;
	a->there = pthread_attr_setstacksize(&attributes, STACK) == 0 &&
	    pthread_create(&a->thread, &attributes, assist, a) == 0;
	(void)pthread_attr_destroy(&attributes);
	/* Limits would take away what its lock needs. */
	while (a->there && sem_wait(&a->ready) != 0)
		continue;
	return a->there;
}

void
assistant_go(struct assistant *a)
{
	if (a->there)
		(void)sem_post(&a->go);
}
