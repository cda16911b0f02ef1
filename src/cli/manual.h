#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

/* man/mcpcap-tools.7 on stdout, made from the tools' rows. */
void manual(void);

#endif
