import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHIPS, STACK_SLOTS, STATIC_BYTES } from '../../../host-sim/memory/chips.ts';
import { checkFit, chipNamed } from '../../../host-sim/memory/fit.ts';
import { reckonNode } from '../../../host-sim/memory/reckon.ts';
import type { NodeMemory } from '../../../host-sim/memory/reckon.ts';
import { DataFiles } from '../../../host-sim/scenario/data.ts';
import { loadScenario } from '../../../host-sim/scenario/load.ts';
import { type Bundle, loadBundle } from '../../../host-sim/world/bundle.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { BUNDLE } from '../xs/built.ts';

let bundle: Bundle;

beforeAll(async () => {
  bundle = await loadBundle(BUNDLE);
});

function scenarioOf(name: string, fields: Record<string, unknown> = {}): Scenario {
  const settings = Object.entries(fields).map(([field, value]) => ({ path: [field], value, place: field }));
  return loadScenario(name, '/', settings, new DataFiles('/')).scenario;
}

const reckon = (scenario: Scenario): NodeMemory => reckonNode(bundle, scenario);

/** The lines with which a scenario is refused. */
function refusal(scenario: Scenario, chip: string): readonly string[] {
  try {
    checkFit(scenario, chipNamed(chip), reckon);
  } catch (error) {
    if (error instanceof UsageError) return error.lines;
    throw error;
  }
  throw new Error('it fits');
}

describe('a node on a chip', () => {
  it('grows with its table and its keys', () => {
    const bytes = (fields: Record<string, unknown>): number => reckon(scenarioOf('lan-8', fields)).chunk_bytes;
    expect(bytes({ table: 100 })).toBeGreaterThan(bytes({ table: 50 }) + 50 * 60);
    expect(bytes({ keys: 8 })).toBeGreaterThan(bytes({ keys: 1 }) + 7 * 8 * 8);
  });

  it('takes more as a gateway', () => {
    const sites = scenarioOf('sites-5x50');
    expect(reckon(sites).table).toBe(50);
    expect(reckon(sites).slots).toBeGreaterThan(reckon({ ...sites, topology: 'lan', nodes: 50 }).slots);
  });

  it.each(CHIPS)('fits %s with every shipped LAN', (chip) => {
    for (const name of ['lan-8', 'lan-50', 'lan-200']) {
      expect(checkFit(scenarioOf(name), chipNamed(chip), reckon)).toContain(chip);
    }
  });

  it('is refused with the figures and what would fit', () => {
    const large = scenarioOf('lan-8', { keys: 16, table: 900 });
    const [figures, advice] = refusal(large, 'esp32c3');
    expect(figures).toMatch(
      /^--memory esp32c3: a node with a table of 900 peers and 16 keys takes [\d,]+ bytes \([\d,]+ slots of 16 and [\d,]+ of chunks\), and the chip has [\d,]+ for it$/,
    );
    const table = Number(/--table (\d+)/.exec(advice)?.[1]);
    expect(checkFit({ ...large, table }, chipNamed('esp32c3'), reckon)).toContain('16 keys');
    expect(refusal({ ...large, table: table + 1 }, 'esp32c3')).toHaveLength(2);
  });

  it('names fewer keys as a way where that helps', () => {
    const [, advice] = refusal(scenarioOf('lan-8', { keys: 40, table: 200 }), 'esp32c3');
    const keys = Number(/at most (\d+) keys?$/.exec(advice)?.[1]);
    expect(checkFit(scenarioOf('lan-8', { keys, table: 200 }), chipNamed('esp32c3'), reckon)).toContain('esp32c3');
  });

  it('has what the manifest gives the virtual machine', () => {
    const manifest = JSON.parse(readFileSync('manifest.json', 'utf8')) as {
      creation: { static: number; stack: number };
    };
    expect(manifest.creation).toMatchObject({ static: STATIC_BYTES, stack: STACK_SLOTS });
  });

  it('must be a chip that is known', () => {
    expect(() => chipNamed('esp8266')).toThrow(
      '--memory esp8266: must be one of esp32, esp32s2, esp32s3, esp32c3, esp32c6',
    );
  });
});
