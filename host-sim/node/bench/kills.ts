/** What stores hold after their processes were killed while they saved, and what the swarm agrees on meanwhile. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { percent } from '../../../tools/cli/numbers.ts';
import { programPath } from '../../swarm/processes.ts';
import { createRandom, type Random } from '../../world/random.ts';
import type { NodeStatus } from '../status.ts';
import { makeSwarm, MEAN, sleep } from './members.ts';
import { Mortal, slotKinds, unfinished, wasCut, type MortalCounts } from './mortal.ts';
import type { BenchOptions, Rows } from './rows.ts';

const MEMBERS = 5;
const CYCLE_MS = 100;
/** A save takes some 3 ms here. */
const CUT_WITHIN_MS = 4;
/** So many members are killed and started again at the same time: the others, a majority, go on. */
const LANES = 2;
/** Of what the members read for the first key, which are not alike. */
const READINGS_WIDTH = 10;

const SETTLE_MS = 3000;
/** A reading that was killed counts beside the one that came back until it is forgotten: after 320 cycles (docs/drift.md). */
const FORGOTTEN_MS = 33_000;
const HEARD_CYCLES = 10;
const SAVER_WITHIN_MS = 12;

/** Kills each of the members so many times, now this one, now that one. */
async function killEach(
  members: readonly Mortal[],
  times: number,
  random: Random,
  stop: AbortController,
): Promise<void> {
  try {
    while (!stop.signal.aborted) {
      const left = members.filter(({ counts }) => counts.kills < times);
      if (left.length === 0) return;
      const member = left[random.below(left.length)];
      await member.kill(CUT_WITHIN_MS * random.uniform());
      await member.start();
    }
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** How far agreed values were from the mean: of keys for which all members read the same, and of one for which they do not. */
class Watch {
  alike = 0;
  unlike = 0;

  /** Who has just come back has yet to hear the others. */
  note = ({ cycle, keys }: NodeStatus): void => {
    if (cycle < HEARD_CYCLES) return;
    const [first, ...rest] = keys.map(({ agreed }) => Math.abs((agreed ?? Infinity) - MEAN));
    this.unlike = Math.max(this.unlike, first);
    this.alike = Math.max(this.alike, ...rest);
  };
}

function total(members: readonly Mortal[], of: (counts: MortalCounts) => number): string {
  return String(members.reduce((sum, { counts }) => sum + of(counts), 0));
}

/** A swarm of processes, each of which is killed so many times while it saves. */
async function* killMembers(times: number, random: Random): Rows {
  const orders = await makeSwarm({ members: MEMBERS, keys: 4, cycle_ms: CYCLE_MS });
  const watches: Watch[] = [];
  const members = Array.from({ length: MEMBERS }, (_, index) => {
    const reading = MEAN + READINGS_WIDTH * (index / (MEMBERS - 1) - 0.5);
    return new Mortal(orders, index, [reading], (status) => watches.at(-1)?.note(status));
  });
  const [meanwhile, after] = [new Watch(), new Watch()];
  try {
    await Promise.all(members.map((member) => member.start()));
    await sleep(SETTLE_MS);
    watches.push(meanwhile);
    const lanes = Array.from({ length: LANES }, (_, lane) => members.filter((__, index) => index % LANES === lane));
    const stop = new AbortController();
    await Promise.all(lanes.map((lane, index) => killEach(lane, times, random.fork(index), stop)));
    await sleep(FORGOTTEN_MS);
    watches.push(after);
    await sleep(SETTLE_MS);
  } finally {
    await Promise.all(members.map((member) => member.end()));
    rmSync(orders.folder, { recursive: true });
  }
  const part = 'kills';
  const kills = total(members, (counts) => counts.kills);
  const each = `each of ${MEMBERS} members killed ${times} times while it saves`;
  yield {
    part,
    what: `${each}: stores broken of`,
    figure: `${total(members, (counts) => counts.broken)} of ${kills}`,
    asked: '0',
  };
  yield { part, what: 'of them while it wrote', figure: total(members, (counts) => counts.cut), asked: '' };
  yield { part, what: 'starts without the state', figure: total(members, (counts) => counts.unloaded), asked: '0' };
  const off = (value: number): string => percent((100 * value) / READINGS_WIDTH);
  yield {
    part,
    what: "others' agreed values off by at most, all read the same",
    figure: off(meanwhile.alike),
    asked: 'unharmed',
  };
  const figure = `${off(meanwhile.unlike)}, ${off(after.unlike)} ${FORGOTTEN_MS / 1000} s later`;
  yield { part, what: 'all read differently: off while some are away', figure, asked: '0 later' };
}

/** Returns whether the save was cut off. */
async function cutSaver(folder: string, wait_ms: number): Promise<boolean> {
  const before = unfinished(folder);
  const child = spawn(process.execPath, [programPath('store-saver'), folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait_ms));
  await new Promise((resolve) => child.once('close', resolve));
  return wasCut(before, unfinished(folder));
}

/** A process that does nothing but save. */
async function* killSaver(times: number, random: Random): Rows {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-bench-'));
  let broken = 0;
  let cut = 0;
  for (let kill = 0; kill < times; kill++) {
    if (await cutSaver(folder, SAVER_WITHIN_MS * random.uniform())) cut++;
    if (slotKinds(folder).some((kind) => kind !== 'whole')) broken++;
  }
  rmSync(folder, { recursive: true });
  const part = 'kills';
  yield {
    part,
    what: `stores broken after ${times} kills of a process that does nothing but save`,
    figure: String(broken),
    asked: '0',
  };
  yield { part, what: 'of them while it wrote', figure: String(cut), asked: '' };
}

export async function* kills({ kills: times, seed }: BenchOptions): Rows {
  const random = createRandom(seed);
  yield* killMembers(times, random.fork(0));
  yield* killSaver(times, random.fork(1));
}
