#include "fetch/error.h"

#include <stddef.h>

static const char *const texts[FETCH_ERRORS] = {
	[FETCH_OK] = "",
	[FETCH_SCHEME] = "only http and https URLs are fetched",
	[FETCH_URL_LONG] = "the URL is longer than 2048 bytes",
	[FETCH_URL_BYTES] = "the URL has a space, backslash, control or other "
	    "character that must be percent-encoded (a space is %20)",
	[FETCH_URL_ESCAPE] = "a % in the URL lacks its two hex digits, or "
	    "stands for a control character",
	[FETCH_URL_USER] = "the URL names a user or password: leave it out",
	[FETCH_URL_FRAGMENT] = "leave out the part of the URL from # on",
	[FETCH_URL_HOST] = "the host in the URL is no name, no IPv4 address "
	    "of four decimal numbers and no [IPv6 address]",
	[FETCH_URL_PORT] = "the port in the URL is no number from 1 to 65535",
	[FETCH_PORT] = "port not allowed: only 80 and 443, unless the "
	    "operator adds --allow-host HOST:PORT",
	[FETCH_ADDRESS] = "address not allowed: the host is, or leads to, a "
	    "private, local or reserved address. The operator can allow it "
	    "with --allow-host HOST",
	[FETCH_DOWNGRADE] = "the server leads from https to http, which is "
	    "not followed",
	[FETCH_REDIRECTS] = "the server leads elsewhere more than three "
	    "times; give the final URL",
	[FETCH_TOO_LARGE] = "the file is larger than --max-download; "
	    "download it by other means and give its path",
	[FETCH_NO_TLS] = "https is not built into this program; use http, or "
	    "download the file by other means and give its path",
	[FETCH_TLS_ADDRESS] = "https needs a host name: a certificate cannot "
	    "be checked against an address here",
	[FETCH_NAME] = "the host's name cannot be resolved; check its "
	    "spelling and the system's DNS",
	[FETCH_CONNECT] = "the host does not take the connection",
	[FETCH_BROKEN] = "the connection broke; try again",
	[FETCH_TIMEOUT] = "it took longer than the limit (--fetch-timeout)",
	[FETCH_SLOW] = "the server is too slow: it has 30 seconds to "
	    "answer, and then to send at least 1 KiB a second",
	[FETCH_ANSWER] = "the server's answer is not proper HTTP/1.1",
	[FETCH_STATUS] = "the server does not give the file",
	[FETCH_REDIRECT] = "the server leads to something that is no usable "
	    "URL",
	[FETCH_ENCODING] = "the server sends the file in an encoding that was "
	    "not asked for; download it by other means",
	[FETCH_NO_LENGTH] = "the server does not say where the file ends",
	[FETCH_CUT] = "the server sent less than it announced; try again",
	[FETCH_MORE] = "the server sent more than it announced",
	[FETCH_EMPTY] = "the file is empty",
	[FETCH_NO_CAPTURE] = "not a capture file: it begins neither as pcap "
	    "nor pcapng nor gzip; is the URL that of a web page?",
	[FETCH_STORE] = "there is no room for the file; --tmp-dir can name "
	    "another folder",
	[FETCH_TMP_DIR] = "nothing can be written in the folder of --tmp-dir",
	[FETCH_MEMORY] = "out of memory",
	[FETCH_STOPPED] = "stopped",
	[FETCH_TLS_ANCHORS] = "no certificate authorities are known; "
	    "--ca-file can name a file with their certificates (PEM)",
	[FETCH_TLS_NAME] = "the server's certificate is for another name",
	[FETCH_TLS_TRUST] = "the server's certificate comes from no "
	    "authority that is known here; --ca-file can name one",
	[FETCH_TLS_TIME] = "the server's certificate is expired or not yet "
	    "valid; is the clock right?",
	[FETCH_TLS_WEAK] = "the server's certificate is damaged, not made "
	    "for this, or weaker than is accepted (RSA 2048, SHA-256)",
	[FETCH_TLS_13] = "the server offers no TLS 1.2 with a modern cipher "
	    "(TLS 1.3 alone is not spoken here), wants a certificate of its "
	    "clients, or speaks no TLS. Download the file by other means "
	    "and give its path",
	[FETCH_TLS] = "TLS with the server failed",
};

const char *
fetch_error_text(enum fetch_error error)
{
	const char *text = NULL;

	if ((size_t)error < FETCH_ERRORS)
		text = texts[error];
	return text == NULL ? "" : text;
}
