/** What the commands of this project end with. A command with codes of its own documents them beside it. */
export const EXIT_OK = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** 128 and the number of SIGINT, as shells say it. */
export const EXIT_INTERRUPTED = 130;
