#include "net/step.h"
#include "net/tunnel.h"

/* Teredo (RFC 4380): IPv6 in UDP, behind an optional authentication and an
 * optional origin indication. */
#define INDICATOR_ORIGIN 0
#define INDICATOR_AUTH 1

enum row {
	TEREDO_TEREDO,
	TEREDO_AUTH,
	TEREDO_AUTH_ID_LENGTH,
	TEREDO_AUTH_LENGTH,
	TEREDO_AUTH_ID,
	TEREDO_AUTH_VALUE,
	TEREDO_AUTH_NONCE,
	TEREDO_AUTH_CONF,
	TEREDO_ORIG,
	TEREDO_ORIG_PORT,
	TEREDO_ORIG_ADDR,
	TEREDO_ROWS
};

static const struct field rows[TEREDO_ROWS] = {
	[TEREDO_TEREDO] = { "teredo", FIELD_PROTOCOL,
	    .help = "Teredo IPv6 over UDP tunneling" },
	[TEREDO_AUTH] = { "teredo.auth", FIELD_NONE,
	    .help = "Authentication" },
	[TEREDO_AUTH_ID_LENGTH] = { "teredo.auth.idlen", FIELD_UINT, 8,
	    .help = "Length of the client identifier" },
	[TEREDO_AUTH_LENGTH] = { "teredo.auth.aulen", FIELD_UINT, 8,
	    .help = "Length of the authentication value" },
	[TEREDO_AUTH_ID] = { "teredo.auth.id", FIELD_BYTES,
	    .help = "Client identifier" },
	[TEREDO_AUTH_VALUE] = { "teredo.auth.value", FIELD_BYTES,
	    .help = "Authentication value" },
	[TEREDO_AUTH_NONCE] = { "teredo.auth.nonce", FIELD_BYTES,
	    .help = "Nonce" },
	[TEREDO_AUTH_CONF] = { "teredo.auth.conf", FIELD_BYTES,
	    .help = "Confirmation" },
	[TEREDO_ORIG] = { "teredo.orig", FIELD_NONE,
	    .help = "Origin indication" },
	[TEREDO_ORIG_PORT] = { "teredo.orig.port", FIELD_UINT, 16,
	    .help = "Port as the server saw it" },
	[TEREDO_ORIG_ADDR] = { "teredo.orig.addr", FIELD_IPV4,
	    .help = "Address as the server saw it" },
};

const struct field_table teredo_table = {
	"Teredo IPv6 over UDP tunneling", rows, TEREDO_ROWS
};

static bool
begins_with(struct step *s, uint16_t indicator)
{
	struct cursor c = s->c;
	uint16_t first = cur_be16(&c);

	if (!cur_ok(&c) && cur_claimed_left(&s->c) > 0)
		s->c = c;
	return cur_ok(&c) && first == indicator;
}

static void
auth_read(struct step *s)
{
	size_t entered = field_enter(s->l, &rows[TEREDO_AUTH], step_here(s));
	uint8_t id, value;

	cur_skip(&s->c, 2);
	id = read_u8(&s->c, s->l, &rows[TEREDO_AUTH_ID_LENGTH]);
	value = read_u8(&s->c, s->l, &rows[TEREDO_AUTH_LENGTH]);
	if (id > 0)
		(void)read_bytes(&s->c, id, s->l, &rows[TEREDO_AUTH_ID]);
	if (value > 0)
		(void)read_bytes(&s->c, value, s->l,
		    &rows[TEREDO_AUTH_VALUE]);
	(void)read_bytes(&s->c, 8, s->l, &rows[TEREDO_AUTH_NONCE]);
	(void)read_bytes(&s->c, 1, s->l, &rows[TEREDO_AUTH_CONF]);
	field_leave(s->l, entered, s->c.base + s->c.pos);
}

/* Port and address stand inverted, so that no NAT rewrites them. */
static void
origin_read(struct step *s)
{
	size_t entered = field_enter(s->l, &rows[TEREDO_ORIG], step_here(s));
	struct span at, address;
	uint16_t port;

	cur_skip(&s->c, 2);
	at = span_of(s->c.base + s->c.pos, 2);
	port = cur_be16(&s->c);
	address = cur_take(&s->c, 4);
	if (s->l != NULL && cur_ok(&s->c)) {
		uint8_t *plain = arena_alloc(s->arena, 4, 1);

		field_put_number(s->l, &rows[TEREDO_ORIG_PORT], at,
		    (uint16_t)~port);
		for (unsigned i = 0; plain != NULL && i < 4; i++)
			plain[i] = (uint8_t)~address.p[i];
		if (plain != NULL)
			field_put_bytes(s->l, &rows[TEREDO_ORIG_ADDR],
			    address, span_of(plain, 4));
	}
	field_leave(s->l, entered, s->c.base + s->c.pos);
}

void
teredo_read(struct step *s)
{
	size_t entered = step_enter(s, LAYER_TEREDO, &rows[TEREDO_TEREDO]);

	if (begins_with(s, INDICATOR_AUTH))
		auth_read(s);
	if (begins_with(s, INDICATOR_ORIGIN))
		origin_read(s);
	step_leave(s, entered);
	if (!cur_ok(&s->c))
		step_fail(s);
	else if (cur_claimed_left(&s->c) == 0)
		s->next = NEXT_END;
	else if (step_tunnel(s))
		step_to(s, NEXT_IPV6, 0);
}
