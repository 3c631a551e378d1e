import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { DataFiles } from '../../../host-sim/scenario/data.ts';
import { loadGrid } from '../../../host-sim/sweep/grid.ts';
import { plan, seedBase } from '../../../host-sim/sweep/jobs.ts';
import { MEASURES } from '../../../host-sim/sweep/statistics.ts';
import { readJson } from '../../../tools/cli/json-file.ts';
import { compileCheck, type Schema } from '../../../tools/cli/schema.ts';
import { folderWith, refusal } from '../scenario/helpers.ts';

const GRIDS = join(projectRoot(), 'host-sim', 'sweep', 'grids');
const schema = readJson(join(GRIDS, 'schema.json'), 'schema.json', 'strict').value as Schema;
const row = (fields: object): object => ({ name: 'r', scenario: 'lan-8', measure: 'bias_pct', ...fields });

function load(rows: readonly object[]) {
  const folder = folderWith({
    'mine.json': `{\n"rows": [\n${rows.map((each) => JSON.stringify(each)).join(',\n')}\n]\n}\n`,
  });
  return loadGrid('./mine.json', folder, new DataFiles(folder));
}

describe('a grid', () => {
  it.each(readdirSync(GRIDS).filter((file) => file !== 'schema.json'))('%s fits the schema', (file) => {
    expect(compileCheck(schema)(readJson(join(GRIDS, file), file, 'strict').value)).toEqual([]);
  });

  it('knows the measures that there are', () => {
    expect(schema.properties?.rows.items?.properties?.measure.enum).toEqual([...MEASURES]);
  });

  it('ships a small one', () => {
    expect(loadGrid('smoke', '/', new DataFiles('/')).rows.length).toBeGreaterThan(1);
  });

  it("lays a row's fields over its scenario", () => {
    const set = { loss: 0.9, cycles: 50, inputs: { kind: 'step', at_cycle: 20 }, keys: [{ guard: false }] };
    const [{ scenario, seeds, since_cycle, worst_at_most }] = load([row({ set, seeds: 4, since_cycle: 20 })]).rows;
    expect(scenario).toMatchObject({ name: 'lan-8', nodes: 8, loss: 0.9, cycles: 50 });
    expect(scenario.inputs).toMatchObject({ kind: 'step', at_cycle: 20, low: 20, high: 30 });
    expect(scenario.keys).toMatchObject([{ name: 'key1', guard: false, span: 16 }]);
    expect([seeds, since_cycle, worst_at_most]).toEqual([4, 20, undefined]);
  });

  it.each([
    [[row({ measure: 'bias' })], './mine.json:3: rows[0].measure is "bias"; it must be one of cycles_to_1pct,'],
    [[row({}), row({ seeds: 0, name: 's' })], './mine.json:4: rows[1].seeds is 0; it must be a whole number from 1'],
    [[row({}), row({})], './mine.json:4: rows[1].name is "r"; it must differ from the name of rows[0]'],
    [[row({ sets: {} })], './mine.json:3: rows[0].sets is not a known field; did you mean "set"?'],
    [[row({ set: { loss: 3 } })], './mine.json:3: rows[0].set.loss is 3; it must be a number from 0 to 1'],
    [[row({ set: { los: 3 } })], './mine.json:3: rows[0].set.los is not a known field; did you mean "loss"?'],
    [
      [row({ set: { topology: 'sites', nodes: 52 } })],
      './mine.json:3: nodes is 52; it must be a multiple of sites (5)',
    ],
    [[row({ scenario: 'lan8' })], 'there is no scenario "lan8"; did you mean "lan-8"?'],
    [[], './mine.json:2: rows is []; it must be a list'],
  ])('%j', (rows, says) => expect(refusal(() => load(rows))[0]).toContain(says));

  it('is asked back for when its name is nearly right', () => {
    expect(refusal(() => loadGrid('smoek', '/', new DataFiles('/')))).toEqual([
      'there is no grid "smoek"; did you mean "smoke"?',
    ]);
  });
});

describe('the plan', () => {
  it('runs what rows share only once', () => {
    const { rows } = load([
      row({ seeds: 3 }),
      row({ name: 's', measure: 'spread_pct', seeds: 2 }),
      row({ name: 't', set: { loss: 0.5 }, seeds: 2 }),
    ]);
    const { jobs, rows: indices } = plan(rows, 100);
    expect(indices).toEqual([
      [0, 1, 2],
      [0, 1],
      [3, 4],
    ]);
    expect(jobs.map(({ seed }) => seed)).toEqual([100, 101, 102, 100, 101]);
  });

  it('begins again at 0 after the last seed', () => {
    const { rows } = load([row({ seeds: 2 })]);
    expect(plan(rows, 2 ** 32 - 1).jobs.map(({ seed }) => seed)).toEqual([2 ** 32 - 1, 0]);
  });

  it('takes its seeds from the firmware', () => expect(seedBase(`0000ff01${'a'.repeat(56)}`)).toBe(0xff01));
});
