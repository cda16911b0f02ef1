#ifndef TEST_REQUESTS_H
#define TEST_REQUESTS_H

#include <stddef.h>

/*
 * Raw requests, and the statuses of all answers that come back: "200 200", or
 * "400 x" when the connection is closed after it.
 */
struct row {
	const char *wanted;
	const char *request;
	size_t n; /* 0: a text */
};

#define POST(headers) \
	"POST /mcp HTTP/1.1\r\nHost: localhost\r\n" headers
#define JSON "Content-Type: application/json\r\n"
#define CLOSE "Connection: close\r\n"
#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
#define PING_N "40"
#define SIZED "Content-Length: " PING_N "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNKS "10\r\n{\"jsonrpc\":\"2.0\"\r\n18\r\n,\"id\":1,\"method\":" \
	"\"ping\"}\r\n0\r\n\r\n"
#define HUNDRED \
	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define TEN "A: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\nA: 1\r\n" \
	"A: 1\r\nA: 1\r\n"

static const struct row rows[] = {
	/* What is welcome. */
	{ "200", POST(JSON SIZED "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 200 x", POST(JSON SIZED "\r\n" PING)
	    POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "\r\n") CHUNKS, 0 },
	{ "200 200 x", POST(JSON CHUNKED "\r\n") CHUNKS
	    POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 x", POST(JSON "Transfer-Encoding: Chunked\r\n" CLOSE "\r\n")
	    CHUNKS, 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "\r\n") "28;ext=\"v\"\r\n" PING
	    "\r\n0;e\r\n\r\n", 0 },
	{ "100 200 x", POST(JSON SIZED CLOSE "Expect: 100-continue\r\n\r\n"),
	    0 },
	{ "200 x", "POST http://localhost/mcp HTTP/1.1\r\nHost: localhost\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp?x=1 HTTP/1.1\r\nHost: localhost:80\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nhost:127.0.0.1\r\n"
	    "content-type:\tapplication/json; charset=utf-8 \r\n"
	    SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: [::1]:8080\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: cap.example\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: http://localhost:3000\r\n"
	    "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: https://app.example\r\n"
	    "\r\n" PING), 0 },
	{ "202 x", POST(JSON SIZED CLOSE "\r\n"
	    "{\"jsonrpc\":\"2.0\",\"method\":\"abcdefghijk\"}"), 0 },
	{ "200 x", "GET / HTTP/1.1\r\nHost: localhost\r\n" CLOSE "\r\n", 0 },
	{ "200 x", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n" CLOSE
	    "\r\n", 0 },
	{ "200 200 x", "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	    "GET / HTTP/1.1\r\nHost: localhost\r\n" CLOSE "\r\n", 0 },
	{ "200 200 200 x", POST(JSON SIZED "\r\n" PING)
	    POST(JSON CHUNKED "\r\n") CHUNKS
	    POST(JSON SIZED CLOSE "\r\n" PING), 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "Expect: 100-Continue\r\n\r\n")
	    CHUNKS, 0 },
	{ "200 200 x", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n"
	    "Host: localhost\r\n" CLOSE "\r\n", 0 },
	{ "200 x", POST(JSON CHUNKED CLOSE "\r\n") "28\r\n" PING
	    "\r\n00\r\n\r\n", 0 },
	{ "200", POST(JSON SIZED "\r\n" PING "G"), 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: LOCALHOST\r\n"
	    JSON SIZED CLOSE "\r\n" PING, 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: http://[::1]:3000\r\n"
	    "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: https://127.0.0.1\r\n"
	    "Sec-Fetch-Site: same-site\r\n\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Sec-Fetch-Site: same-origin\r\n"
	    "\r\n" PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Accept: text/html\r\n\r\n" PING),
	    0 },
	{ "200 x", POST(JSON SIZED "Connection: keep-alive, close\r\n\r\n"
	    PING), 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Upgrade: h2c\r\n\r\n" PING), 0 },
	{ "200 x", "GET /?q=1 HTTP/1.1\r\nHost: localhost\r\n"
	    "Sec-Fetch-Site: none\r\n" CLOSE "\r\n", 0 },
	/* Paths and verbs. */
	{ "404 x", "POST /mcp#x HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "POST //mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "POST /mcp%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "post /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n"
	    "\r\n", 0 },
	{ "505 x", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0 },
	{ "404 x", "POST /other HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "GET /mcp/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404 x", "GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
	    0 },
	{ "405 x", "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "PUT /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405 x", "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "405", "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "404", "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n"
	    "Mcp-Session-Id: x\r\n\r\n", 0 },
	/* A page of a named origin, as its browser asks for it. */
	{ "204 x", "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n"
	    "Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n"
	    "Access-Control-Request-Method: POST\r\n\r\n", 0 },
	{ "200 x", POST(JSON SIZED CLOSE "Origin: https://app.example\r\n"
	    "Sec-Fetch-Site: cross-site\r\n\r\n" PING), 0 },
	{ "405 x", "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n"
	    "Origin: http://localhost:3000\r\n"
	    "Access-Control-Request-Method: POST\r\n\r\n", 0 },
	{ "405 x", "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n"
	    "Origin: https://evil.example\r\n\r\n", 0 },
	{ "405 x", "OPTIONS /mcp HTTP/1.1\r\nHost: evil.example\r\n"
	    "Origin: https://app.example\r\n\r\n", 0 },
	/* Strangers. */
	{ "400 x", "POST /mcp HTTP/1.1\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "400 x", POST("Host: localhost\r\n" JSON SIZED "\r\n" PING), 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: evil.example\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: localhost.evil.example\r\n"
	    JSON SIZED "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: 10.0.0.1\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: localhost:x\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost:\r\n" JSON SIZED "\r\n" PING,
	    0 },
	{ "400 x", "POST http://evil.example/mcp HTTP/1.1\r\n"
	    "Host: localhost\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "400 x", "POST https://localhost/mcp HTTP/1.1\r\n"
	    "Host: localhost\r\n" JSON SIZED "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: localhost.\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "200 x", "POST /mcp HTTP/1.1\r\nHost: 127.0.0.2:8080\r\n" JSON
	    SIZED CLOSE "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: 127.1\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: 2130706433\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:80:80\r\n" JSON
	    SIZED "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: [::1\r\n" JSON SIZED
	    "\r\n" PING, 0 },
	{ "403 x", "POST /mcp HTTP/1.1\r\nHost: user@localhost\r\n" JSON
	    SIZED "\r\n" PING, 0 },
	{ "403 x", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 0 },
	{ "403 x", "GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n",
	    0 },
	{ "403 x", POST(JSON SIZED "Origin: null\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin:\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://evil.example@localhost"
	    "\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost@evil.example"
	    "\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost:99999\r\n\r\n"
	    PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: https://app.example.evil\r\n"
	    "\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost http://a\r\n"
	    "\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost\r\n"
	    "Sec-Fetch-Site: cross-site\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: http://evil.example\r\n\r\n" PING),
	    0 },
	{ "403 x", POST(JSON SIZED "Origin: http://localhost.evil\r\n\r\n"
	    PING), 0 },
	{ "403 x", POST(JSON SIZED "Origin: file://\r\n\r\n" PING), 0 },
	{ "403 x", POST(JSON SIZED "Sec-Fetch-Site: cross-site\r\n\r\n" PING),
	    0 },
	{ "400 x", POST(JSON SIZED "Origin: http://localhost\r\n"
	    "Origin: http://evil.example\r\n\r\n" PING), 0 },
	{ "415 x", POST(SIZED "\r\n" PING), 0 },
	{ "415 x", POST("Content-Type: text/plain\r\n" SIZED "\r\n" PING), 0 },
	{ "415 x", POST("Content-Type: application/jsonx\r\n" SIZED "\r\n"
	    PING), 0 },
	{ "400 x", POST(JSON "Content-Type: text/plain\r\n" SIZED "\r\n"
	    PING), 0 },
	/* Lengths that two readers could understand differently. */
	{ "400 x", POST(JSON SIZED "Transfer-Encoding: x\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Transfer-Encoding : chunked\r\n\r\n") CHUNKS,
	    0 },
	{ "400 x", POST(JSON "Transfer-Encoding: \x0b" "chunked\r\n\r\n")
	    CHUNKS, 0 },
	{ "400 x", POST(JSON "Transfer-Encoding: chunked;q=1\r\n\r\n")
	    CHUNKS, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28;a\rb\r\n" PING, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28 \r\n" PING, 0 },
	{ "400 x", POST(JSON SIZED CHUNKED "\r\n") CHUNKS, 0 },
	{ "400 x", POST(JSON SIZED SIZED "\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 40, 40\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: +40\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: -1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 0x28\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 4 0\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length:\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON "Content-Length: 99999999999999999999\r\n\r\n"),
	    0 },
	{ "413 x", POST(JSON "Content-Length: 10000000000\r\n\r\n"), 0 },
	{ "413 x", POST(JSON "Content-Length: 1048577\r\n"
	    "Expect: 100-continue\r\n\r\n"), 0 },
	{ "400 x", POST(JSON "Transfer-Encoding: gzip, chunked\r\n\r\n")
	    CHUNKS, 0 },
	{ "400 x", POST(JSON "Transfer-Encoding: xchunked\r\n\r\n") CHUNKS,
	    0 },
	{ "400 x", POST(JSON "Transfer-Encoding: identity\r\n" SIZED "\r\n"
	    PING), 0 },
	{ "400 x", POST(JSON CHUNKED CHUNKED "\r\n") CHUNKS, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "zz\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "-1\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "0x28\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") " 28\r\n", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28\n" PING, 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "000000028\r\n", 0 },
	{ "413 x", POST(JSON CHUNKED "\r\n") "ffffffff\r\nx", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "2\r\n{}x", 0 },
	{ "400 x", POST(JSON CHUNKED "\r\n") "28\r\n" PING
	    "\r\n0\r\nTrailer: 1\r\n\r\n", 0 },
	/* Heads. */
	{ "400 x", POST(JSON SIZED " folded: 1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\r\n\tfolded\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "Name : 1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A\x80: 1\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\r\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "no colon\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED ": empty\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: 1\rB: 2\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: \x01\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "A: \x7f\r\n\r\n" PING), 0 },
	{ "400 x", "GET / HTTP/1.1\nHost: localhost\n\n", 0 },
	{ "400 x", "GET / HTTP/1.1\r\nHost: loc\0alhost\r\n\r\n", 36 },
	{ "400 x", "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET /\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "GET relative HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 0 },
	{ "400 x", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11 },
	{ "505 x", "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n", 0 },
	{ "505 x", "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 0 },
	{ "417 x", POST(JSON SIZED "Expect: tea\r\n\r\n" PING), 0 },
	{ "400 x", POST(JSON SIZED "Mcp-Method: a\r\nMcp-Method: b\r\n\r\n"
	    PING), 0 },
	{ "431 x", "GET / HTTP/1.1\r\nHost: localhost\r\n" HUNDRED TEN "\r\n",
	    0 },
	/* What the protocol core says. */
	{ "400 x", POST(JSON "Content-Length: 1\r\n" CLOSE "\r\n{"), 0 },
	{ "400 x", POST(JSON "Content-Length: 0\r\n" CLOSE "\r\n"), 0 },
	{ "400 x", POST(JSON CLOSE "\r\n"), 0 },
	{ "404", POST(JSON SIZED "Mcp-Session-Id: 0123\r\n\r\n" PING), 0 },
	/* A modern header on a message without a claim, whatever the session. */
	{ "400 x", POST(JSON SIZED CLOSE "Mcp-Session-Id: 0123\r\n"
	    "MCP-Protocol-Version: 2026-07-28\r\n\r\n" PING), 0 },
};

#endif
