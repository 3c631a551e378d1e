import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../../firmware/node.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { readSettings } from '../../../host-sim/node-platform/settings/settings.ts';
import { loadBundle, type FirmwareApi } from '../../../host-sim/world/bundle.ts';

let api: FirmwareApi;
beforeAll(async () => {
  ({ api } = await loadBundle(join(projectRoot(), 'build/firmware/node.mjs')));
});

interface Given {
  keys?: string;
  settings?: string;
  sensors?: string[];
  cycle_ms?: number;
}

function read(given: Given): Settings {
  const cwd = mkdtempSync(join(tmpdir(), 'lvs-settings-'));
  if (given.keys !== undefined) writeFileSync(join(cwd, 'keys.json'), given.keys);
  if (given.settings !== undefined) writeFileSync(join(cwd, 'node.json'), given.settings);
  return readSettings(api, {
    cwd,
    keys_file: given.keys === undefined ? undefined : 'keys.json',
    settings_file: given.settings === undefined ? undefined : 'node.json',
    sensor_keys: given.sensors ?? [],
    swarm: undefined,
    cycle_ms: given.cycle_ms,
    per_address: undefined,
  });
}

function refusal(given: Given): string[] {
  try {
    read(given);
  } catch (error) {
    if (error instanceof UsageError) return [...error.lines];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the settings of a node', () => {
  it("are a scenario key's defaults where only sensors are given", () => {
    const settings = read({ sensors: ['a', 'b'] });
    expect(settings.keys.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(settings.keys[0]).toMatchObject({
      floor: 1024,
      span: 16 * 65_536,
      low: 0,
      high: 1000 * 65_536,
      guard: true,
    });
    expect(settings).toEqual({ ...api.defaultSettings(), keys: settings.keys });
  });

  it("come from a list or a scenario, with comments, in keys' own units", () => {
    const key =
      '{"name": "room1/temp", "floor": 0.1, "span": 5, "range": [0, 100], "reference": 60, "estimator": "trimmed",}';
    for (const keys of [`// all rooms\n[${key}]`, `{"keys": [${key}]}`]) {
      expect(read({ keys }).keys).toEqual([
        {
          name: 'room1/temp',
          floor: 6554,
          span: 5 * 65_536,
          low: 0,
          high: 100 * 65_536,
          reference: 60 * 65_536,
          guard: true,
          estimator: 2,
          scope: 0,
        },
      ]);
    }
  });

  it('let a flag win over a file, and a file over the default', () => {
    const settings = '{"swarm": "barn", "cycle_ms": 500, "relay": "open", "per_address": 4, "keys": [{"name": "a"}]}';
    expect(read({ settings, cycle_ms: 250 })).toMatchObject({
      swarm: 'barn',
      cycle_ms: 250,
      relay: 2,
      nodes_per_address: 4,
    });
  });

  it.each([
    ['[{"name": "a", "flor": 1}]', 'keys.json:1: [0].flor is not a known field; did you mean "floor"?'],
    ['[\n{"floor": 1}]', 'keys.json:2: [0].name is missing'],
    ['[\n\n{"name": "a", "floor": "x"}]', 'keys.json:3: [0].floor is "x"; it must be a number from'],
    ['[{"name": "a",\n"span": 0.01}]', 'keys.json:2: [0].span is 0.01; it must be at least floor'],
    ['[{"name": "a"}, {"name": "a"}]', 'keys.json:1: [1].name is "a"; it must differ from the name of keys[0]'],
    ['{"keys": [{"name": "a", "range": [5, 5]}]}', 'keys.json:1: keys[0].range is [5,5]'],
    ['[{"name": ]', 'keys.json:1: this is not JSON'],
    ['', 'keys.json'],
    ['[]', 'keys.json:1: the file is []; it must be a list'],
  ])('names what is wrong in %s', (keys, line) => {
    expect(refusal({ keys })[0]).toContain(line);
  });

  it('names what is wrong in a settings file, and what is missing altogether', () => {
    expect(refusal({ settings: '{"cycle": 5}' })[0]).toContain('did you mean "cycle_ms"');
    expect(refusal({ settings: '{"cycle_ms": 5, "keys": [{"name": "a"}]}' })[0]).toContain('from 50 to 60000');
    expect(refusal({})[0]).toContain('--sensor room1/temp=21.5');
  });
});
