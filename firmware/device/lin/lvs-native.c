/*
 * What firmware/device/lin/native.ts asks for: the SDK's Linux simulator seeds no random numbers, so that processes that
 * start together would draw the same ones, and keeps its output back while no terminal reads it.
 */
#include <stdio.h>
#include <sys/random.h>

#include "xsmc.h"
#include "mc.xs.h"

void xs_lvs_randomWord(xsMachine *the)
{
	int32_t word = 0;
	if (getrandom(&word, sizeof(word), 0) != sizeof(word))
		xsUnknownError("the system gives no randomness");
	xsmcSetInteger(xsResult, word);
}

void xs_lvs_print(xsMachine *the)
{
	fputs(xsmcToString(xsArg(0)), stdout);
	fputc('\n', stdout);
	fflush(stdout);
}
