#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/digits.h"
#include "base/number.h"

size_t
number_double(char *out, double value)
{
	int n = 0;

	if (value != value || value - value != 0) {
		memcpy(out, "null", 4);
		return 4;
	}
	for (int precision = 1; precision <= 17; precision++) {
		n = snprintf(out, NUMBER_TEXT, "%.*g", precision, value);
		if (strtod(out, NULL) == value)
			break;
	}
	return (size_t)n;
}

bool
number_read_double(struct span s, double *value)
{
	char text[64];

	if (s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = 0;
	*value = strtod(text, NULL);
	return *value - *value == 0;
}
