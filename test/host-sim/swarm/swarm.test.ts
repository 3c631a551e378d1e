import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { agreementOf, AgreementWatch } from '../../../host-sim/swarm/agreement.ts';
import type { SwarmReport } from '../../../host-sim/swarm/swarm.ts';
import { swarmLines } from '../../../host-sim/swarm/view.ts';

const BIN = join(projectRoot(), 'build/bin');

interface Ended {
  code: number;
  lines: Record<string, unknown>[];
  said: string;
}

/** Runs the command as a user does; `act` is called with each line. */
async function swarm(
  args: string[],
  act: (line: Record<string, unknown>, pid: number) => void = () => undefined,
): Promise<Ended> {
  const env = { ...process.env, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'lvs-swarm-')) };
  const child = spawn(process.execPath, [join(BIN, 'swarm.mjs'), '--json', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = JSON.parse(part) as Record<string, unknown>;
      lines.push(line);
      act(line, child.pid ?? -1);
    }
  });
  const code = await new Promise<number>((resolve) => child.on('close', (ended) => resolve(ended ?? -1)));
  return { code, lines, said };
}

/** Cycles to 1 % of the simulator with the same settings, the worst of some seeds. */
function simulated(nodes: number, loss: number): number {
  const cycles = [1, 2, 3, 4, 5].map((seed) => {
    const args = ['lan-8', '--nodes', nodes, '--loss', loss, '--seed', seed, '--cycles', 60, '--json'].map(String);
    const { stdout } = spawnSync(process.execPath, [join(BIN, 'sim.mjs'), ...args], { encoding: 'utf8' });
    const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { cycles_to_1pct: number };
    return summary.cycles_to_1pct;
  });
  return Math.max(...cycles);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('eight processes, 60 % of whose datagrams are lost', () => {
  it.each(['udp', 'tcp'])(
    'agree in at most twice the cycles of the simulator, over %s',
    { timeout: 60_000 },
    async (transport) => {
      const { code, lines, said } = await swarm([
        ...['--nodes', '8', '--loss', '0.6', '--transport', transport, '--cycle-ms', '300', '--cycles', '20'],
      ]);
      const summary = lines.at(-1);
      expect(said).toBe('');
      expect(summary).toMatchObject({ type: 'summary', nodes: 8, loss: 0.6, transport });
      const [passed, dropped] = [Number(summary?.passed), Number(summary?.dropped)];
      expect(dropped / (passed + dropped)).toBeGreaterThan(0.5);
      expect(dropped / (passed + dropped)).toBeLessThan(0.7);
      expect(Number(summary?.cycles_to_1pct)).toBeLessThanOrEqual(2 * simulated(8, 0.6));
      expect(code).toBe(0);
    },
  );
});

describe('a swarm', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves no process behind after %s', async (signal) => {
    let pids: number[] = [];
    const { code } = await swarm(['--nodes', '3', '--loss', '0.1', '--cycle-ms', '100'], (line, pid) => {
      const rows = line.nodes as { pid: number }[];
      if (line.up !== 3 || pids.length > 0) return;
      pids = rows.map((row) => row.pid);
      process.kill(pid, signal);
    });
    expect(code).toBe({ SIGINT: 130, SIGTERM: 0, SIGKILL: -1 }[signal]);
    expect(pids).toHaveLength(3);
    // Nodes whose events nobody reads any more end with the next one.
    const until_ms = performance.now() + 10_000;
    while (pids.some(isAlive) && performance.now() < until_ms) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('starts no node without its key', async () => {
    const { code, said } = await swarm(['--nodes', '2', '--key-file', '/nowhere/swarm.key']);
    expect(code).toBe(12);
    expect(said).toMatch(/^swarm: key file \/nowhere\/swarm\.key cannot be read.*\n$/);
  });

  it('says what its flags must be', () => {
    for (const [args, says] of [
      [['--nodes', '1'], '--nodes 1: must be a whole number from 2 to 64'],
      [['--loss', '1'], '--loss 1: must be a number from 0 to 0.99'],
      [['--transport', 'upd'], 'did you mean "udp"'],
      [['--private'], '--key-file'],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [join(BIN, 'swarm.mjs'), ...args], { encoding: 'utf8' });
      expect([status, stderr.split('\n').length], stderr).toEqual([2, 2]);
      expect(stderr).toContain(says);
    }
  });
});

describe('agreement', () => {
  it('is measured as the simulator does, against the spread of the inputs', () => {
    const nodes = [
      { agreed: 25.1, input: 20 },
      { agreed: 25.3, input: 30 },
    ];
    expect(agreementOf(nodes)?.spread_pct).toBeCloseTo(2);
    expect(agreementOf(nodes)?.bias_pct).toBeCloseTo(2);
    expect(agreementOf([...nodes, { agreed: null, input: 25 }])).toBeNull();
  });

  it('counts from when it holds for good', () => {
    const watch = new AgreementWatch();
    const [good, bad] = [
      { spread_pct: 0.5, bias_pct: -0.5 },
      { spread_pct: 0.5, bias_pct: -1.5 },
    ];
    watch.note(1000, good);
    watch.note(2000, bad);
    expect(watch.cycles(0, 1000)).toBeNull();
    watch.note(3500, good);
    watch.note(9000, good);
    expect(watch.cycles(0, 1000)).toBe(4);
  });

  it('shows in a table that fits the terminal', () => {
    const report: SwarmReport = {
      nodes: [{ address: '127.86.83.1', pid: 1, input: 20, agreed: null, peers: 0, cycle: 0, up: false }],
      up: 0,
      agreement: null,
      cycle: 0,
      cycles_to_1pct: null,
      passed: 0,
      dropped: 0,
    };
    const narrow = swarmLines(report, 30);
    expect([...narrow.table, ...narrow.verdict].every(({ length }) => length <= 30)).toBe(true);
    expect(narrow.table[0]).toMatch(/^node .* agreed$/);
    expect(swarmLines(report, 80)).toMatchObject({ verdict: ['0 of 1 nodes are up'] });
  });
});
