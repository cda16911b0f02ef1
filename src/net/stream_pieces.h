#ifndef NET_STREAM_PIECES_H
#define NET_STREAM_PIECES_H

#include "base/span.h"

/*
 * Bytes of one direction that wait behind a hole, by offset: sorted leaves
 * below one sorted row of them, so that whatever the order in which the
 * pieces come, a place is found in two short searches that stay in the cache.
 * Pieces never overlap: what is there first stays.
 */
struct stream_piece {
	uint64_t offset;
	uint64_t frame;   /* that carried it */
	uint32_t length;
	uint32_t missing; /* claimed behind it, but not captured */
	uint8_t bytes[];
};

struct stream_pieces;

struct stream_pieces *stream_pieces_new(void);
/* Frees all pieces, too. */
void stream_pieces_free(struct stream_pieces *l);

/* The first one, or NULL. */
const struct stream_piece *stream_pieces_first(const struct stream_pieces *l);
struct span stream_piece_bytes(const struct stream_piece *p);
void stream_pieces_drop_first(struct stream_pieces *l);

/* Memory held, and payload held. */
size_t stream_pieces_memory(const struct stream_pieces *l);
size_t stream_pieces_bytes(const struct stream_pieces *l);

/* How much of bytes at `offset` is there already; *differ when it is not the
 * same. */
size_t stream_pieces_compare(const struct stream_pieces *l, uint64_t offset,
    struct span bytes, bool *differ);
/* Copies what is not there yet; false when memory was refused on the way. */
bool stream_pieces_add(struct stream_pieces *l, uint64_t offset,
    struct span bytes, uint32_t missing, uint64_t frame);

#endif
