/** The rate at which both sides talk: which ones there are to try, and how they change over together. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ESPError } from 'esptool-js';
import type { Reached } from './connect.ts';
import { type BoardLoader, ROM_BAUD } from './loader.ts';
import { isLinkTrouble } from './trouble.ts';
import { PortLost } from './web-port.ts';

/** What one tries after another: half the rate heals most weak cables, and the ROM's own is the last resort. */
const RATES = [921_600, 460_800, 230_400, ROM_BAUD];
/** The chip needs a moment to change over, as esptool gives it. */
const CHANGE_MS = 50;
const PROBE_TIMEOUT_MS = 500;
const PROBES = 2;

/** The wanted rate and those below it. */
export function ladder(wanted: number): number[] {
  return [wanted, ...RATES.filter((rate) => rate < wanted)];
}

/** The stub wants to know the rate so far; the ROM measures it. */
async function tellChip(loader: BoardLoader, rate: number, before: number): Promise<void> {
  const packet = new Uint8Array(Uint32Array.from([rate, loader.IS_STUB ? before : 0]).buffer);
  await loader.command(loader.ESP_CHANGE_BAUDRATE, packet);
}

async function answers({ loader, transport }: Reached): Promise<boolean> {
  for (let probe = 0; probe < PROBES; probe++) {
    try {
      await loader.readReg(loader.CHIP_DETECT_MAGIC_REG_ADDR, PROBE_TIMEOUT_MS);
      return true;
    } catch (error) {
      if (!(error instanceof ESPError)) throw error;
      transport.flushInput();
    }
  }
  return false;
}

/** Some drivers refuse a rate; asked before the chip changes over, for afterwards it would be out of reach. */
export async function hostTakes({ port }: Reached, rate: number): Promise<boolean> {
  try {
    await port.setBaudRate(rate);
    await port.setBaudRate(ROM_BAUD);
    return true;
  } catch (error) {
    if (port.lost !== undefined) throw error;
    return false;
  }
}

/**
 * Both sides to another rate. The library's own way falls back to 115,200 at once and loads a stub that was not wanted.
 *
 * @returns whether the chip answers at the new rate; otherwise it is out of reach until it is reset
 */
export async function changeBaud(reached: Reached, rate: number, patience: number): Promise<boolean> {
  const { loader, transport, port } = reached;
  await tellChip(loader, rate, ROM_BAUD);
  await sleep(CHANGE_MS * patience);
  await port.setBaudRate(rate);
  transport.baudrate = rate;
  await transport.drainInput(CHANGE_MS, 2 * CHANGE_MS);
  return await answers(reached);
}

/** Leaves the board in the loader, at the rate at which the next one to come will call it. */
export async function leaveInLoader({ loader, port }: Reached, baud: number): Promise<void> {
  if (baud === ROM_BAUD || port.lost !== undefined) return;
  try {
    await tellChip(loader, ROM_BAUD, baud);
  } catch (error) {
    // Whoever comes next resets the board; the work itself is done.
    if (!isLinkTrouble(error) && !(error instanceof PortLost)) throw error;
  }
}
