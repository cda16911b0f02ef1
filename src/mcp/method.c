#include "mcp/core.h"

#define LEGACY 1
#define MODERN 2
#define BOTH (LEGACY | MODERN)

#define LISTENERS_MAX 64

/* One method: where it exists, whether this server offers it, what it does. */
struct method {
	const char *name;
	unsigned eras;
	bool (*offered)(const struct mcp_provider *p);
	void (*run)(struct mcp_call *call);
};

/* ---- What a provider offers -------------------------------------- */

static bool
has_tools(const struct mcp_provider *p)
{
	return p->tools != NULL;
}

static bool
has_prompts(const struct mcp_provider *p)
{
	return p->prompts != NULL;
}

static bool
has_resources(const struct mcp_provider *p)
{
	return p->resources != NULL;
}

static bool
has_subscribe(const struct mcp_provider *p)
{
	return p->subscribe;
}

static bool
has_logging(const struct mcp_provider *p)
{
	return p->logging;
}

static bool
has_completion(const struct mcp_provider *p)
{
	return p->complete != NULL;
}

static void
capability(struct json *j, const char *name, bool offered, bool changes,
    bool subscribe)
{
	if (!offered)
		return;
	json_object(j, name);
	if (changes)
		json_bool(j, "listChanged", true);
	if (subscribe)
		json_bool(j, "subscribe", true);
	json_end(j);
}

/* Changes are told to listeners only, and those exist since 2026-07-28. */
static void
capabilities(struct json *j, const struct mcp_provider *p, bool modern)
{
	json_object(j, "capabilities");
	capability(j, "tools", has_tools(p), modern && p->tools_change, false);
	capability(j, "prompts", has_prompts(p), modern && p->prompts_change,
	    false);
	capability(j, "resources", has_resources(p), false,
	    !modern && p->subscribe);
	capability(j, "completions", has_completion(p), false, false);
	capability(j, "logging", p->logging && !modern, false, false);
	json_end(j);
}

static void
server_info(struct json *j, const struct mcp_provider *p,
    enum mcp_version version)
{
	json_object(j, "serverInfo");
	json_text(j, "name", p->name);
	if (p->title != NULL && version >= MCP_2025_06_18)
		json_text(j, "title", p->title);
	json_text(j, "version", p->version);
	if (p->description != NULL && version >= MCP_2025_11_25)
		json_text(j, "description", p->description);
	json_end(j);
}

/* ---- Life cycle -------------------------------------------------- */

static bool
is_object(const struct json_value *v)
{
	return v != NULL && v->kind == JSON_OBJECT;
}

static void
peer_set(struct mcp_call *call, enum mcp_version version)
{
	const struct json_value *caps = json_get(call->params, "capabilities");
	struct mcp_exchange *x = call->exchange;

	if (x->initialized != NULL)
		x->initialized(x);
	if (x->peer == NULL)
		return;
	*x->peer = (struct mcp_peer){ .initialized = true,
		.version = version,
		.sampling = is_object(json_get(caps, "sampling")),
		.elicitation = is_object(json_get(caps, "elicitation")),
		.roots = is_object(json_get(caps, "roots")) };
}

static void
run_initialize(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;
	const struct json_value *asked =
	    json_get(call->params, "protocolVersion");
	enum mcp_version version;
	struct json *j;

	if (asked == NULL || asked->kind != JSON_STRING) {
		mcp_fail(call, RPC_BAD_PARAMS,
		    "initialize needs params.protocolVersion", span_empty());
		return;
	}
	if (!mcp_version_read(asked->text, &version) || is_modern(version))
		version = MCP_2025_11_25;
	peer_set(call, version);
	call->version = version;
	j = mcp_begin(call);
	json_text(j, "protocolVersion", mcp_version_text(version));
	capabilities(j, p, false);
	server_info(j, p, version);
	if (p->instructions != NULL)
		json_text(j, "instructions", p->instructions);
	mcp_end(call);
}

static void
run_discover(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;
	struct json *j = mcp_begin(call);

	json_array(j, "supportedVersions");
	json_text(j, NULL, mcp_version_text(MCP_2026_07_28));
	json_end(j);
	capabilities(j, p, true);
	if (p->instructions != NULL)
		json_text(j, "instructions", p->instructions);
	mcp_end(call);
}

static void
run_nothing(struct mcp_call *call)
{
	(void)mcp_begin(call);
	mcp_end(call);
}

static void
run_set_level(struct mcp_call *call)
{
	enum mcp_log level = log_read(json_get(call->params, "level"));

	if (level == MCP_LOG_OFF) {
		mcp_fail(call, RPC_BAD_PARAMS, "level must be one of debug, "
		    "info, notice, warning, error, critical, alert, "
		    "emergency", span_empty());
		return;
	}
	if (call->exchange->peer != NULL)
		call->exchange->peer->log = level;
	run_nothing(call);
}

/* ---- Lists ------------------------------------------------------- */

static void
run_list(struct mcp_call *call, const char *name,
    struct span (*list)(void *context))
{
	struct json *j;

	/* Every list is one page, so that no cursor can be ours. */
	if (json_get(call->params, "cursor") != NULL) {
		mcp_fail(call, RPC_BAD_PARAMS, "invalid cursor", span_empty());
		return;
	}
	j = mcp_begin(call);
	if (list != NULL) {
		json_raw(j, name, list(call->mcp->provider->context));
	} else {
		json_array(j, name);
		json_end(j);
	}
	mcp_end(call);
}

static void
run_tools_list(struct mcp_call *call)
{
	run_list(call, "tools", call->mcp->provider->tools);
}

