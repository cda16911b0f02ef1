#include "analysis/flow_ends.h"

void
flow_ends_report(const struct flow *f, struct json *j)
{
	const struct addr a = flow_addr(f, 0), b = flow_addr(f, 1);

	json_endpoint(j, "client", &a, f->a_port);
	json_endpoint(j, "server", &b, f->b_port);
}
