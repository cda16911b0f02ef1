#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/buf.h"

/* Numbers and times as text, by tables rather than printf.  Every writer
 * returns the number of characters; `out` has room for NUMBER_TEXT. */
#define NUMBER_TEXT 40

size_t number_uint(char *out, uint64_t value);
size_t number_int(char *out, int64_t value);
/* Lower case, at least `digits` wide, with 0x. */
size_t number_hex(char *out, uint64_t value, unsigned digits);
/* The shortest text that reads back as the same double: the digits of
 * Python's repr(), without its ".0" and "e+0".  NaN and infinities become
 * "null" (JSON has none). */
size_t number_double(char *out, double value);
/* Strict JSON number grammar; false on overflow to infinity. */
bool number_read_double(struct span s, double *value);

/*
 * Capture time: nanoseconds since 1970 UTC, split so that no year of a
 * 64-bit seconds field is lost.  `digits` is the capture's own precision in
 * decimal digits (6 or 9 for pcap; 0 to 9 for pcapng).
 */
struct timestamp {
	int64_t seconds;
	uint32_t nanoseconds; /* < 1000000000 */
	uint8_t digits;
	bool known; /* false: the record carries no time */
};

/* 2005-03-30T08:47:46.496046Z; beyond year 9999 or before 0 the seconds as
 * a number; nothing when the time is not known. */
size_t time_iso(char *out, struct timestamp t);
/* 1112172466.496046000: seconds and so many digits, nine as Wireshark's
 * frame.time_epoch; those left out are cut off, not rounded. */
size_t time_epoch(char *out, struct timestamp t, unsigned digits);
/* a - b in nanoseconds, saturated. */
int64_t time_diff(struct timestamp a, struct timestamp b);
int time_compare(struct timestamp a, struct timestamp b);
/* Signed nanoseconds as seconds with nine digits: -0.000012000 */
size_t time_duration(char *out, int64_t nanoseconds);
/* As milliseconds, without zeros at the end of the fraction: -0.012 */
size_t time_ms(char *out, int64_t nanoseconds);

/* The machine's clocks, in nanoseconds; what this thread has used of it. */
int64_t clock_monotonic(void);
int64_t clock_thread(void);
struct timestamp clock_now(void);

#endif
