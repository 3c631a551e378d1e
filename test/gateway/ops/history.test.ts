/** The values of a day: kept across restarts, thinned out, forgotten in time. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { History } from '../../../gateway/ops/history/history.ts';

const HOUR_MS = 3_600_000;
const START_MS = 1_800_000_000_000;

let folder: string;
let now_ms: number;
let errors: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-history-'));
  now_ms = START_MS;
  errors = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(keys: string[] = ['a', 'b'], hours = 24): History {
  const history = new History({ folder, keys, now_ms: () => now_ms, onError: (why) => errors.push(why) });
  history.setLimits({ hours, every_s: 10 });
  history.load();
  return history;
}

/** An entry each ten seconds; key b is a hundred more than key a. */
function fill(history: History, entries: number): void {
  for (let i = 0; i < entries; i++) {
    const value = i % 100;
    const sample = (agreed: number) => ({ agreed, spread: 0.5, own: null });
    history.add(now_ms, [sample(value), sample(value + 100)]);
    now_ms += 10_000;
  }
}

describe('a restart', () => {
  it('keeps what was saved, and goes on', () => {
    const first = open();
    fill(first, 100);
    first.save();
    const second = open();
    fill(second, 10);
    const { time_ms, agreed, spread, own } = second.query('b', 0, Infinity, 1000) ?? {
      time_ms: [],
      agreed: [],
      spread: [],
      own: [],
    };
    expect(time_ms).toHaveLength(110);
    expect(time_ms[0]).toBe(START_MS);
    expect(agreed.slice(98, 102)).toEqual([198, 199, 100, 101]);
    expect(spread[5]).toBe(0.5);
    expect(own[5]).toBeNull();
  });

  it('draws no line across the time between', () => {
    const first = open();
    fill(first, 3);
    first.save();
    now_ms += HOUR_MS;
    const second = open();
    fill(second, 2);
    expect(second.query('a', 0, Infinity, 100)?.agreed).toEqual([0, 1, 2, null, 0, 1]);
  });

  it('of a gateway with other keys finds those that are still there', () => {
    const first = open(['a', 'b']);
    fill(first, 3);
    first.save();
    const second = open(['b', 'c']);
    expect(second.query('b', 0, Infinity, 100)?.agreed).toEqual([100, 101, 102]);
    expect(second.query('c', 0, Infinity, 100)?.time_ms).toEqual([]);
    expect(second.query('a', 0, Infinity, 100)).toBeNull();
  });
});

describe('a file that was torn', () => {
  it('while it is written is mended before more is written', () => {
    const first = open();
    fill(first, 3);
    first.save();
    const [name] = readdirSync(folder);
    // What a full disk leaves of a write.
    appendFileSync(join(folder, name), Buffer.alloc(11, 1));
    fill(first, 2);
    first.save();
    expect(open().query('a', 0, Infinity, 100)?.agreed).toEqual([0, 1, 2, 0, 1]);
    expect(errors).toEqual([]);
  });

  it('or cannot be read costs no other one', () => {
    const first = open();
    fill(first, 3);
    first.save();
    mkdirSync(join(folder, '000000000000001.history'));
    expect(open().query('a', 0, Infinity, 100)?.agreed).toEqual([0, 1, 2]);
    expect(errors[0]).toMatch(/000000000000001\.history cannot be read: .*; it is left as it is$/);
  });

  it('is read up to the last whole entry, wherever it was cut', () => {
    const first = open();
    fill(first, 20);
    first.save();
    const [name] = readdirSync(folder);
    const path = join(folder, name);
    const whole = readFileSync(path);
    const entry_bytes = 8 + 2 * 12 + 4;
    for (let cut = 0; cut < 3 * entry_bytes; cut++) {
      writeFileSync(path, whole);
      truncateSync(path, whole.length - cut);
      expect(open().query('a', 0, Infinity, 100)?.agreed, `cut by ${cut}`).toHaveLength(
        20 - Math.ceil(cut / entry_bytes),
      );
    }
    expect(errors).toEqual([]);
  });

  it('with wrong bytes in it is read up to them', () => {
    const first = open();
    fill(first, 20);
    first.save();
    const path = join(folder, readdirSync(folder)[0]);
    const bytes = readFileSync(path);
    bytes[bytes.length - 45] ^= 1;
    writeFileSync(path, bytes);
    expect(open().query('a', 0, Infinity, 100)?.agreed).toHaveLength(18);
  });

  it('that is none of ours is left alone', () => {
    appendFileSync(join(folder, '1.history'), 'hello\nworld\n');
    open();
    expect(errors[0]).toContain('is no history of this program');
    expect(readFileSync(join(folder, '1.history'), 'utf8')).toBe('hello\nworld\n');
  });
});

it('forgets what is older than its hours, in memory and on disk', () => {
  const history = open(['a', 'b'], 2);
  fill(history, 360 * 5);
  history.save();
  expect(readdirSync(folder).length).toBeLessThanOrEqual(4);
  const { time_ms } = history.query('a', 0, Infinity, 10_000) ?? { time_ms: [] };
  expect(time_ms.length).toBeLessThanOrEqual(360 * 3);
  expect(time_ms.length).toBeGreaterThanOrEqual(360 * 2);
});

describe('a query', () => {
  it('gives at most so many points, with the mean and the worst spread of each stretch', () => {
    const history = open();
    fill(history, 8640);
    for (const points of [1, 7, 100, 500]) {
      const { time_ms, agreed } = history.query('a', 0, Infinity, points) ?? { time_ms: [], agreed: [] };
      expect(time_ms.length).toBeLessThanOrEqual(points);
      expect(time_ms.length).toBeGreaterThanOrEqual(points - 1);
      const mean = agreed.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / agreed.length;
      expect(mean).toBeCloseTo(49.3, 0);
    }
  });

  it('keeps within its times', () => {
    const history = open();
    fill(history, 100);
    const { time_ms } = history.query('a', START_MS + 100_000, START_MS + 200_000, 100) ?? { time_ms: [] };
    expect([time_ms.length, time_ms[0], time_ms.at(-1)]).toEqual([11, START_MS + 100_000, START_MS + 200_000]);
  });
});

it('goes on in memory where it cannot write, and tells so once', () => {
  const history = open();
  rmSync(folder, { recursive: true });
  fill(history, 100);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('history cannot be written');
  expect(history.query('a', 0, Infinity, 1000)?.time_ms).toHaveLength(100);
});

it('a clock that is set back stops nothing', () => {
  const history = open();
  fill(history, 3);
  now_ms -= 2 * HOUR_MS;
  fill(history, 3);
  const { time_ms } = history.query('a', 0, Infinity, 100) ?? { time_ms: [] };
  expect(time_ms).toEqual([...time_ms].sort((a, b) => a - b));
  expect(time_ms.length).toBeGreaterThanOrEqual(6);
});
