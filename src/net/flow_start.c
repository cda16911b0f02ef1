#include "net/flow_start.h"

#include "net/flow_open.h"
#include "net/flow_state.h"

#define OPTIONS (TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_PERMITTED)

static struct flow_part *
part_of(const struct flow *f)
{
	size_t within = (uintptr_t)f % FLOW_PART;

	return (struct flow_part *)(void *)((char *)f - within + FLOW_PART_AT);
}

uint32_t
flow_stream(const struct flow *f)
{
	if (f->protocol != 6)
		return flow_start(f)->stream;
	return part_of(f)->stream + (uint32_t)((uintptr_t)f % FLOW_PART /
	    sizeof(*f));
}

uint64_t
flow_first_frame(const struct flow *f)
{
	return f->is_brief ? part_of(f)->frame + f->brief.frame :
	    flow_start(f)->frame;
}

struct timestamp
flow_first(const struct flow *f)
{
	struct timestamp first = { .digits = f->first_digits,
		.known = f->first_known };

	if (f->is_brief) {
		first.seconds = (int64_t)((uint64_t)part_of(f)->seconds +
		    f->brief.seconds);
		first.nanoseconds = f->brief.nanoseconds;
	} else {
		first.seconds = flow_start(f)->seconds;
		first.nanoseconds = flow_start(f)->nanoseconds;
	}
	return first;
}

void
flow_brief_begin(struct flow *f, const struct record *r,
    const struct tcp_header *h)
{
	struct flow_part *part = part_of(f);
	const unsigned scale = (h->options & TCP_OPT_WSCALE) != 0 ?
	    h->window_scale : 0;
	uint64_t seconds, frame;

	if (part->frame == 0) {
		part->seconds = r->time.seconds;
		part->frame = r->number;
	}
	seconds = (uint64_t)r->time.seconds - (uint64_t)part->seconds;
	frame = r->number - part->frame;
	if ((seconds >> 10 | frame >> 17 | scale >> 4 | h->ack |
	    (h->flags ^ TCP_SYN)) != 0) {
		flow_first_set(f, r);
		flow_state_hold(f, h, 0);
		return;
	}
	f->held = f->is_brief = true;
	f->first_digits = r->time.digits & 15U;
	f->first_known = r->time.known;
	f->brief = (struct flow_brief){
		.seq = h->seq,
		.window = h->window,
		.mss = h->mss,
		.seconds = seconds & 0x3ff,
		.frame = frame & 0x1ffff,
		.nanoseconds = r->time.nanoseconds & 0x3fffffff,
		.window_scale = scale & 15,
		.options = h->options & (uint8_t)OPTIONS & 7U,
	};
}

struct flow_opening
flow_opening(const struct flow *f)
{
	const struct flow_brief *b = &f->brief;

	if (!f->is_brief)
		return f->opening;
	return (struct flow_opening){
		.seq = b->seq,
		.window = b->window,
		.flags = TCP_SYN,
		.mss = b->mss,
		.window_scale = b->window_scale,
		.options = b->options,
	};
}

void
flow_brief_end(struct flow *f)
{
	const struct timestamp first = flow_first(f);
	struct flow_start *start = flow_start(f);

	start->seconds = first.seconds;
	start->nanoseconds = first.nanoseconds;
	start->frame = flow_first_frame(f);
	f->opening = flow_opening(f);
	f->is_brief = false;
}
