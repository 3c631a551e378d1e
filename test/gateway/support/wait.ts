/** Waiting for what has to come, with a limit that only a defect reaches. */

const LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 5;

/** A look that takes a while is waited for, so that none is under way when the test goes on. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end_ms = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > end_ms) throw new Error(`waited ${LIMIT_MS / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export function pause(delay_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay_ms));
}
