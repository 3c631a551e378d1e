/**
 * Resets the chip through the port's two lines, as esptool does: RTS pulls EN, and DTR stays away from the boot pin. The
 * chips with a USB port of their own understand the same lines.
 */
import { isLineless, type SerialStream, setLines } from '../../serial/open.ts';

/** esptool's HardReset holds EN for 0.1 s. */
const HOLD_MS = 100;

/** Neither pulled: the chip runs. Both are set at once, for between them lies a reset. */
export const RUNNING = { dtr: false, rts: false };
const HELD = { dtr: false, rts: true };

/** @returns '' or why it cannot be done, with what to do */
export async function resetChip(stream: SerialStream, wait: (ms: number) => Promise<void>): Promise<string> {
  try {
    await setLines(stream, HELD);
    await wait(HOLD_MS);
    await setLines(stream, RUNNING);
    return '';
  } catch (error) {
    if (isLineless(error)) return 'this port has no lines that could reset the board; press its reset button';
    const why = error instanceof Error ? error.message : String(error);
    return `the board could not be reset (${why}); press its reset button`;
  }
}
