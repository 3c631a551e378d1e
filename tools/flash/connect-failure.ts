/** No loader answers: why, as far as what was heard tells it, and which button helps. */
import { Failure } from '../cli/errors.ts';
import { EXIT_NO_CONNECTION } from './exit-codes.ts';

export interface Unreached {
  path: string;
  /** What esptool-js said of its last attempt. */
  lastAttempt: string;
  attempts: number;
  /** Bytes that came from the board, whatever they were. */
  heard_bytes: number;
  buttonHint: string;
  hasLines: boolean;
}

const ANY_BOARD = 'hold its BOOT button, press and release RESET (EN, RST), let BOOT go';

/** https://docs.espressif.com/projects/esptool, "Boot Mode Selection": what the ROM prints is the strapping pins. */
const WRONG_MODE = /Wrong boot mode detected \((0x[0-9a-f]+)\)/i;
const NO_REPLY = 'Download mode successfully detected';

export function connectFailure(unreached: Unreached): Failure {
  const { path, lastAttempt, attempts, heard_bytes, buttonHint, hasLines } = unreached;
  const button =
    buttonHint === '' ? `Put the board into its download mode: ${ANY_BOARD}` : buttonHint.replace(/\.$/, '');
  const tries = `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const fail = (line: string): Failure => new Failure(line, EXIT_NO_CONNECTION);
  const mode = WRONG_MODE.exec(lastAttempt)?.[1];
  if (mode !== undefined) {
    return fail(
      `the board at ${path} starts its application instead of the loader (wrong boot mode, ${mode}). ${button}. Then run this again`,
    );
  }
  if (lastAttempt.includes(NO_REPLY)) {
    return fail(
      `the loader at ${path} waits for a download and does not hear what is sent: the line to the chip's RX is broken; ` +
        `try another cable or port`,
    );
  }
  const manual = hasLines ? '' : ' (this port cannot reset the board)';
  if (heard_bytes > 0) {
    return fail(
      `something at ${path} talks, but it is no loader that answers ${tries}${manual}. ${button}. Then run this again, ` +
        `with --trace FILE if it stays so`,
    );
  }
  return fail(
    `nothing answers at ${path} ${tries}${manual}. ${button}. Then run this again; if it stays so, it may be ` +
      `the wrong port, a cable for charging alone, or a board without power`,
  );
}
