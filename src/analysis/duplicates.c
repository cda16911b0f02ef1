#include "analysis/duplicates.h"

#include "base/table.h"

static bool
duplicates_begin(void *state, struct scan *scan, const void *options)
{
	struct duplicates *d = state;

	(void)options;
	d->scan = scan;
	return true;
}

static void
duplicates_packet(void *state, const struct packet *p)
{
	struct duplicates *d = state;
	uint64_t hash = hash_bytes(p->record->bytes) ^ p->record->len;
	uint64_t window = d->seen < DUPLICATES_WINDOW ? d->seen :
	    DUPLICATES_WINDOW;
	bool found = false;

	for (uint64_t i = 0; i < window; i++)
		found |= d->hashes[i] == hash;
	d->hashes[d->seen++ % DUPLICATES_WINDOW] = hash;
	if (!found)
		return;
	if (d->count < DUPLICATES_SHOWN)
		d->frames[d->count] = p->record->number;
	d->count++;
	d->scan->duplicates = d->count;
}

void
duplicates_report(const struct duplicates *d, struct json *j,
    const char *name)
{
	json_object(j, name);
	json_uint(j, "count", d->count);
	json_uint(j, "window_frames", DUPLICATES_WINDOW);
	if (d->count > 0) {
		json_array(j, "frames");
		for (size_t i = 0; i < d->count && i < DUPLICATES_SHOWN; i++)
			json_uint(j, NULL, d->frames[i]);
		json_end(j);
	}
	json_end(j);
}

const struct analyzer analyzer_duplicates = {
	.name = "duplicates",
	.size = sizeof(struct duplicates),
	.begin = duplicates_begin,
	.packet = duplicates_packet,
};
