/** One source's readings: what counts, what is told, and how a source comes back. */
import { describe, expect, it } from 'vitest';
import type { SourceConfig } from '../../../gateway/config/config.ts';
import { Channel } from '../../../gateway/sources/channel.ts';

const CONFIG: SourceConfig = {
  name: 'test',
  key: 'a',
  input: { kind: 'mqtt', topic: 't' },
  field: '',
  match: '',
  scale: 1,
  offset: 0,
  unit: '',
  min: 0,
  max: 60,
  jump: Infinity,
  jump_per_s: Infinity,
  silent_after_s: 30,
  every_s: 0,
  good: 3,
};

function open(change: Partial<SourceConfig> = {}) {
  const states: string[] = [];
  let now_ms = 1_000_000;
  let clock_ms = 1_700_000_000_000;
  const channel = new Channel({
    config: { ...CONFIG, ...change },
    key_unit: '°C',
    now_ms: () => clock_ms + now_ms,
    ticks_ms: () => now_ms,
    onChange: ({ state }) => states.push(state),
  });
  /** A reading each second. */
  const say = (...texts: (string | number)[]): void => {
    for (const text of texts) {
      now_ms += 1000;
      channel.take(String(text));
    }
  };
  const pass = (seconds: number): void => {
    now_ms += 1000 * seconds;
    channel.tick();
  };
  const setClockBack = (seconds: number): void => {
    clock_ms -= 1000 * seconds;
  };
  return { channel, states, say, pass, setClockBack };
}

describe('range', () => {
  it('takes a source out at once and back after three good readings in a row', () => {
    const { channel, states, say } = open();
    say(21, 99);
    expect(channel.input).toBeNull();
    expect(channel.view().text).toBe('99 is outside 0 to 60');
    say(21, 21, 99, 21, 21);
    expect(channel.input).toBeNull();
    say(21.5);
    expect(channel.input).toBe(21.5);
    expect(states).toEqual(['ok', 'out-of-range', 'ok']);
    expect(channel.counts.refused).toBe(6);
  });
});

describe('jumps', () => {
  it('are measured from the reading before, so that a new level counts when it stays', () => {
    const { channel, states, say } = open({ jump: 5 });
    say(20, 40, 40, 41);
    expect(channel.input).toBeNull();
    say(41);
    expect(channel.input).toBe(41);
    expect(states).toEqual(['ok', 'jumped', 'ok']);
  });

  it('by the second allow more after a longer time', () => {
    const { channel, say, pass } = open({ jump_per_s: 1 });
    say(20);
    pass(9);
    say(29);
    expect(channel.input).toBe(29);
    say(31);
    expect(channel.view()).toMatchObject({ state: 'jumped', text: 'from 29 to 31 in 1 s, more than 1 a second' });
  });
});

describe('silence', () => {
  it('is told after its time, and ends with one reading', () => {
    const { channel, states, say, pass } = open();
    say(20);
    pass(29);
    expect(channel.input).toBe(20);
    pass(1);
    expect(channel.input).toBeNull();
    expect(channel.view()).toMatchObject({ state: 'silent', text: 'no reading for 30 s, the last was 20' });
    say(21);
    expect(channel.input).toBe(21);
    expect(states).toEqual(['ok', 'silent', 'ok']);
  });

  it('is told of a source that never spoke', () => {
    const { states, pass } = open();
    pass(30);
    expect(states).toEqual(['silent']);
  });
});

describe('what is no reading', () => {
  it('counts as failed when it comes three times in a row', () => {
    const { channel, say } = open();
    say(20, 'x', 'y', 20, 'x', 'y');
    expect(channel.input).toBe(20);
    say('z');
    expect(channel.view()).toMatchObject({ state: 'failed' });
    expect(channel.input).toBeNull();
    say(20, 20, 20);
    expect(channel.input).toBe(20);
    expect(channel.counts.malformed).toBe(5);
  });

  it('at full rate is counted and harmless', () => {
    const { channel, states, say } = open({ field: 'temperature' });
    for (let i = 0; i < 10_000; i++) say('{"temperature":');
    expect(channel.counts.malformed).toBe(10_000);
    expect(states).toEqual(['failed']);
  });

  it('is no trouble when it is for somebody else', () => {
    const { channel, say } = open({ field: 'temperature' });
    say('{"temperature":20}', '{"humidity":40}', '{"battery":99}', '{}', '[]');
    expect(channel).toMatchObject({ input: 20, counts: { malformed: 0 } });
  });
});

it('takes pushed readings no more often than wanted', () => {
  const { channel, say } = open({ every_s: 10 });
  say(20, 21, 22);
  expect(channel).toMatchObject({ input: 20, counts: { readings: 1, skipped: 2 } });
});

it('turns a reading into the unit of its key', () => {
  const { channel, say } = open({ scale: 0.1, offset: 32, unit: '°F' });
  say(360);
  expect(channel.input).toBeCloseTo(20, 9);
});

it('takes readings, and notices silence, also after the clock was set back', () => {
  const { channel, states, say, pass, setClockBack } = open({ every_s: 1 });
  say(20);
  setClockBack(3600);
  say(30);
  expect(channel.input).toBe(30);
  pass(31);
  expect(states).toEqual(['ok', 'silent']);
});
