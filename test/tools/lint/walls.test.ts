import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import walls from '../../../tools/lint/walls.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The messages of the rule for one line of code in the file at this path. */
function lint(path: string, code: string): string[] {
  const messages = new Linter({ cwd: ROOT }).verify(
    code,
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { lvs: { rules: { walls } } },
      rules: { 'lvs/walls': 'error' },
    },
    `${ROOT}/${path}`,
  );
  return messages.map(({ message }) => message);
}

const ALLOWED: [path: string, code: string][] = [
  ['firmware/fixed/sum.ts', "import { ONE } from './q16.ts';"],
  ['firmware/types/table.ts', "import { ONE } from '../fixed/q16.ts';"],
  ['firmware/settings.ts', "import type { Key } from './types/key.ts';"],
  ['firmware/entropy/pool.ts', "import { NONE } from '../platform.ts';"],
  ['firmware/drift/guard.ts', "import type { Settings } from '../settings.ts';"],
  ['firmware/shards/merge.ts', "import { rank } from './assignment.ts';"],
  ['firmware/transport/codec/sdm.ts', "import { hash } from '../hash.ts';"],
  ['firmware/federation/guard.ts', "import { capOf } from '../drift/guard.ts';"],
  ['firmware/runtime/cycle.ts', "import { applyDrift } from '../drift/apply.ts';"],
  ['firmware/node.ts', "export { runCycle } from './runtime/cycle.ts';"],
  ['firmware/device/main.ts', "import { createNode } from '../node.ts'; import Timer from 'timer';"],
  ['firmware/device/udp.ts', "import UDP from 'embedded:io/socket/udp';"],
  ['host-sim/world/kernel.ts', "import type { Platform } from '../../firmware/node.ts';"],
  ['host-sim/cli.ts', "import { Command } from 'commander'; import process from 'node:process';"],
  ['gateway/main.ts', "import { openStore } from '../host-sim/node-platform/store.ts';"],
  ['tools/check/main.ts', "import { fail } from '../cli/fail.ts';"],
  ['test/drift/guard.test.ts', "import { guard } from '../../firmware/drift/guard.ts';"],
];

const REFUSED: [path: string, code: string][] = [
  ['firmware/fixed/sum.ts', "import type { Platform } from '../platform.ts';"],
  ['firmware/types/table.ts', "import { apply } from '../drift/apply.ts';"],
  ['firmware/entropy/pool.ts', "import { apply } from '../drift/apply.ts';"],
  ['firmware/drift/guard.ts', "export { decode } from '../transport/codec.ts';"],
  ['firmware/shards/merge.ts', "export * from '../vaultguard/invariants.ts';"],
  ['firmware/vaultguard/limit.ts', "import type { Cycle } from '../runtime/cycle.ts';"],
  ['firmware/transport/codec.ts', "import { merge } from '../shards/merge.ts';"],
  ['firmware/federation/guard.ts', "import { validateDrift } from '../vaultguard/limits.ts';"],
  ['firmware/runtime/cycle.ts', "import { open } from '../device/udp.ts';"],
  ['firmware/runtime/cycle.ts', "import { readFileSync } from 'node:fs';"],
  ['firmware/node.ts', "import pc from 'picocolors';"],
  ['firmware/node.ts', "import Timer from 'timer';"],
  ['firmware/device/main.ts', "import { readFileSync } from 'node:fs';"],
  ['firmware/device/main.ts', "import parse from 'ajv/dist/parse.js';"],
  ['firmware/device/main.ts', "import { apply } from '../drift/apply.ts';"],
  ['host-sim/world/kernel.ts', "import { createNode } from '../../firmware/node.ts';"],
  ['host-sim/world/kernel.ts', "import { type Platform } from '../../firmware/node.ts';"],
  ['host-sim/world/kernel.ts', "import type { Platform } from '../../firmware/platform.ts';"],
  ['host-sim/world/kernel.ts', "type P = import('../../firmware/platform.ts').Platform;"],
  ['host-sim/world/kernel.ts', "const node = await import('../../firmware/node.ts');"],
  ['host-sim/cli.ts', "import { connect } from '../gateway/mqtt.ts';"],
  ['gateway/main.ts', "import { runWorld } from '../host-sim/world/kernel.ts';"],
  ['tools/check/main.ts', "import { runWorld } from '../../host-sim/world/kernel.ts';"],
];

describe('walls', () => {
  it.each(ALLOWED)('lets %s say %s', (path, code) => {
    expect(lint(path, code)).toEqual([]);
  });

  it.each(REFUSED)('refuses that %s says %s', (path, code) => {
    expect(lint(path, code)).toEqual([expect.stringMatching(/^Wall: /)]);
  });

  it('names the wall, what it allows and what to do', () => {
    expect(lint('firmware/drift/guard.ts', "import { decode } from '../transport/codec.ts';")).toEqual([
      'Wall: firmware/drift/ may not import firmware/transport/codec.ts, only firmware/drift/, firmware/fixed/, ' +
        'firmware/types/, firmware/platform.ts, firmware/settings.ts. Instead, take it as an argument or return it: ' +
        'firmware/runtime/ alone brings the parts together.',
    ]);
  });

  it('asks for a row when a folder of the firmware has none', () => {
    expect(lint('firmware/newcomer/idea.ts', 'export const ONE = 1;')).toEqual([
      'Wall: firmware/newcomer/idea.ts has no row in tools/lint/wall-table.mjs. Add one that says what it may import.',
    ]);
  });
});
