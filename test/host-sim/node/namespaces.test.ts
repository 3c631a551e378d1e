/** Nodes on computers of their own, as far as one computer can show it: each in a network namespace, on one switch. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NodeStatus } from '../../../host-sim/node/status.ts';
import { agreementOf, AgreementWatch } from '../../../host-sim/swarm/agreement.ts';
import { Lab, whyNoFilter, whyNoNamespaces, type Machine } from './namespaces.ts';

const WAIT = { timeout: 60_000, interval: 200 };

let lab: Lab | null = null;
afterEach(async () => {
  await lab?.end();
  lab = null;
});

/** A machine that cannot do it leaves the test out, and says why. */
function skipAloud(skip: (condition: boolean, note: string) => void, why: string): void {
  if (why !== '') console.warn(`skipped: ${why}`);
  skip(why !== '', why);
}

async function until(machines: readonly Machine[], fine: (status: NodeStatus) => boolean): Promise<void> {
  await vi.waitFor(() => {
    for (const { status } of machines) {
      const now = status();
      if (now === undefined || !fine(now)) throw new Error(`still ${JSON.stringify(now)}`);
    }
  }, WAIT);
}

function holds(peers: number, value: number): (status: NodeStatus) => boolean {
  return (status) => status.peers === peers && Math.abs((status.keys[0].agreed ?? NaN) - value) < 0.01;
}

describe('five nodes on one switch', () => {
  it.for([
    [['--transport', 'udp']],
    [['--transport', 'multicast']],
    [['--transport', 'multicast', '--group', 'ff12::4c:5653']],
  ])('find each other with nothing told but the key: %s', { timeout: 60_000 }, async ([flags], { skip }) => {
    skipAloud(skip, whyNoNamespaces());
    lab = new Lab(5);
    const machines = [21, 22, 23, 24, 25].map((value, i) =>
      (lab ?? expect.unreachable()).start(i + 1, [
        '--sensor',
        `t=${value}`,
        '--cycle-ms',
        '50',
        '--status-cycles',
        '4',
        ...flags,
      ]),
    );
    await until(machines, holds(4, 23));
  });

  it(
    'part with the switch and come together again, and follow one whose address changes',
    { timeout: 240_000 },
    async ({ skip }) => {
      skipAloud(skip, whyNoNamespaces());
      lab = new Lab(5);
      const file = join(mkdtempSync(join(tmpdir(), 'lvs-lab-')), 'temp');
      writeFileSync(file, '25');
      const sources = ['21', '22', '23', '24', `file:${file}@0.1`];
      const network = lab;
      const machines = sources.map((source, i) =>
        network.start(i + 1, ['--sensor', `t=${source}`, '--cycle-ms', '50', '--status-cycles', '4']),
      );
      await until(machines, holds(4, 23));

      for (const node of [4, 5]) network.plug(node, 'br1');
      await until(machines.slice(0, 3), holds(2, 22));
      await until(machines.slice(3), holds(1, 24.5));
      for (const node of [4, 5]) network.plug(node, 'br0');
      await until(machines, holds(4, 23));

      network.readdress(5, '10.86.83.77');
      await vi.waitFor(() => expect(machines[4].status()?.carrier.addresses).toEqual(['10.86.83.77']), WAIT);
      writeFileSync(file, '30');
      await until(machines, holds(4, 24));
      expect(machines.every(({ lines }) => lines().every(({ type }) => type !== 'stopped'))).toBe(true);
    },
  );
});

describe('eight nodes that lose 60 % by the filter of the kernel', () => {
  it('agree in at most twice the cycles of the simulator', { timeout: 60_000 }, async ({ skip }) => {
    skipAloud(skip, whyNoFilter());
    lab = new Lab(8);
    const [port, cycle_ms] = [19_542, 300];
    const inputs = [20, 21.5, 22, 24, 25, 27, 28.5, 30];
    const network = lab;
    const machines = inputs.map((input, i) => {
      network.lose(i + 1, 60, port);
      return network.start(i + 1, ['--sensor', `t=${input}`, '--cycle-ms', `${cycle_ms}`, '--status-cycles', '1']);
    });
    const watch = new AgreementWatch();
    let complete_ms = Infinity;
    await vi.waitFor(
      () => {
        const states = machines.map(({ status }) => status());
        const now_ms = performance.now();
        if (states.every((state) => state !== undefined)) complete_ms = Math.min(complete_ms, now_ms);
        watch.note(
          now_ms,
          agreementOf(
            states.map((state) => ({ agreed: state?.keys[0].agreed ?? null, input: state?.keys[0].input ?? null })),
          ),
        );
        if (!(now_ms - complete_ms >= 20 * cycle_ms)) throw new Error('not yet');
      },
      { timeout: 40_000, interval: 50 },
    );
    const heard = machines.map(({ status }) => (status()?.carrier.received ?? 0) / (status()?.cycle ?? 1));
    // Own datagrams come back too: 8 senders, of which two fifths are heard.
    expect(heard.reduce((sum, one) => sum + one, 0) / 8).toBeLessThan(0.55 * 8);
    // The simulator takes 6 cycles at the median and 9 at the worst (README).
    expect(watch.cycles(complete_ms, cycle_ms) ?? Infinity).toBeLessThanOrEqual(12);
  });
});
