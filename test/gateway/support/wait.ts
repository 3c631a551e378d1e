/** Waiting for what has to come, with a limit that only a defect reaches. */

const LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 5;

export async function until(what: string, holds: () => boolean): Promise<void> {
  const end_ms = Date.now() + LIMIT_MS;
  while (!holds()) {
    if (Date.now() > end_ms) throw new Error(`waited ${LIMIT_MS / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export function pause(delay_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay_ms));
}
