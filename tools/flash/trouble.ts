/** Which errors say that the link is bad, so that the same work may do better at a lower rate. */
import { ESPError } from 'esptool-js';

const CRASH = /^(Guru Meditation|Fatal exception)/;

/** Whether an error says that the link is bad, not that the request was. */
export function isLinkTrouble(error: unknown): boolean {
  if (error instanceof ESPError || error instanceof VerifyMismatch) return true;
  // The library throws a bare Error when what comes is the chip's own report of a crash.
  return error instanceof Error && CRASH.test(error.message);
}

/** What was read back is not what it should be: the packets' own sums let some errors through. */
export class VerifyMismatch extends Error {
  constructor(line: string) {
    super(line);
    this.name = 'VerifyMismatch';
  }
}

/** What the library says of a bad link, in a few words. */
export function linkReason({ message }: Error): string {
  if (/stream stopped|No serial data/.test(message)) return 'no answer came';
  if (/^Invalid (head|SLIP)/.test(message)) return 'noise came instead of an answer';
  const status = /status \d+,(\d+)$/.exec(message)?.[1];
  if (status !== undefined) return `the loader refused what it was sent, code 0x${Number(status).toString(16)}`;
  return message.split('\n')[0].replace(/\.$/, '');
}
