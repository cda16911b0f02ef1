#ifndef TEST_CAPTURES_H
#define TEST_CAPTURES_H

#include <dirent.h>
#include <stdio.h>

/* The captures that the command line names, or else all fixtures. */
static inline void
captures_each(int argc, char **argv, void (*check)(const char *path))
{
	DIR *dir = argc > 1 ? NULL : opendir(FIXTURES);
	struct dirent *entry;
	char path[512];

	for (int i = 1; i < argc; i++)
		check(argv[i]);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), FIXTURES "/%s", entry->d_name);
		check(path);
	}
	if (dir != NULL)
		closedir(dir);
}

#endif
