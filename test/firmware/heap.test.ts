/**
 * A steady cycle allocates nothing: shown over the heap of a process in which the nodes alone could have allocated. The
 * young heap is large enough for all that a fault would leave, so that no collection hides anything.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('heap-child.mjs', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../../build/firmware/node.mjs', import.meta.url));
/** On one thread the engine compiles at the same moments in every run, and the figures are the same to the byte. */
const FLAGS = ['--expose-gc', '--single-threaded', '--min-semi-space-size=256', '--max-semi-space-size=256'];
/** One object that a node makes each cycle would be 16 bytes at least; a boxed number each third cycle is as much as this. */
const BYTES_PER_CYCLE_MAX = 1;

interface Measured {
  node_cycles: number;
  grown_bytes: number;
  collections: number;
  peers: number;
  relayed: number;
  claims: number;
}

function measure(variant: 'lan' | 'sites' | 'making'): Measured {
  const output = execFileSync(process.execPath, [...FLAGS, CHILD, BUNDLE, variant], { encoding: 'utf8' });
  return JSON.parse(output) as Measured;
}

describe('the heap after 10,000 cycles of 17 nodes with 8 keys', () => {
  it('has not grown, with state diffs, entropy, beacons, relays, new sessions and stores', () => {
    const { node_cycles, grown_bytes, collections, peers, relayed } = measure('lan');
    expect(peers).toBe(16);
    expect(relayed, 'relays take part').toBeGreaterThan(5000);
    expect(collections).toBe(0);
    expect(grown_bytes / node_cycles).toBeLessThan(BYTES_PER_CYCLE_MAX);
  });

  it('has not grown on two sites with gateways', () => {
    const { node_cycles, grown_bytes, collections, claims } = measure('sites');
    expect(claims, 'gateways take part').toBe(1);
    expect(collections).toBe(0);
    expect(grown_bytes / node_cycles).toBeLessThan(BYTES_PER_CYCLE_MAX);
  });

  it('has grown where a port makes an object: the measure can fail', () => {
    const { node_cycles, grown_bytes, collections } = measure('making');
    expect(collections).toBe(0);
    expect(grown_bytes / node_cycles).toBeGreaterThan(8 * 16);
  });
});
