/** Whether the node fits the chip's memory with the settings of the build; where it does not, what to change. */
import type * as Firmware from '../../firmware/node.ts';
import { Failure } from '../cli/errors.ts';
import { grouped } from '../cli/numbers.ts';
import { nodeHeap, SLOT_BYTES } from './heap.ts';
import { type Merged, nodeSettings } from './settings.ts';

/**
 * What runs beside the node: 427 slots of the application, its ports, Wi-Fi and sensors, and four datagrams of 1,232
 * bytes that wait to be collected, with the ports' own buffers. As the simulator reckons with `--memory`; a test holds both to it.
 */
export const BESIDE_BYTES = 427 * SLOT_BYTES + 6 * 1024;

/** The largest table that fits with the other settings as they are, or 0. */
function largestTable(firmware: typeof Firmware, settings: Firmware.Settings, room_bytes: number): number {
  let low = 0;
  let high = settings.table;
  while (low < high) {
    const table = Math.ceil((low + high) / 2);
    if (nodeHeap(firmware, { ...settings, table }).bytes <= room_bytes) low = table;
    else high = table - 1;
  }
  return low;
}

/**
 * @param settings that the node takes
 * @returns the figures and what to change, in words, for a node that does not fit; else ''
 */
export function fitProblem(
  firmware: typeof Firmware,
  settings: Firmware.Settings,
  { static: pool_bytes, stack }: Merged['creation'],
): string {
  const stack_bytes = stack * SLOT_BYTES;
  const room_bytes = pool_bytes - stack_bytes - BESIDE_BYTES;
  const { bytes } = nodeHeap(firmware, settings);
  if (bytes <= room_bytes) return '';
  const table = largestTable(firmware, settings, room_bytes);
  const advice = table > 0 ? `set table to at most ${grouped(table)}, or take fewer keys` : 'take fewer keys';
  const keys = settings.keys.length;
  return (
    `a node with a table of ${grouped(settings.table)} peers and ${grouped(keys)} ${keys === 1 ? 'key' : 'keys'} takes ` +
    `${grouped(bytes)} bytes of RAM, and the chip has ${grouped(room_bytes)} for it: ${grouped(pool_bytes)} of the pool, less ` +
    `${grouped(stack_bytes)} of stack and ${grouped(BESIDE_BYTES)} for what runs beside the node; ${advice}`
  );
}

/** @throws Failure for a build whose settings the node does not take, or with which it would not fit */
export function checkFit(firmware: typeof Firmware, merged: Merged): void {
  const settings = nodeSettings(firmware, merged);
  const wrong = firmware.checkSettings(settings) || fitProblem(firmware, settings, merged.creation);
  if (wrong !== '') throw new Failure(`config of manifest.json: ${wrong}`);
}
