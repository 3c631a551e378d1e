/** What every command that opens a serial port ends with when it cannot; its own codes follow after these. */

/** There is no port that could be a board, the named one is not there, or there are several and none was chosen. */
export const EXIT_NO_PORT = 3;
/** Another program holds the port. */
export const EXIT_PORT_BUSY = 4;
/** The port is there and this user may not open it. */
export const EXIT_PORT_DENIED = 5;
/** The port went away or fell silent in the middle of the work. */
export const EXIT_LINK_LOST = 6;
