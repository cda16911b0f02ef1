#include "mcp/core.h"

/* ---- Base64 of header values ------------------------------------- */

static int
base64_digit(uint8_t byte)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = byte == 0 ? NULL : strchr(digits, byte);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Standard alphabet, strict padding (RFC 4648, 3.5: zero rest bits). */
static bool
base64_read(struct span s, struct buf *out)
{
	size_t pad = 0;
	uint32_t bits = 0;

	if (s.n % 4 != 0)
		return false;
	while (pad < 2 && s.n > pad && s.p[s.n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < s.n - pad; i++) {
		int digit = base64_digit(s.p[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4 == 1)
			buf_byte(out, (uint8_t)(bits >> 4));
		else if (i % 4 == 2)
			buf_byte(out, (uint8_t)(bits >> 2));
		else if (i % 4 == 3)
			buf_byte(out, (uint8_t)bits);
	}
	if (pad == 1)
		return (bits & 3) == 0;
	return pad == 0 || (bits & 15) == 0;
}

/* The value of a header, decoded where it is marked as encoded. */
static bool
header_decode(struct span value, struct buf *out)
{
	struct span inner = span_after(value, 9);

	if (!span_starts(value, "=?base64?") || inner.n < 2 ||
	    !span_is(span_after(inner, inner.n - 2), "?=")) {
		buf_span(out, value);
		return true;
	}
	inner.n -= 2;
	return base64_read(inner, out);
}

static bool
header_is(struct mcp_exchange *x, const char *name, struct span wanted,
    bool encoded)
{
	struct span value;
	struct buf plain;
	bool same;

	if (!x->header(x, name, &value))
		return false;
	if (!encoded)
		return span_equal(value, wanted);
	buf_init(&plain, value.n + 1);
	same = header_decode(value, &plain) &&
	    span_equal(buf_bytes(&plain), wanted);
	buf_free(&plain);
	return same;
}

/* ---- Which era --------------------------------------------------- */

static const struct json_value *
claim(const struct rpc *r)
{
	return json_get(json_get(r->params, "_meta"), META_VERSION);
}

bool
era_is_claimed(const struct rpc *r)
{
	return claim(r) != NULL;
}

enum mcp_version
era_assume(struct mcp_exchange *x)
{
	enum mcp_version version;
	struct span value;

	if (x->header != NULL &&
	    x->header(x, "mcp-protocol-version", &value) &&
	    mcp_version_read(value, &version))
		return version;
	if (x->peer != NULL && x->peer->initialized)
		return x->peer->version;
	return MCP_2025_03_26;
}

static bool
refuse(struct mcp *m, struct mcp_exchange *x, const struct rpc *r, int code,
    const char *text)
{
	core_error(m, x, r->id, code, text, span_empty(), 400);
	return false;
}

static bool
refuse_version(struct mcp *m, struct mcp_exchange *x, const struct rpc *r,
    struct span requested)
{
	struct buf data;
	struct json j;

	buf_init(&data, 4096);
	json_init(&j, &data);
	json_object(&j, NULL);
	json_array(&j, "supported");
	json_text(&j, NULL, mcp_version_text(MCP_2026_07_28));
	json_end(&j);
	json_foreign(&j, "requested", requested);
	json_end(&j);
	core_error(m, x, r->id, RPC_BAD_VERSION,
	    "Unsupported protocol version", buf_bytes(&data), 400);
	buf_free(&data);
	return false;
}

/* params.name or params.uri, for the methods whose header repeats it. */
static const struct json_value *
named(const struct rpc *r)
{
	if (span_is(r->method, "tools/call") ||
	    span_is(r->method, "prompts/get"))
		return json_get(r->params, "name");
	if (span_is(r->method, "resources/read"))
		return json_get(r->params, "uri");
	return NULL;
}

static bool
headers_check(struct mcp *m, struct mcp_exchange *x, const struct rpc *r)
{
	const struct json_value *name = named(r);

	if (!header_is(x, "mcp-method", r->method, false))
		return refuse(m, x, r, RPC_HEADER_MISMATCH,
		    "Mcp-Method header missing or different from the body");
	if (name != NULL && name->kind == JSON_STRING &&
	    !header_is(x, "mcp-name", name->text, true))
		return refuse(m, x, r, RPC_HEADER_MISMATCH,
		    "Mcp-Name header missing or different from the body");
	return true;
}

static bool
modern_check(struct mcp *m, struct mcp_exchange *x, const struct rpc *r)
{
	const struct json_value *meta = json_get(r->params, "_meta");
	const struct json_value *version = claim(r);
	const struct json_value *caps = json_get(meta, META_CAPABILITIES);

	if (version->kind != JSON_STRING)
		return refuse(m, x, r, RPC_BAD_PARAMS,
		    "_meta." META_VERSION " must be a string");
	if (caps == NULL || caps->kind != JSON_OBJECT)
		return refuse(m, x, r, RPC_BAD_PARAMS,
		    "_meta." META_CAPABILITIES " must be an object");
	if (x->header != NULL &&
	    !header_is(x, "mcp-protocol-version", version->text, false))
		return refuse(m, x, r, RPC_HEADER_MISMATCH,
		    "MCP-Protocol-Version header missing or different from "
		    "the body");
	if (!span_is(version->text, mcp_version_text(MCP_2026_07_28)))
		return refuse_version(m, x, r, version->text);
	return x->header == NULL || headers_check(m, x, r);
}

/* A request without a claim, over HTTP. */
static bool
legacy_check(struct mcp *m, struct mcp_exchange *x, const struct rpc *r)
{
	enum mcp_version version;
	struct span value;
	bool modern;

	if (x->header == NULL ||
	    !x->header(x, "mcp-protocol-version", &value))
		return true;
	modern = span_compare(value,
	    span_text(mcp_version_text(MCP_2026_07_28))) >= 0;
	if (modern && span_is(r->method, "initialize"))
		return refuse(m, x, r, RPC_HEADER_MISMATCH,
		    "initialize does not exist in the version that "
		    "MCP-Protocol-Version names");
	if (modern)
		return refuse(m, x, r, RPC_BAD_PARAMS,
		    "_meta." META_VERSION " is missing");
	if (!mcp_version_read(value, &version))
		return refuse(m, x, r, RPC_INVALID_REQUEST,
		    "MCP-Protocol-Version is not a version of the protocol");
	return true;
}

bool
era_check(struct mcp *m, struct mcp_exchange *x, const struct rpc *r,
    enum mcp_version *version)
{
	if (era_is_claimed(r)) {
		*version = MCP_2026_07_28;
		return modern_check(m, x, r);
	}
	*version = x->version;
	return legacy_check(m, x, r);
}

/* ---- Headers that repeat arguments ------------------------------- */

static bool
mirror_is(struct mcp_exchange *x, const char *header,
    const struct json_value *v)
{
	struct span value, wanted = v->raw;
	struct buf plain;
	int64_t number = 0;
	uint64_t digits = 0;
	bool same;

	if (v->kind == JSON_STRING)
		wanted = v->text;
	if (!x->header(x, header, &value))
		return false;
	buf_init(&plain, value.n + 1);
	same = header_decode(value, &plain);
	value = buf_bytes(&plain);
	if (same && v->kind == JSON_NUMBER && v->is_integer) {
		bool minus = span_starts(value, "-");

		same = span_read_uint(span_after(value, minus), INT64_MAX,
		    &digits);
		number = minus ? -(int64_t)digits : (int64_t)digits;
		same = same && number == v->integer;
	} else if (same) {
		same = span_equal(value, wanted);
	}
	buf_free(&plain);
	return same;
}

static bool
mirror_check(struct mcp_call *call, const struct mcp_mirror *mirror)
{
	struct mcp_exchange *x = call->exchange;
	const struct json_value *v =
	    json_get(call->arguments, mirror->argument);
	struct span unused;
	char header[80] = "mcp-param-";
	size_t n = strlen(header);

	for (const char *p = mirror->header; *p != 0 && n < 79; p++, n++)
		header[n] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	if (v == NULL || v->kind == JSON_NULL)
		return !x->header(x, header, &unused);
	return mirror_is(x, header, v);
}

bool
era_check_mirrors(struct mcp *m, struct mcp_call *call)
{
	const struct mcp_mirror *mirror = m->provider->mirrors;

	if (mirror == NULL || call->exchange->header == NULL ||
	    !is_modern(call->version))
		return true;
	for (; mirror->tool != NULL; mirror++) {
		if (!span_is(call->name, mirror->tool) ||
		    mirror_check(call, mirror))
			continue;
		mcp_fail(call, RPC_HEADER_MISMATCH,
		    "an Mcp-Param header is missing or different from the "
		    "argument", span_empty());
		return false;
	}
	return true;
}
