/** `npm run compliance` on our node in processes of its own: it passes, with all that the tool can be told or not told. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { comply, folder, keysFile, type NodeOptions, NodeProcess, type Verdicts } from './node-process.ts';

const running: NodeProcess[] = [];

async function start(options: NodeOptions = {}): Promise<NodeProcess> {
  const node = await NodeProcess.start(options);
  running.push(node);
  return node;
}

afterAll(async () => {
  await Promise.all(running.map((node) => node.stop()));
});

const target = ({ port }: NodeProcess): string[] => ['--target', `127.0.0.1:${port}`];

function failed({ verdict, evidence }: Verdicts): string[] {
  return Object.keys(verdict)
    .filter((name) => verdict[name] === 'fail')
    .map((name) => `${name}: ${evidence[name]}`);
}

describe.concurrent('our node', () => {
  it('keeps every clause that can be observed on a loopback', async ({ expect }) => {
    const junit = join(folder(), 'junit.xml');
    const result = await comply([...target(await start()), '--keys', keysFile(), '--junit', junit]);
    expect(failed(result)).toEqual([]);
    expect(result.code).toBe(0);
    const unseen = Object.keys(result.verdict).filter((name) => result.verdict[name] !== 'pass');
    expect(unseen.toSorted()).toEqual(['identity.restart', 'shards.divide']);
    expect(result.evidence['shards.divide']).toContain('one shard');
    expect(readFileSync(junit, 'utf8')).toMatch(
      /^<\?xml.*\n<testsuite .*failures="0" skipped="2">\n(.*\n)*<\/testsuite>\n$/,
    );
  }, 180_000);

  it('holds its share of the shards among seventeen peers', async ({ expect }) => {
    const shards = 4;
    const keys = Array.from({ length: 12 }, (_, i) => ({ name: `k${i}`, reference: 20, floor: 0.05, range: [0, 100] }));
    const settings = {
      shards,
      keys: keys.map(({ name }) => ({
        name,
        floor: 3277,
        span: 1 << 20,
        low: 0,
        high: 100 << 16,
        reference: 20 << 16,
        guard: true,
        estimator: 0,
        scope: 0,
      })),
    };
    const file = keysFile({ swarm: 'test', shards, keys });
    const result = await comply([...target(await start({ settings })), '--keys', file, '--clause', 'shards']);
    expect(failed(result)).toEqual([]);
    expect(result.verdict).toEqual({
      'shards.merge': 'pass',
      'shards.replace': 'pass',
      'shards.divide': 'pass',
      'shards.layout': 'pass',
    });
  }, 90_000);

  it('keeps what can be observed without its keys, or from one address alone', async ({ expect }) => {
    const [untold, alone] = await Promise.all([start(), start()]);
    const [one, other] = await Promise.all([
      comply([...target(untold), '--clause', 'drift,loss.duplicates,security.validated']),
      comply([...target(alone), '--bind', '127.0.0.77', '--keys', keysFile(), '--clause', 'drift,security.one-peer']),
    ]);
    expect(failed(one)).toEqual([]);
    expect(one.verdict['drift.votes']).toBe('pass');
    expect(one.evidence['drift.guard']).toContain('--keys');
    expect(failed(other)).toEqual([]);
    expect(other.verdict['security.one-peer']).toBe('pass');
    expect(other.evidence['drift.votes']).toBe(
      'it takes 3 peers, and there are addresses for 1; give more with --bind',
    );
  }, 90_000);

  it('of a closed swarm is looked at by members, and by nobody else', async ({ expect }) => {
    const key = randomBytes(32).toString('base64url');
    const file = join(folder(), 'swarm.key');
    writeFileSync(file, `${key}\n`);
    chmodSync(file, 0o600);
    const [first, second] = await Promise.all([start({ key }), start({ key })]);
    const clause = ['--clause', 'drift.mean,loss.restart,security.validated', '--keys', keysFile()];
    const [member, stranger] = await Promise.all([
      comply([...target(first), ...clause, '--key-file', file]),
      comply([...target(second), ...clause]),
    ]);
    expect(failed(member)).toEqual([]);
    expect(member.evidence['loss.restart']).toContain('may be replays');
    expect(Object.values(stranger.verdict)).toEqual(['not observable', 'not observable', 'not observable']);
    expect(stranger.evidence['drift.mean']).toContain('sealed');
    expect(stranger.code, 'nothing was observed').toBe(4);
  }, 90_000);
});

describe.concurrent('a restart', () => {
  const flags = (node: NodeProcess): string[] => [
    ...target(node),
    '--keys',
    keysFile(),
    '--clause',
    'identity.restart',
    '--await-restart',
    '30',
  ];

  async function restarted(mutant: string): Promise<Verdicts> {
    const node = await start({ mutant });
    const work = comply(flags(node));
    // When the tool listens for it does not matter: a restart while it listens is seen whenever it comes.
    const again = setInterval(() => node.restart(), 3000);
    try {
      return await work;
    } finally {
      clearInterval(again);
    }
  }

  it('is seen, and that nothing outlived it', async ({ expect }) => {
    const { verdict, evidence } = await restarted('');
    expect(verdict['identity.restart'], evidence['identity.restart']).toBe('pass');
    expect(evidence['identity.restart']).toMatch(/tag [0-9a-f]{8} became [0-9a-f]{8}/);
  }, 60_000);

  it('that keeps the tag is a failure', async ({ expect }) => {
    const { verdict, evidence } = await restarted('same-tag');
    expect(verdict['identity.restart'], evidence['identity.restart']).toBe('fail');
    expect(evidence['identity.restart']).toContain('5eed5eed');
  }, 60_000);
});
