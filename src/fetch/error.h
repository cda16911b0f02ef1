#ifndef FETCH_ERROR_H
#define FETCH_ERROR_H

/*
 * Why a URL gave no capture.  The texts are constant and coarse: nothing that
 * a server sent and no address is in them, so that a fetch cannot be used to
 * look around in a network.
 */
enum fetch_error {
	FETCH_OK = 0,
	/* The URL itself. */
	FETCH_SCHEME,
	FETCH_URL_LONG,
	FETCH_URL_BYTES,
	FETCH_URL_ESCAPE,
	FETCH_URL_USER,
	FETCH_URL_FRAGMENT,
	FETCH_URL_HOST,
	FETCH_URL_PORT,
	/* What is not done. */
	FETCH_PORT,
	FETCH_ADDRESS,
	FETCH_DOWNGRADE,
	FETCH_REDIRECTS,
	FETCH_TOO_LARGE,
	FETCH_NO_TLS,
	FETCH_TLS_ADDRESS,
	/* What went wrong. */
	FETCH_NAME,
	FETCH_CONNECT,
	FETCH_BROKEN,
	FETCH_TIMEOUT,
	FETCH_SLOW,
	FETCH_ANSWER,
	FETCH_STATUS,
	FETCH_REDIRECT,
	FETCH_ENCODING,
	FETCH_NO_LENGTH,
	FETCH_CUT,
	FETCH_MORE,
	FETCH_EMPTY,
	FETCH_NO_CAPTURE,
	FETCH_STORE,
	FETCH_TMP_DIR,
	FETCH_MEMORY,
	FETCH_STOPPED,
	FETCH_TLS_ANCHORS,
	FETCH_TLS_NAME,
	FETCH_TLS_TRUST,
	FETCH_TLS_TIME,
	FETCH_TLS_WEAK,
	FETCH_TLS_13,
	FETCH_TLS,
	FETCH_ERRORS,
};

const char *fetch_error_text(enum fetch_error error);

#endif
