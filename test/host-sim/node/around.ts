/** A terminal, signals and a folder of its own for a node that runs in the test's own process. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { nodeMain } from '../../../host-sim/node/main.ts';
import type { NodeSurroundings } from '../../../host-sim/node/surroundings.ts';
import { loadBundle } from '../../../host-sim/world/bundle.ts';
import { fakeSurroundings, type FakeSurroundings } from '../fakes.ts';

export type NodeScene = Omit<NodeSurroundings, 'stdin'> &
  FakeSurroundings & { stdin: PassThrough; terminate: () => void; hangup: () => void };

export function nodeScene(tty?: { columns: number; rows: number }): NodeScene {
  const cwd = mkdtempSync(join(tmpdir(), 'lvs-node-'));
  const call: Record<'terminate' | 'hangup', () => void> = { terminate: () => undefined, hangup: () => undefined };
  const base = fakeSurroundings(cwd, tty);
  const on =
    (name: 'terminate' | 'hangup') =>
    (callback: () => void): (() => void) => {
      call[name] = callback;
      return () => undefined;
    };
  return {
    ...base,
    env: { ...base.env, XDG_RUNTIME_DIR: cwd },
    stdin: new PassThrough(),
    onTerminate: on('terminate'),
    onHangup: on('hangup'),
    isTerminalClosed: () => false,
    terminate: () => call.terminate(),
    hangup: () => call.hangup(),
  };
}

export async function runNode(around: NodeScene, argv: readonly string[]): Promise<number> {
  return await nodeMain([...argv], around, async () => {
    const { api } = await loadBundle(join(projectRoot(), 'build/firmware/node.mjs'));
    return api;
  });
}

export type Line = Readonly<Record<string, unknown>> & { type: string };

export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
