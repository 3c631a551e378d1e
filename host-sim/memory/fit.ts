/** Whether a scenario's nodes fit a chip; and where they do not, what to change. */
import { UsageError } from '../../tools/cli/errors.ts';
import { grouped } from '../../tools/cli/numbers.ts';
import type { Scenario } from '../world/scenario.ts';
import { APPLICATION_CHUNK_BYTES, APPLICATION_SLOTS, CHIPS, POOL_BYTES, SLOT_BYTES } from './chips.ts';
import { bytesOf, LAYOUT_32 } from './layout.ts';
import type { Footprint } from './layout.ts';
import type { NodeMemory } from './reckon.ts';

/** What a node of a scenario takes. */
type Reckon = (scenario: Scenario) => NodeMemory;

/** @throws UsageError for a chip that is none of those that the firmware is built for */
export function chipNamed(name: string): string {
  if (CHIPS.includes(name)) return name;
  throw new UsageError(`--memory ${name}: must be one of ${CHIPS.join(', ')}`);
}

/** What the application beside the node leaves. */
const ROOM_BYTES = POOL_BYTES - APPLICATION_SLOTS * SLOT_BYTES - APPLICATION_CHUNK_BYTES;

function fits(node: Footprint): boolean {
  return bytesOf(node, LAYOUT_32) <= ROOM_BYTES;
}

/** The largest of 1 to `most` that fits, or 0. A larger number never takes less. */
function largest(most: number, isFitting: (n: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isFitting(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function advice(scenario: Scenario, table: number, reckon: Reckon): string {
  const peers = largest(table, (n) => fits(reckon({ ...scenario, table: n })));
  const ofKeys = (n: number): Scenario => ({ ...scenario, table, keys: scenario.keys.slice(0, n) });
  const keys = largest(scenario.keys.length, (n) => fits(reckon(ofKeys(n))));
  const ways = [
    ...(peers > 0 ? [`a table of at most ${grouped(peers)} peers (--table ${peers})`] : []),
    ...(keys > 0 ? [`at most ${grouped(keys)} ${keys === 1 ? 'key' : 'keys'}`] : []),
  ];
  return ways.length === 0 ? 'take a chip with more memory' : `what would fit: ${ways.join(', or ')}`;
}

/** What a node takes of the chip, in words. */
function figures(keys: number, node: NodeMemory): string {
  const chunks = grouped(node.chunk_bytes);
  return (
    `a node with a table of ${grouped(node.table)} peers and ${grouped(keys)} ${keys === 1 ? 'key' : 'keys'} takes ` +
    `${grouped(bytesOf(node, LAYOUT_32))} bytes (${grouped(node.slots)} slots of ${SLOT_BYTES} and ${chunks} of chunks)`
  );
}

/**
 * @returns in words what a node takes of the chip
 * @throws UsageError when that is more than there is
 */
export function checkFit(scenario: Scenario, chip: string, reckon: Reckon): string {
  const node = reckon(scenario);
  const words = figures(scenario.keys.length, node);
  if (fits(node)) return `${words}; ${chip} has ${grouped(ROOM_BYTES)} for it`;
  throw new UsageError([
    `--memory ${chip}: ${words}, and the chip has ${grouped(ROOM_BYTES)} for it`,
    advice(scenario, node.table, reckon),
  ]);
}
