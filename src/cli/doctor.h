#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

/* What this build and this system can do, on stdout; the exit status is 0
 * when every part of the sandbox is there, else 1. */
int doctor(void);

#endif
