#include "proto/dispatch.h"

#include <stdlib.h>

/*
 * Messages whose beginning waits in vain: nobody decodes them, so that an
 * answer without them has to say that they were there.
 */
#define TELLING 14 /* bytes; fewer look like the beginning of anything */

__attribute__((cold)) void
dispatch_unfinished_add(struct dispatch *d, const struct proto *proto,
    const struct run *r)
{
	if (!r->is_start || (r->after_hole && r->bytes.n < TELLING))
		return;
	/* Line ends that keep a connection alive begin no message. */
	if (proto->frame(buf_bytes(&r->bytes), true) == FRAME_NOT)
		return;
	for (size_t i = 0; i < proto_count; i++) {
		struct unfinished *u = &d->unfinished[i & 63];

		if (protos[i] != proto)
			continue;
		if (u->count++ == 0 || r->first_frame < u->first_frame)
			u->first_frame = r->first_frame;
	}
}

__attribute__((cold)) void
dispatch_segments_finish(struct dispatch *d)
{
	for (const struct tcp_app *app = d->apps; app != NULL; app = app->next)
		for (size_t i = 0; i < LENGTH(app->side); i++)
			for (const struct run *r = app->side[i].runs; r != NULL;
			    r = r->next)
				dispatch_unfinished_add(d, app->proto, r);
}

__attribute__((cold)) void
dispatch_segments_free(struct dispatch *d)
{
	struct run *r, *next;

	for (struct tcp_app *app = d->apps; app != NULL; app = app->next)
		for (size_t i = 0; i < LENGTH(app->side); i++)
			for (r = app->side[i].runs; r != NULL; r = next) {
				next = r->next;
				buf_free(&r->bytes);
				free(r);
			}
}

const struct unfinished *
dispatch_unfinished(const struct dispatch *d, size_t i)
{
	return &d->unfinished[i & 63];
}
