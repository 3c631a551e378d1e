/*
 * Opens the library that the SDK builds for its Linux simulator and runs it without a window: a node needs a main loop
 * and nothing to look at. Compiled against the SDK's header, which says what the library expects of whoever opens it.
 *
 *   lvs-node mc.so
 *
 * Settings and state are in modpreferences.json of the folder that it is started in. Ends with 1 when XS gives up.
 */
#include <dlfcn.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#define mxLinux 1
#include "screen.h"

enum { kFine = 0, kFailed = 1, kUsage = 2 };

static GMainLoop *gLoop;
static int gStatus = kFine;
static gboolean gAborted = FALSE;

static void hostAbort(txScreen *screen, int status)
{
	(void)screen;
	gStatus = status ? kFailed : kFine;
	gAborted = TRUE;
	g_main_loop_quit(gLoop);
}

static void hostIgnore(txScreen *screen)
{
	(void)screen;
}

static void hostPost(txScreen *screen, char *buffer, int size)
{
	(void)screen, (void)buffer, (void)size;
}

static void hostStart(txScreen *screen, double interval)
{
	(void)screen, (void)interval;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "lvs-node: name the library that the SDK built, and nothing else\n");
		return kUsage;
	}
	void *library = dlopen(argv[1], RTLD_NOW);
	txScreenLaunchProc launch = library ? (txScreenLaunchProc)dlsym(library, "fxScreenLaunch") : NULL;
	if (!launch) {
		fprintf(stderr, "lvs-node: %s\n", dlerror());
		return kUsage;
	}

	txScreen *screen = calloc(1, sizeof(txScreen) + screenBytesPerPixel);
	if (!screen)
		return kFailed;
	screen->width = 1;
	screen->height = 1;
	mxCreateMutex(&screen->workersMutex);
	screen->abort = hostAbort;
	screen->bufferChanged = hostIgnore;
	screen->formatChanged = hostIgnore;
	screen->post = hostPost;
	screen->start = hostStart;
	screen->stop = hostIgnore;

	gLoop = g_main_loop_new(NULL, FALSE);
	(*launch)(screen);
	if (!gAborted)
		g_main_loop_run(gLoop);
	return gStatus;
}
