#include "fetch/resolve.h"

#include <netdb.h>
#include <sys/socket.h>

#include "fetch/address.h"

static int
system_lookup(void *context, const char *host, struct addr *found)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	int n = 0;

	(void)context;
	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return 0;
	for (const struct addrinfo *i = list; i != NULL; i = i->ai_next) {
		/* More than can be checked is no answer. */
		if (n == RESOLVE_MAX) {
			n = 0;
			break;
		}
		found[n++] = address_of(i->ai_addr);
	}
	freeaddrinfo(list);
	return n;
}

const struct resolver resolver_system = { system_lookup, NULL };

enum fetch_error
resolve(const struct resolver *r, const struct url *u, bool any,
    struct addr *found, size_t *n)
{
	int count = 1;

	*n = 0;
	if (u->addr.kind != ADDR_NONE)
		found[0] = u->addr;
	else
		count = r->lookup(r->context, u->host, found);
	if (count <= 0 || count > RESOLVE_MAX)
		return FETCH_NAME;
	for (int i = 0; i < count; i++)
		if (found[i].kind == ADDR_NONE ||
		    (!any && !address_is_public(&found[i])))
			return FETCH_ADDRESS;
	*n = (size_t)count;
	return FETCH_OK;
}
