/** A tool that cannot fail a node proves nothing: nodes that are broken in just one way, and the clause that says so. */
import { it } from 'vitest';
import { comply, keysFile, NodeProcess } from './node-process.ts';

/** What node-child.mjs breaks, the clause that fails, and words of its evidence. */
const MUTANTS: readonly (readonly [string, string, string])[] = [
  ['no-sdm', 'drift.sends', 'not one with a state diff'],
  ['deaf', 'formats.takes-sdm', 'holds 0'],
  ['negative', 'vaultguard.range', 'it must be from 0'],
  ['follower', 'security.one-peer', 'b went from'],
  ['doubled', 'loss.duplicates', 'b went from'],
  ['rounds-down', 'drift.rounding', 'rounded up in 0 of'],
  ['bad-length', 'formats.well-formed', 'not well formed'],
  ['serial-number', 'identity.wire', '534e303030303432'],
  ['no-hello', 'formats.hello', '0 of 3'],
  ['any-version', 'security.validated', 'version 2'],
  ['fragile', 'security.validated', 'fell silent'],
  ['any-source', 'security.source', 'b went from'],
  ['no-limits', 'vaultguard.energy', 'b went from'],
  ['asleep', 'lowpower.functions', 'fell silent'],
];

for (const [mutant, clause, words] of MUTANTS) {
  it.concurrent(
    `${mutant} fails ${clause}`,
    async ({ expect }) => {
      const node = await NodeProcess.start({ mutant });
      try {
        const target = ['--target', `127.0.0.1:${node.port}`];
        const { verdict, evidence, code } = await comply([...target, '--keys', keysFile(), '--clause', clause]);
        expect(verdict[clause], evidence[clause]).toBe('fail');
        expect(evidence[clause]).toContain(words);
        expect(code).toBe(1);
      } finally {
        await node.stop();
      }
    },
    120_000,
  );
}
