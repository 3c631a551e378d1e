import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { readScenario, scenarioList, scenarioNames } from '../../../host-sim/scenario/catalogue.ts';
import { DataFiles, dataFolder } from '../../../host-sim/scenario/data.ts';
import { loadScenario } from '../../../host-sim/scenario/load.ts';
import { scenarioProblems, scenarioSchema, schemaAt } from '../../../host-sim/scenario/schema.ts';
import { ATTACKS } from '../../../host-sim/world/scenario.ts';
import { load } from './helpers.ts';

const data = dataFolder(undefined, process.env, process.cwd());
const hasData = existsSync(join(data, 'links.csv'));
const readsData = (name: string): boolean => name.startsWith('office');

describe('shipped scenarios', () => {
  it('are those that the documentation names', () => {
    const names = 'attack-10 attack-20 churn lan-8 lan-50 lan-200 lossy-90 low-power mesh-100 office office-days';
    const more = 'partition-heal poison sites-5x50 sites-20x50';
    expect(scenarioNames()).toEqual(expect.arrayContaining(`${names} ${more}`.split(' ')));
  });

  it.each(scenarioNames())('%s fits the schema and says what it is', (name) => {
    expect(scenarioProblems(readScenario(name, '/').source.value)).toEqual([]);
    expect(scenarioList('/').find((scenario) => scenario.name === name)?.description).not.toBe('');
  });

  it.each(scenarioNames().filter((name) => !readsData(name)))('%s is complete and sound', (name) => {
    const { scenario, data: tables } = load([name]);
    expect(scenario.name).toBe(name);
    expect(tables).toEqual({ links: null, readings: null });
    expect(Object.keys(scenario).sort()).toEqual(fields());
  });

  it.runIf(hasData).each(scenarioNames().filter(readsData))('%s takes the office as it is', (name) => {
    const { scenario, data: tables } = loadScenario(name, '/', [], new DataFiles(data));
    expect(scenario.nodes).toBe(52);
    expect(tables.links?.nodes).not.toContain(5);
    expect(tables.links?.nodes).not.toContain(31);
    expect(tables.readings?.times_s).toHaveLength(144);
    expect(tables.readings?.series[0][0]).toHaveLength(50);
  });

  it('has the three stuck sensors of office-days stick from the second day on', () => {
    const value = readScenario('office-days', '/').source.value as { stuck: unknown; inputs: { step_cycles: number } };
    const second_day_step = 48;
    expect(value.stuck).toEqual([{ from_cycle: second_day_step * value.inputs.step_cycles + 1, nodes: 3, value: 122 }]);
  });
});

function fields(): string[] {
  return Object.keys(scenarioSchema.properties ?? {})
    .filter((name) => name !== '$schema')
    .sort();
}

describe('the schema', () => {
  it('knows the attacks that the simulator knows', () => {
    expect(schemaAt(['attacks', 0, 'kind']).enum).toEqual([...ATTACKS]);
  });

  it('describes every field', () => {
    for (const field of fields()) expect(schemaAt([field]).description, field).toBeTruthy();
  });

  it('has a default of no fault', () => {
    const { scenario } = load(['lan-8']);
    const { partitions, cuts, crashes, joins, leaves, attacks, stuck } = scenario;
    expect([partitions, cuts, crashes, joins, leaves, attacks, stuck].flat()).toEqual([]);
    expect(scenario).toMatchObject({
      burst: 0,
      duplication: 0,
      delay_mean_ms: 0,
      reorder: 0,
      capacity: 0,
      low_power: 0,
    });
    expect(scenario).toMatchObject({ clock_skew_ms: 0, clock_drift_ppm: 0, loss: 0.6, medium_loss: -1, seed: 1 });
  });

  it('has the default key', () => {
    expect(load(['lan-8']).scenario.keys).toEqual([
      {
        name: 'key1',
        floor: 0.015625,
        span: 16,
        range: [0, 1000],
        reference: 0,
        guard: true,
        estimator: 'huber',
        scope: 'site',
      },
    ]);
  });
});
