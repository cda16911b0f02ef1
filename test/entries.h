#ifndef TEST_ENTRIES_H
#define TEST_ENTRIES_H

#include <dirent.h>
#include <stddef.h>

/* Entries of a folder, "." and ".." among them; 0: it cannot be read. */
static inline unsigned
entries_count(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

#endif
