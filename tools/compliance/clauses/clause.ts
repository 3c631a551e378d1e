/** A clause: one thing that can be seen of a node from outside. */
import type { Bench } from '../lab/bench.ts';

export type Verdict = 'pass' | 'fail' | 'none';

export interface Finding {
  /** `none`: not observable. */
  verdict: Verdict;
  /** What was seen, with figures; why, where it could not be. */
  evidence: string;
  /** Too much was lost or late to tell: worth another attempt. */
  disturbed?: boolean;
}

export interface Clause {
  /** `group.what`: the group is a clause of the blueprint's section 11, or one of section 8. */
  name: string;
  /** What a node must do. */
  text: string;
  /** Cycles of the target that it takes, about. */
  cycles: number;
  /** Part of a quick run. */
  quick: boolean;
  /** Peers that it takes; a node with fewer addresses cannot show it. */
  peers: number;
  /** Whether floors, spans and ranges must be known. */
  told: boolean;
  /** Tells what was seen without sending anything: it is looked at when all others are through. */
  passive: boolean;
  run: (bench: Bench) => Promise<Finding> | Finding;
}

/** The groups in the order of the report, as the blueprint words them. */
export const GROUPS: Readonly<Record<string, string>> = {
  drift: '11 implements the drift cycle exactly',
  formats: '11 supports EP/SDM formats',
  vaultguard: '11 enforces VaultGuard invariants; 8.2, 8.3',
  shards: '11 manages state shards',
  loss: '11 tolerates packet loss',
  lowpower: '11 remains functional in low-power mode',
  security: '8.1 never trusts incoming diffs blindly',
  identity: '8.4 no identity storage',
};

export const fail = (evidence: string): Finding => ({ verdict: 'fail', evidence });
export const pass = (evidence: string): Finding => ({ verdict: 'pass', evidence });
export const unseen = (evidence: string): Finding => ({ verdict: 'none', evidence });
