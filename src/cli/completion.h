#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

/* Shell completion on stdout, made from the rows of tools and options.  The
 * exit status: 0, or 2 for another shell's name. */
int completion(const char *shell);

#endif
