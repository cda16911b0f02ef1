#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "base/buf.h"
#include "base/json_read.h"

/*
 * An answer as a page for people: labels and values aligned, lists as tables
 * where they fit, lines of their own where they do not.  It knows no tool; it
 * reads units from the names (_bytes, _seconds) and has words for a few keys.
 */
struct page {
	struct buf *out;
	unsigned width;  /* columns of the terminal */
	bool colour;
};

void page_write(const struct page *page, const struct json_value *answer);

/* ---- For page_label.c and page_table.c -------------------------------- */

/* "Data size" of "data_size_bytes"; "data size" in the midst of a line. */
void page_label(struct buf *out, struct span key);
void page_words(struct buf *out, struct span key);
/* " bytes" of "data_size_bytes", or "". */
const char *page_unit(struct span key);
bool page_ends_with(struct span key, const char *end);
/* A scalar with its unit, if the key has one. */
void page_value(struct buf *out, struct span key, const struct json_value *v);
/* Characters, as far as terminals agree on their width. */
size_t page_columns(struct span text);
bool page_is_scalar(const struct json_value *v);
void page_spaces(struct buf *out, size_t n);

/* False: it does not fit, nothing was written. */
bool page_table_objects(const struct page *page, const struct json_value *list,
    unsigned indent);
void page_table_rows(const struct page *page, const struct json_value *columns,
    const struct json_value *rows, unsigned indent);
/* A list of [name, value, label, [the same below it]], label and list as they
 * are there.  False: it is none, nothing was written. */
bool page_tree(const struct page *page, const struct json_value *list,
    unsigned indent);
/* Hex digits of more than a line: sixteen bytes a line with their offset,
 * which begins with `offset` (NULL: 0), and with what is printable of them. */
bool page_is_long_hex(const struct json_value *v);
void page_hex(const struct page *page, struct span digits,
    const struct json_value *offset, unsigned indent);

#endif
