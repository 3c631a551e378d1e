/** A node that hears three peers, which pass on what a fourth one is said to contribute. */
import type { Settings } from '../../../firmware/node.ts';
import { FakePeer } from '../fake-peer.ts';
import type { Relayed } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

/** The fourth one's tag, and what it contributes first and later. */
export const X = 900;
export const FIRST = 21 * ONE;
export const LATER = 24 * ONE;

export interface Scene {
  harness: Harness;
  peers: FakePeer[];
  /** Lets a peer pass on an entry of X. */
  relay: (peer: number, entry: Omit<Relayed, 'tag'>) => void;
  /** Runs cycles in which the peers are heard, and X is not. */
  pass: (cycles: number) => void;
}

export function scene(settings: Partial<Settings> = {}): Scene {
  const harness = createHarness({ settings });
  const peers = [201, 202, 203].map((tag) => new FakePeer(harness, tag));
  const pass = (cycles: number): void => {
    for (let i = 0; i < cycles; i++) {
      harness.cycle();
      for (const peer of peers) peer.tell();
    }
  };
  pass(1);
  return {
    harness,
    peers,
    relay: (peer, entry) => {
      peers[peer].tell({ relays: [{ tag: X, ...entry }] });
    },
    pass,
  };
}
