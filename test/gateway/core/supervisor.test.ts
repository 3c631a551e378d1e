/** Parts that fail are made anew with back-off, and harm no other. */
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayConfig } from '../../../gateway/config/config.ts';
import type { GatewayPorts, PartContext, PartSpec } from '../../../gateway/core/part.ts';
import { Supervisor } from '../../../gateway/core/supervisor.ts';
import { Alarms } from '../../../gateway/ops/alarms.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const CONFIG = { site: 'a', log: { level: 'info' } } as GatewayConfig;

function supervise(specs: PartSpec[]) {
  const alarms = new Alarms({ now_ms: () => Date.now(), onRaise: () => undefined, onClear: () => undefined });
  const supervisor = new Supervisor(specs, CONFIG, {
    gateway: {} as GatewayPorts,
    log: pino({ level: 'silent' }),
    alarms,
    back_off: { first_ms: 1000, most_ms: 8000, steady_ms: 60_000 },
    ticks_ms: () => performance.now(),
  });
  return { supervisor, alarms };
}

/** A part whose starts fail as often as told; it keeps what happened to it. */
function part(name: string, failures: number): { spec: PartSpec; log: string[]; context: () => PartContext } {
  const log: string[] = [];
  let left = failures;
  let latest: PartContext | undefined;
  const spec: PartSpec = {
    name,
    uses: ['site'],
    wanted: ({ site }) => site !== 'off',
    create: (context) => {
      latest = context;
      return {
        start: () => {
          log.push('start');
          return left-- > 0 ? Promise.reject(new Error('port taken')) : Promise.resolve();
        },
        stop: () => {
          log.push('stop');
          return Promise.resolve();
        },
      };
    },
  };
  return {
    spec,
    log,
    context: () => {
      if (latest === undefined) throw new Error('the part was never made');
      return latest;
    },
  };
}

describe('a part that cannot start', () => {
  it('is tried again after 1, 2, 4, 8, 8 ... seconds, while the others run', async () => {
    const [bad, good] = [part('bad', 5), part('good', 0)];
    const { supervisor, alarms } = supervise([bad.spec, good.spec]);
    await supervisor.start();
    expect(good.log).toEqual(['start']);
    expect(supervisor.failing()).toEqual(['bad']);
    expect(alarms.list()).toMatchObject([{ id: 'part:bad', severity: 'error', text: 'bad: port taken' }]);
    const starts: number[] = [];
    for (let second = 1; second <= 30; second++) {
      const before = bad.log.length;
      await vi.advanceTimersByTimeAsync(1000);
      if (bad.log.length > before) starts.push(second);
    }
    expect(starts).toEqual([1, 3, 7, 15, 23]);
    expect(supervisor.failing()).toEqual([]);
    expect(alarms.list()).toEqual([]);
    expect(supervisor.failures).toBe(5);
  });
});

describe('a part that fails while it runs', () => {
  it('is stopped and made anew, once for each failure', async () => {
    const one = part('one', 0);
    const { supervisor } = supervise([one.spec]);
    await supervisor.start();
    const { fail } = one.context();
    fail(new Error('gone'));
    fail(new Error('gone again'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(one.log).toEqual(['start', 'stop', 'start']);
  });
});

it('new settings make anew what goes by them, and end what is no longer wanted', async () => {
  const one = part('one', 0);
  const { supervisor } = supervise([one.spec]);
  await supervisor.start();
  await supervisor.reload({ ...CONFIG, log: { level: 'debug', format: 'auto' } });
  expect(one.log).toEqual(['start']);
  await supervisor.reload({ ...CONFIG, site: 'b' });
  expect(one.log).toEqual(['start', 'stop', 'start']);
  await supervisor.reload({ ...CONFIG, site: 'off' });
  expect(one.log).toEqual(['start', 'stop', 'start', 'stop']);
  expect(supervisor.failing()).toEqual([]);
});

it('a stop ends every part and no wait brings one back', async () => {
  const [bad, good] = [part('bad', 99), part('good', 0)];
  const { supervisor } = supervise([bad.spec, good.spec]);
  await supervisor.start();
  await supervisor.stop();
  const before = bad.log.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(bad.log).toHaveLength(before);
  expect(good.log).toEqual(['start', 'stop']);
});
