/** Which phase of a cycle a function of the firmware belongs to: by its name where a file holds two phases, else by its file. */

export const PHASES = ['decode', 'drift', 'guard', 'encode', 'rest'] as const;
export type Phase = (typeof PHASES)[number];

/** What a node does on behalf of whoever calls: arithmetic, the pool, the table. */
export type PhaseOrCaller = Phase | 'caller';

const BY_NAME: Readonly<Partial<Record<string, Phase>>> = {
  driftKey: 'drift',
  broadcast: 'encode',
  computeLocalDiff: 'encode',
};

/** The first that a file's path under firmware/ begins with. */
const BY_FILE: readonly (readonly [string, PhaseOrCaller])[] = [
  ['runtime/receive', 'decode'],
  ['shards/merge', 'decode'],
  ['transport/send', 'encode'],
  ['transport/relay-', 'caller'],
  ['transport/wire', 'caller'],
  ['transport/peers', 'caller'],
  ['transport/', 'decode'],
  ['drift/guard', 'guard'],
  ['vaultguard/', 'guard'],
  ['drift/', 'drift'],
  ['fixed/', 'caller'],
  ['entropy/', 'caller'],
  ['types/', 'caller'],
];

export function phaseOf(name: string, file: string): PhaseOrCaller {
  return BY_NAME[name] ?? BY_FILE.find(([path]) => file.startsWith(path))?.[1] ?? 'rest';
}
