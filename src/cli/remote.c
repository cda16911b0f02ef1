#include "cli/remote.h"

#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "fetch/fetch.h"
#include "fetch/store.h"
#include "fetch/tls.h"

#define GRACE 10 /* seconds for the fetch to end by itself */
#define FOREVER (7 * 86400)

/* What the worker tells beside the file, a letter each. */
#define TOLD_NO_LENGTH 'l'
#define TOLD_OLD_CLOCK 'c'

bool
remote_is(struct span name)
{
	return url_is(name);
}

static bool
tell_progress(void *context, uint64_t done, uint64_t total)
{
	return worker_progress(context, done, total);
}

/* In the worker. */
static bool
remote_run(void *context, int input, struct worker_out *out,
    struct buf *text)
{
	const struct remote *r = context;
	struct fetch f = {
		.url = r->url,
		.hosts = r->options->hosts.item,
		.n_hosts = r->options->hosts.n,
		.authorities = r->authorities,
		.limits = FETCH_LIMITS,
		.resolver = &resolver_system,
		.out = input,
		.progress = tell_progress,
		.context = out,
	};
	enum fetch_error error;

	f.limits.max_bytes = r->max_bytes;
	if (r->options->timeout > 0)
		f.limits.timeout = r->options->timeout;
	else
		f.limits.timeout = FOREVER;
	error = fetch_run(&f);
	if (error != FETCH_OK)
		fetch_explain(&f, error, text);
	if (f.no_length)
		(void)worker_write(out, span_of(&(char){ TOLD_NO_LENGTH }, 1));
	if (f.old_clock)
		(void)worker_write(out, span_of(&(char){ TOLD_OLD_CLOCK }, 1));
	return error == FETCH_OK;
}

/* What name resolution and TLS read. */
static void
list_files(struct remote *r)
{
	static const char *const usual[] = {
#ifdef __GLIBC__
		"/etc", "/lib", "/lib64", "/usr/lib",
#else
		"/etc/resolv.conf", "/etc/hosts",
#endif
	};
	size_t n = 0;

	while (n < LENGTH(usual)) {
		r->files[n] = usual[n];
		n++;
	}
	r->files[n] = r->authorities;
	r->files[n + 1] = NULL;
}

static void
explain_url(const struct remote *r, const char *why, struct buf *error)
{
	buf_text(error, "pcap_file ");
	text_escape(error, r->url, TEXT_MAX);
	buf_printf(error, ": %s", why);
}

bool
remote_open(struct remote *r, struct worker_job *job, struct buf *error)
{
	const struct remote_options *o = r->options;
	enum fetch_error why;

	r->store = -1;
	if (r->max_bytes == 0)
		r->max_bytes = INT64_MAX;
	if (o->off) {
		explain_url(r, "fetching is switched off here (--no-fetch); "
		    "give the path of a file", error);
		return false;
	}
	r->authorities = o->ca_file != NULL ? o->ca_file : tls_authorities();
	list_files(r);
	r->store = store_open(o->tmp_dir, &why);
	if (r->store < 0) {
		explain_url(r, fetch_error_text(why), error);
		return false;
	}
	*job = (struct worker_job){
		.input = r->store,
		.run = remote_run,
		.context = r,
		.network = r->files,
		.max_file = r->max_bytes,
		.timeout = o->timeout > 0 ? o->timeout + GRACE : 0,
		.max_result = 64,
	};
	return true;
}

static void
tell_notes(struct span told)
{
	if (span_find_byte(told, TOLD_NO_LENGTH) < told.n)
		log_line(LOG_WARN, "the server did not say how long the file "
		    "is: its end may be missing");
	if (span_find_byte(told, TOLD_OLD_CLOCK) < told.n)
		log_line(LOG_WARN, "the clock is before the day of this build, "
		    "which was taken to check certificates");
}

int
remote_take(struct remote *r, struct worker *w, struct buf *error)
{
	struct span text = worker_text(w);
	int fd = r->store;

	if (w->outcome == WORKER_ANSWERED && lseek(fd, 0, SEEK_SET) == 0) {
		tell_notes(buf_bytes(&w->answer));
		r->store = -1;
		return fd;
	}
	explain_url(r, "", error);
	if (w->outcome == WORKER_REFUSED)
		buf_span(error, text);
	else if (w->outcome == WORKER_TIMEOUT)
		buf_printf(error, "fetch failed: %s.",
		    fetch_error_text(FETCH_TIMEOUT));
	else
		buf_text(error, "fetch failed: the process that fetches "
		    "ended early; `mcpcap doctor` tells more.");
	return -1;
}

void
remote_close(struct remote *r)
{
	if (r->store >= 0)
		close(r->store);
	r->store = -1;
}
