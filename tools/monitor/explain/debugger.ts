/** What a build for the debugger looks like to someone who has none running. */
import type { Explanation } from './explanation.ts';

/** build/devices/esp32/lib/debugger/debugger_uart.c, DEBUGGER_SPEED */
export const DEBUGGER_BAUD = 460_800;

export const DEBUG_BUILD: Explanation = {
  level: 'W',
  title: 'This is a debug build: XS introduces itself to its debugger, and waits for it',
  cause: `It talks to xsbug on this same port, at ${DEBUGGER_BAUD} baud; nothing runs until a debugger answers. The monitor only listens.`,
  next: [
    'to debug, close this and start `serial2xsbug` and `xsbug` of the Moddable SDK on this port',
    'to just run it, build without `--mode debug` and flash',
  ],
};
