#include "transport/http_write.h"

#include <time.h>

static const char *
reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} rows[] = {
		{ 200, "OK" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].status == status)
			return rows[i].text;
	}
	return "";
}

/* RFC 9110, 5.6.7; the names are English whatever the locale. */
static void
date_write(struct buf *out)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now = time(NULL);
	struct tm t;

	if (gmtime_r(&now, &t) == NULL)
		return;
	buf_printf(out, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n",
	    days[t.tm_wday], t.tm_mday, months[t.tm_mon], t.tm_year + 1900,
	    t.tm_hour, t.tm_min, t.tm_sec);
}

void
http_write_head(struct buf *out, const struct http_answer *a)
{
	buf_printf(out, "HTTP/1.1 %u %s\r\n", a->status, reason(a->status));
	date_write(out);
	if (a->type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", a->type);
	if (a->stream)
		buf_text(out, "Cache-Control: no-cache, no-transform\r\n"
		    "X-Accel-Buffering: no\r\n"
		    "Transfer-Encoding: chunked\r\n");
	else if (a->status != 204)
		buf_printf(out, "Cache-Control: no-store\r\n"
		    "Content-Length: %zu\r\n", a->length);
	buf_text(out, "X-Content-Type-Options: nosniff\r\n");
	buf_text(out, a->extra);
	if (a->closes)
		buf_text(out, "Connection: close\r\n");
	buf_text(out, "\r\n");
}

void
http_write_chunk(struct buf *out, struct span bytes)
{
	buf_printf(out, "%zx\r\n", bytes.n);
	buf_span(out, bytes);
	buf_text(out, "\r\n");
}

void
http_write_event(struct buf *out, struct span data)
{
	static const char before[] = "event: message\ndata: ";
	static const char after[] = "\n\n";

	buf_printf(out, "%zx\r\n", strlen(before) + data.n + strlen(after));
	buf_text(out, before);
	buf_span(out, data);
	buf_text(out, after);
	buf_text(out, "\r\n");
}
