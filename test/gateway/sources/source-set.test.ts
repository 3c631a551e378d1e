/** All sources together: the median goes into the node, and a change leaves alone what stays. */
import { describe, expect, it } from 'vitest';
import type { KeyConfig, SourceConfig } from '../../../gateway/config/config.ts';
import type { Sink } from '../../../gateway/sources/driver.ts';
import { SourceSet } from '../../../gateway/sources/source-set.ts';

const ONE = 65_536;
const KEY: KeyConfig = {
  name: 'a',
  unit: '',
  floor: 0.1,
  span: 1,
  range: [0, 100],
  reference: 0,
  guard: true,
  estimator: 'huber',
  scope: 'site',
};

function source(topic: string): SourceConfig {
  const config = { name: topic, key: 'a', input: { kind: 'mqtt', topic }, field: '', match: '', scale: 1, offset: 0 };
  const limits = { unit: '', min: 0, max: 100, jump: Infinity, jump_per_s: Infinity, silent_after_s: 60 };
  return { ...config, ...limits, every_s: 0, good: 1 } as SourceConfig;
}

function openSet() {
  const sinks = new Map<string, Sink>();
  const stopped: string[] = [];
  const gone: string[] = [];
  const set = new SourceSet({
    keys: [KEY],
    open: (config, sink) => {
      sinks.set(config.name, sink);
      return { stop: () => stopped.push(config.name) };
    },
    now_ms: () => 0,
    ticks_ms: () => 0,
    onChange: () => undefined,
    onGone: (name) => gone.push(name),
  });
  return { set, sinks, stopped, gone };
}

describe('several sources of one key', () => {
  it('give their median, of those that are well', () => {
    const { set, sinks } = openSet();
    set.set([source('x'), source('y'), source('z')]);
    expect(set.read(0)).toBe(-1);
    sinks.get('x')?.text('10');
    expect(set.read(0)).toBe(10 * ONE);
    sinks.get('y')?.text('20');
    expect(set.read(0)).toBe(15 * ONE);
    sinks.get('z')?.text('90');
    expect(set.read(0)).toBe(20 * ONE);
    sinks.get('z')?.text('101');
    expect(set.read(0)).toBe(15 * ONE);
    expect(set.views().map(({ state }) => state)).toEqual(['ok', 'ok', 'out-of-range']);
  });
});

it('a change keeps the sources that stay the same, with what they know', () => {
  const { set, sinks, stopped, gone } = openSet();
  set.set([source('x'), source('y')]);
  sinks.get('x')?.text('10');
  set.set([source('z'), source('x')]);
  expect(stopped).toEqual(['y']);
  expect(gone).toEqual(['y']);
  expect(set.read(0)).toBe(10 * ONE);
});
