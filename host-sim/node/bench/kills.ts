/** What the store holds after its process was killed while it saved. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { percent } from '../../../tools/cli/numbers.ts';
import { readSlot } from '../../node-platform/store/slot-file.ts';
import { programPath } from '../../swarm/processes.ts';
import { createRandom } from '../../world/random.ts';
import { memberFlags, startMembers } from './members.ts';
import type { BenchOptions, Rows } from './rows.ts';

function slotKinds(folder: string): string[] {
  return ['slot0', 'slot1'].map((slot) => {
    try {
      return readSlot(readFileSync(join(folder, slot))).kind;
    } catch {
      return 'none';
    }
  });
}

/** A life of a node: until it runs, is asked to end and so to save, and is cut off within a few milliseconds. */
async function cutOff(args: readonly string[], wait_ms: number): Promise<string[]> {
  const events: string[] = [];
  const child = spawn(process.execPath, [programPath('node'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const [, type] of text.matchAll(/"type":"([\w-]+)"/g)) events.push(type);
    if (!events.includes('status') || child.killed) return;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), wait_ms);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return events;
}

async function cutSaver(folder: string, wait_ms: number): Promise<void> {
  const child = spawn(process.execPath, [programPath('store-saver'), folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait_ms));
  await new Promise((resolve) => child.once('close', resolve));
}

/** Members are cut off while they save. The longest that a save takes here is some 3 ms. */
export async function* kills({ kills: times, seed }: BenchOptions): Rows {
  const random = createRandom(seed);
  const members = await startMembers({ members: 6, keys: 4, cycle_ms: 100 });
  const state = join(members.folder, 'state');
  const args = [...memberFlags(members.orders, members.folder, '127.86.84.201'), '--state', state];
  let broken = 0;
  let unloaded = 0;
  let off = 0;
  for (let kill = 0; kill < times; kill++) {
    const stored = slotKinds(state).includes('whole');
    const events = await cutOff(args, 4 * random.uniform());
    if (stored && !events.includes('state-loaded')) unloaded++;
    if (slotKinds(state).some((kind) => kind !== 'whole' && kind !== 'none')) broken++;
    for (const { agreed } of members.status()?.keys ?? []) off = Math.max(off, Math.abs((agreed ?? 0) - 25));
  }
  await members.end();
  const part = 'kills';
  yield { part, what: `stores broken after ${times} kills of a member that saves`, figure: String(broken), asked: '0' };
  yield { part, what: 'starts that did not find their state', figure: String(unloaded), asked: '0' };
  yield { part, what: "another member's agreed value off by at most", figure: percent(10 * off), asked: 'unharmed' };
  let torn = 0;
  for (let kill = 0; kill < times; kill++) {
    await cutSaver(join(members.folder, 'saver'), 12 * random.uniform());
    if (slotKinds(join(members.folder, 'saver')).some((kind) => kind !== 'whole')) torn++;
  }
  yield {
    part,
    what: `stores broken after ${times} kills of a process that does nothing but save`,
    figure: String(torn),
    asked: '0',
  };
}
