#include "analysis/flow_apps.h"

#include <stdlib.h>

void
flow_apps_free(struct flow_apps *a)
{
	for (size_t i = 0; i < LENGTH(a->at); i++)
		free(a->at[i]);
	memset(a, 0, sizeof(*a));
}

size_t
flow_apps_kind(uint8_t protocol)
{
	static const uint8_t protocols[] = { 6, 17, 132, 136 };
	size_t i = 0;

	while (i < LENGTH(protocols) && protocols[i] != protocol)
		i++;
	return i;
}

static bool
grow(struct flow_apps *a, size_t kind, uint32_t stream)
{
	size_t size = a->size[kind] < 64 ? 64 : a->size[kind];
	uint8_t *at;

	while (size <= stream)
		size *= 2;
	at = realloc(a->at[kind], size);
	if (at == NULL)
		return false;
	memset(at + a->size[kind], 0, size - a->size[kind]);
	a->at[kind] = at;
	a->size[kind] = size;
	return true;
}

void
flow_apps_add(struct flow_apps *a, const struct message *m)
{
	const struct transport *t = m->transport;
	size_t kind, app = 0;

	if (t == NULL || t->stream == STREAM_NONE)
		return;
	kind = flow_apps_kind(t->protocol);
	if (kind == LENGTH(a->at) ||
	    (t->stream >= a->size[kind] && !grow(a, kind, t->stream)) ||
	    a->at[kind][t->stream] != 0)
		return;
	while (app < proto_count && protos[app] != m->proto)
		app++;
	a->at[kind][t->stream] = (uint8_t)(app + 1);
}

const struct proto *
flow_apps_find(const struct flow_apps *a, uint8_t protocol, uint32_t stream)
{
	size_t kind = flow_apps_kind(protocol);
	size_t app;

	if (kind == LENGTH(a->at) || stream >= a->size[kind])
		return NULL;
	app = a->at[kind][stream];
	return app == 0 || app > proto_count ? NULL : protos[app - 1];
}
