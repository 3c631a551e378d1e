/** Whether a scenario's nodes fit a chip; and where they do not, what to change. */
import { UsageError } from '../../tools/cli/errors.ts';
import { grouped } from '../../tools/cli/numbers.ts';
import type { Scenario } from '../world/scenario.ts';
import { APPLICATION_CHUNK_BYTES, APPLICATION_SLOTS, CHIPS, SLOT_BYTES } from './chips.ts';
import type { Chip } from './chips.ts';
import { bytesOf, LAYOUT_32 } from './layout.ts';
import type { Footprint } from './layout.ts';
import type { NodeMemory } from './reckon.ts';

/** What a node of a scenario takes. */
type Reckon = (scenario: Scenario) => NodeMemory;

export function chipNamed(name: string): Chip {
  const chip = CHIPS.find((one) => one.name === name);
  if (chip !== undefined) return chip;
  throw new UsageError(`--memory ${name}: must be one of ${CHIPS.map((one) => one.name).join(', ')}`);
}

/** What the application beside the node leaves of the chip. */
function room(chip: Chip): { bytes: number; slot_bytes: number; chunk_bytes: number } {
  const slot_bytes = APPLICATION_SLOTS * SLOT_BYTES;
  return {
    bytes: chip.pool_bytes - slot_bytes - APPLICATION_CHUNK_BYTES,
    slot_bytes: chip.slot_bytes_max - slot_bytes,
    chunk_bytes: chip.chunk_bytes_max - APPLICATION_CHUNK_BYTES,
  };
}

function fits(node: Footprint, chip: Chip): boolean {
  const left = room(chip);
  return (
    bytesOf(node, LAYOUT_32) <= left.bytes &&
    node.slots * SLOT_BYTES <= left.slot_bytes &&
    node.chunk_bytes <= left.chunk_bytes
  );
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

function advice(scenario: Scenario, table: number, chip: Chip, reckon: Reckon): string {
  const peers = largest(table, (n) => fits(reckon({ ...scenario, table: n }), chip));
  const ofKeys = (n: number): Scenario => ({ ...scenario, table, keys: scenario.keys.slice(0, n) });
  const keys = largest(scenario.keys.length, (n) => fits(reckon(ofKeys(n)), chip));
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
export function checkFit(scenario: Scenario, chip: Chip, reckon: Reckon): string {
  const node = reckon(scenario);
  const words = figures(scenario.keys.length, node);
  const left = room(chip);
  if (fits(node, chip)) return `${words}; ${chip.name} has ${grouped(left.bytes)} for it`;
  const parts =
    chip.slot_bytes_max < chip.pool_bytes
      ? ` (at most ${grouped(left.slot_bytes)} in slots and ${grouped(left.chunk_bytes)} in chunks)`
      : '';
  throw new UsageError([
    `--memory ${chip.name}: ${words}, and the chip has ${grouped(left.bytes)} for it${parts}`,
    advice(scenario, node.table, chip, reckon),
  ]);
}
