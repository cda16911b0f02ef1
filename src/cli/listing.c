#include "cli/listing.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/table.h"
#include "base/text.h"

#define ENTRIES_MAX 20000 /* looked at in one folder */
#define VALUES_MAX 100
#define MATCHES_MAX 5000

struct listing {
	struct arena arena;
	struct span *names;
	size_t n;
};

static bool
is_capture_name(struct span name)
{
	static const char *const endings[] = { ".pcap", ".pcapng", ".cap",
		".pcap.gz", ".pcapng.gz", ".cap.gz", ".dmp", ".ntar" };

	for (size_t i = 0; i < LENGTH(endings); i++) {
		size_t n = strlen(endings[i]);

		if (name.n > n && span_is_nocase(
			span_after(name, name.n - n), endings[i]))
			return true;
	}
	return false;
}

/* Folder and beginning of a name, split at the last slash. */
static size_t
folder_length(struct span typed)
{
	size_t n = typed.n;

	while (n > 0 && typed.p[n - 1] != '/')
		n--;
	return n;
}

static void
entry_add(struct listing *l, const struct dirent *entry, struct span folder,
    struct span start)
{
	struct span name = span_text(entry->d_name);
	bool is_folder = entry->d_type == DT_DIR;
	char path[PATH_MAX];
	size_t n = folder.n + name.n + is_folder;

	if (name.p[0] == '.' || name.n < start.n || l->n == MATCHES_MAX ||
	    !span_equal(span_first(name, start.n), start))
		return;
	if ((!is_folder && !is_capture_name(name)) || n > sizeof(path) ||
	    !text_is_utf8(name))
		return;
	memcpy(path, folder.p, folder.n);
	memcpy(path + folder.n, name.p, name.n);
	if (is_folder)
		path[n - 1] = '/';
	l->names[l->n] = arena_copy(&l->arena, span_of(path, n));
	if (!l->arena.full)
		l->n++;
}

static void
folder_read(struct listing *l, int fd, struct span folder, struct span start)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t left = ENTRIES_MAX;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (left-- > 0 && (entry = readdir(dir)) != NULL)
		entry_add(l, entry, folder, start);
	closedir(dir);
}

static int
compare_names(const void *context, uint32_t a, uint32_t b)
{
	const struct listing *l = context;

	return span_compare(l->names[a], l->names[b]);
}

static void
values_write(const struct listing *l, struct json *j)
{
	uint32_t *order = calloc(2 * MATCHES_MAX, sizeof(*order));

	json_array(j, "values");
	if (order != NULL) {
		sort_order(order, order + MATCHES_MAX, l->n, compare_names, l);
		for (size_t i = 0; i < l->n && i < VALUES_MAX; i++)
			json_span(j, NULL, l->names[order[i]]);
	}
	json_end(j);
	free(order);
	json_uint(j, "total", l->n);
	json_bool(j, "hasMore", l->n > VALUES_MAX);
}

void
listing_write(const struct source_roots *roots, struct span typed,
    struct json *j)
{
	size_t n = folder_length(typed);
	struct span folder = span_first(typed, n);
	struct listing l = { .n = 0 };

	arena_init(&l.arena, 4 * 1024 * 1024);
	l.names = arena_array(&l.arena, MATCHES_MAX, struct span);
	if (l.names != NULL)
		folder_read(&l, source_open_folder(roots, folder), folder,
		    span_after(typed, n));
	values_write(&l, j);
	arena_free(&l.arena);
}