static void
run_prompts_list(struct mcp_call *call)
{
	run_list(call, "prompts", call->mcp->provider->prompts);
}

static void
run_resources_list(struct mcp_call *call)
{
	run_list(call, "resources", call->mcp->provider->resources);
}

static void
run_templates_list(struct mcp_call *call)
{
	run_list(call, "resourceTemplates", call->mcp->provider->templates);
}

/* ---- Calls ------------------------------------------------------- */

static bool
take_name(struct mcp_call *call, const char *member)
{
	const struct json_value *v = json_get(call->params, member);

	if (v == NULL || v->kind != JSON_STRING) {
		mcp_fail(call, RPC_BAD_PARAMS,
		    strcmp(member, "uri") == 0 ? "params.uri must be a string"
					       : "params.name must be a string",
		    span_empty());
		return false;
	}
	call->name = v->text;
	return true;
}

static bool
take_arguments(struct mcp_call *call)
{
	call->arguments = json_get(call->params, "arguments");
	if (call->arguments == NULL || call->arguments->kind == JSON_OBJECT)
		return true;
	mcp_fail(call, RPC_BAD_PARAMS, "params.arguments must be an object",
	    span_empty());
	return false;
}

static void
run_tools_call(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;

	if (take_name(call, "name") && take_arguments(call) &&
	    era_check_mirrors(call->mcp, call))
		p->tools_call(p->context, call);
}

static void
run_prompts_get(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;

	if (take_name(call, "name") && take_arguments(call))
		p->prompts_get(p->context, call);
}

static void
run_resources_read(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;

	if (take_name(call, "uri"))
		p->resources_read(p->context, call);
}

static void
run_complete(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;

	if (!is_object(json_get(call->params, "ref")) ||
	    !is_object(json_get(call->params, "argument"))) {
		mcp_fail(call, RPC_BAD_PARAMS,
		    "params.ref and params.argument must be objects",
		    span_empty());
		return;
	}
	p->complete(p->context, call);
}

/* ---- Listening --------------------------------------------------- */

static bool
is_wanted(const struct json_value *filter, const char *name, bool offered)
{
	const struct json_value *v = json_get(filter, name);

	return offered && v != NULL && v->kind == JSON_TRUE;
}

static size_t
listeners(const struct mcp *m)
{
	size_t n = 0;

	for (const struct mcp_call *c = m->calls; c != NULL; c = c->next)
		n += c->listens;
	return n;
}

/* Says what it will be told, and stays open. */
static void
run_listen(struct mcp_call *call)
{
	const struct mcp_provider *p = call->mcp->provider;
	const struct json_value *filter =
	    json_get(call->params, "notifications");
	struct json *j;

	if (!is_object(filter)) {
		mcp_fail(call, RPC_BAD_PARAMS,
		    "params.notifications must be an object", span_empty());
		return;
	}
	if (call->exchange->deaf || listeners(call->mcp) >= LISTENERS_MAX) {
		mcp_fail(call, RPC_INVALID_REQUEST, call->exchange->deaf
		    ? "listening needs an event stream (Accept)"
		    : "too many listeners", span_empty());
		return;
	}
	call->listens = true;
	call->wants_tools = is_wanted(filter, "toolsListChanged",
	    p->tools_change);
	call->wants_prompts = is_wanted(filter, "promptsListChanged",
	    p->prompts_change);
	j = core_begin(call->mcp);
	json_object(j, NULL);
	json_text(j, "jsonrpc", "2.0");
	json_text(j, "method", "notifications/subscriptions/acknowledged");
	json_object(j, "params");
	json_object(j, "notifications");
	if (call->wants_tools)
		json_bool(j, "toolsListChanged", true);
	if (call->wants_prompts)
		json_bool(j, "promptsListChanged", true);
	json_end(j);
	json_object(j, "_meta");
	json_raw(j, META_SUBSCRIPTION, call->id->raw);
	json_end(j);
	json_end(j);
	json_end(j);
	core_tell(call->mcp, call->exchange);
}

/* ---- The table --------------------------------------------------- */

static const struct method methods[] = {
	{ "tools/call", BOTH, has_tools, run_tools_call },
	{ "tools/list", BOTH, has_tools, run_tools_list },
	{ "ping", LEGACY, NULL, run_nothing },
	{ "initialize", LEGACY, NULL, run_initialize },
	{ "server/discover", MODERN, NULL, run_discover },
	{ "prompts/list", BOTH, has_prompts, run_prompts_list },
	{ "prompts/get", BOTH, has_prompts, run_prompts_get },
	{ "resources/list", BOTH, has_resources, run_resources_list },
	{ "resources/templates/list", BOTH, has_resources,
	    run_templates_list },
	{ "resources/read", BOTH, has_resources, run_resources_read },
	{ "resources/subscribe", LEGACY, has_subscribe, run_nothing },
	{ "resources/unsubscribe", LEGACY, has_subscribe, run_nothing },
	{ "completion/complete", BOTH, has_completion, run_complete },
	{ "logging/setLevel", LEGACY, has_logging, run_set_level },
	{ "subscriptions/listen", MODERN, NULL, run_listen },
};

const struct method *
method_find(const struct mcp *m, struct span name, bool modern)
{
	for (size_t i = 0; i < LENGTH(methods); i++) {
		const struct method *method = &methods[i];

		if (!span_is(name, method->name))
			continue;
		if (!(method->eras & (modern ? MODERN : LEGACY)))
			return NULL;
		if (method->offered != NULL &&
		    !method->offered(m->provider))
			return NULL;
		return method;
	}
	return NULL;
}

void
method_run(const struct method *method, struct mcp_call *call)
{
	method->run(call);
}
