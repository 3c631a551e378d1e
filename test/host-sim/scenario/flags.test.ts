import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../host-sim/cli/options.ts';
import { scenarioSchema, schemaAt } from '../../../host-sim/scenario/schema.ts';
import { fileRefusal, folderWith, LINKS_CSV, load, READINGS_CSV, refusal } from './helpers.ts';

describe('flags change the scenario', () => {
  it.each([
    ['--nodes 20 --cycles 60 --cycle-ms 500 --seed 7', { nodes: 20, cycles: 60, cycle_ms: 500, seed: 7 }],
    ['--topology sites --nodes 40 --sites 4 --gateways 2', { topology: 'sites', nodes: 40, sites: 4, gateways: 2 }],
    ['--topology mesh --degree 6', { topology: 'mesh', degree: 6 }],
    ['--loss=0.9 --medium-loss -1 --burst 10', { loss: 0.9, medium_loss: -1, burst: 10 }],
    ['--duplication 0.1 --reorder 0.2 --capacity 900', { duplication: 0.1, reorder: 0.2, capacity: 900 }],
    ['--delay-min-ms 5 --delay-mean-ms 20', { delay_min_ms: 5, delay_mean_ms: 20 }],
    ['--clock-skew-ms 50 --clock-drift-ppm 40', { clock_skew_ms: 50, clock_drift_ppm: 40 }],
    ['--low-power 0.5', { low_power: 0.5 }],
    [
      '--relay open --relay-entries 16 --table 20 --shards 3',
      { relay: 'open', relay_entries: 16, table: 20, shards: 3 },
    ],
    [
      '--partition 5:9 --partition 20:30:0.2',
      {
        partitions: [
          { from_cycle: 5, to_cycle: 9, share: 0.5 },
          { from_cycle: 20, to_cycle: 30, share: 0.2 },
        ],
      },
    ],
    ['--cut 5:9:0.3', { cuts: [{ from_cycle: 5, to_cycle: 9, share: 0.3 }] }],
    ['--crash 5:0.3', { crashes: [{ cycle: 5, share: 0.3, restart_cycle: 0, store: 'kept' }] }],
    ['--crash 5:0.3:9:torn', { crashes: [{ cycle: 5, share: 0.3, restart_cycle: 9, store: 'torn' }] }],
    ['--join 5:0.1 --leave 9:0.2', { joins: [{ cycle: 5, share: 0.1 }], leaves: [{ cycle: 9, share: 0.2 }] }],
    ['--attack extreme:0.2', { attacks: [{ kind: 'extreme', share: 0.2, from_cycle: 1 }] }],
    ['--attack on-off:0.2:30', { attacks: [{ kind: 'on-off', share: 0.2, from_cycle: 30 }] }],
    ['--stuck 9:3:122', { stuck: [{ from_cycle: 9, nodes: 3, value: 122 }] }],
    ['--inputs constant:22', { inputs: { kind: 'constant', low: 22 } }],
    ['--inputs step:50', { inputs: { kind: 'step', at_cycle: 50 } }],
    ['--inputs step', { inputs: { kind: 'step', at_cycle: 100 } }],
    ['--inputs ramp:-0.1', { inputs: { kind: 'ramp', rate: -0.1 } }],
    ['--inputs noise:2 --input-range 5:9', { inputs: { kind: 'noise', sigma: 2, low: 5, high: 9 } }],
    ['--site-offset 30 --step-cycles 9 --at-s 60', { inputs: { site_offset: 30, step_cycles: 9, at_s: 60 } }],
  ])('%s', (words, fields) => expect(load(words.split(' ')).scenario).toMatchObject(fields));

  it('lays key settings over every key', () => {
    const flags =
      '--keys 3 --floor 0.5 --span 8 --range 0:50 --reference 10 --guard off --estimator trimmed --scope all';
    const { keys } = load(flags.split(' ')).scenario;
    expect(keys.map(({ name }) => name)).toEqual(['key1', 'key2', 'key3']);
    for (const key of keys) {
      expect(key).toMatchObject({ floor: 0.5, span: 8, range: [0, 50], reference: 10, guard: false });
      expect(key).toMatchObject({ estimator: 'trimmed', scope: 'all' });
    }
  });

  it('names keys', () => {
    expect(load(['--keys', 'room1/temp,humidity']).scenario.keys.map(({ name }) => name)).toEqual([
      'room1/temp',
      'humidity',
    ]);
  });

  it("copies the scenario's own first key", () => {
    const { keys } = load(['sites-5x50', '--keys', '2']).scenario;
    expect(keys.map(({ scope }) => scope)).toEqual(['all', 'all']);
  });

  it('replaces a list of the file, or empties it', () => {
    expect(load(['attack-10', '--attack', 'zero:0.3']).scenario.attacks).toHaveLength(1);
    expect(load(['attack-10', '--attack', 'none']).scenario.attacks).toEqual([]);
  });

  it('leaves out what a shorter run never comes to', () => {
    const { crashes, joins } = load(['churn', '--cycles', '130']).scenario;
    expect(crashes.map(({ cycle }) => cycle)).toEqual([60, 120]);
    expect(joins.map(({ cycle }) => cycle)).toEqual([100]);
  });

  it('has a flag for every field but the words', () => {
    const { help } = parseOptions(['--help'], '/', 200);
    const elsewhere = ['$schema', 'name', 'description', 'keys', 'inputs', 'links', 'stuck'];
    const lists: Record<string, string> = {
      partitions: 'partition',
      cuts: 'cut',
      crashes: 'crash',
      joins: 'join',
      leaves: 'leave',
      attacks: 'attack',
    };
    for (const field of Object.keys(scenarioSchema.properties ?? {})) {
      if (elsewhere.includes(field)) continue;
      expect(help).toContain(`--${(lists[field] ?? field).replaceAll('_', '-')} <`);
    }
  });
});

describe('files that flags name', () => {
  const folder = folderWith({ 'links.csv': LINKS_CSV, 'temperature.csv': READINGS_CSV });

  it('takes links and readings as they are', () => {
    const { scenario, data } = load(['--links', 'links.csv', '--inputs', 'temperature.csv'], folder);
    expect(scenario).toMatchObject({ topology: 'links', nodes: 8, loss: 0, inputs: { kind: 'csv', at_s: -1 } });
    expect(scenario.keys[0].name).toBe('temperature');
    expect(data.links?.nodes).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(data.readings?.times_s).toEqual([0, 60]);
  });

  it('adds a loss to the links where one is asked for', () => {
    expect(load(['--loss', '0.5', '--links', 'links.csv'], folder).scenario.loss).toBe(0.5);
  });

  it('looks in the current folder first, then in that of the data', () => {
    const elsewhere = folderWith();
    expect(load(['--links', 'links.csv', '--data', folder], elsewhere).scenario.nodes).toBe(8);
    expect(refusal(() => load(['--links', 'links.csv'], elsewhere))[0]).toMatch(
      /links\.csv: cannot be read: there is no such file; it comes from the Intel Berkeley Research Lab .*--data DIR/,
    );
    expect(refusal(() => load(['--inputs', 'other.csv'], elsewhere))[0]).toMatch(
      /other\.csv: cannot be read: there is no such file; paths are taken from the current folder, then from/,
    );
  });

  it.each([
    [
      ['--links', 'links.csv', '--nodes', '9'],
      '--nodes 9: nodes is 9; it must be left out or be 8, the living sensors',
    ],
    [['--links', 'links.csv', '--topology', 'lan'], '--topology lan: must be links, or left out, beside --links'],
    [
      ['--inputs', 'temperature.csv', '--keys', 'humidity'],
      '--keys humidity: keys[0].name is "humidity"; it must be a key',
    ],
    [
      ['--inputs', 'temperature.csv', '--range', '0:22'],
      '--range 0:22: keys[0].range is [0,22]; it must hold every reading',
    ],
  ])('%j', (words, says) => expect(refusal(() => load(words, folder))[0]).toContain(says));
});

describe('a wrong flag is refused in one line that names it and what is allowed', () => {
  it.each([
    ['--loss 1.4', '--loss 1.4: must be a number from 0 to 1'],
    ['--loss some', '--loss some: must be a number from 0 to 1'],
    ['--loss=', '--loss "": must be a number from 0 to 1'],
    ['--nodes 2.5', '--nodes 2.5: must be a whole number from 1 to 5000'],
    ['--seed -1', '--seed -1: must be a whole number from 0 to 4294967295'],
    ['--topology rng', '--topology rng: must be one of lan, sites, mesh, ring, links; did you mean "ring"?'],
    ['--guard maybe', '--guard maybe: must be on or off'],
    [
      '--keys 0',
      `--keys 0: must be a whole number from 1 to ${schemaAt(['keys']).maxItems}, or as many names parted by commas`,
    ],
    ['--keys a,', '--keys a,: a name is ""; it must be text of 1 to 64 letters, without spaces, commas or colons'],
    ['--range 5', '--range 5: must have the form LOW:HIGH'],
    ['--range 5:x', '--range 5:x: HIGH is "x"; it must be a number from 0 to 32767'],
    ['--crash 5', '--crash 5: must have the form CYCLE:SHARE[:RESTART[:kept|lost|torn]], or be none'],
    ['--crash 5:2', '--crash 5:2: SHARE is "2"; it must be a number from 0 to 1'],
    ['--partition 1:2:3:4', '--partition 1:2:3:4: must have the form FROM:TO[:SHARE], or be none'],
    ['--partition 9:5', '--partition 9:5: partitions[0].to_cycle is 5; it must be after from_cycle (9)'],
    ['--attack extrem:0.2', '; did you mean "extreme"?'],
    ['--inputs nose:2', '; did you mean "noise"?'],
    ['--inputs ramp', '--inputs ramp: must have the form uniform|constant:VALUE'],
    ['--los 0.5', "unknown option '--los'; did you mean --loss?"],
    ['--loss', "option '--loss <SHARE>' argument missing"],
    ['--loss --json', '--loss: needs a value, and "--json" is a flag'],
    ['--pace 0', '--pace 0: must be a number above 0 and up to 1000, or --fast for no limit'],
    ['--pace 5 --fast', '--pace 5: must be left out beside --fast'],
    ['lan-8 lan-50', '"lan-50": there can be one scenario, and "lan-8" is it'],
    ['--replay x lan-8 --loss 0.5', '--replay takes all it needs from the record: leave out lan-8, --loss'],
    ['sites-5x50 --sites 7', '--sites 7: nodes is 250; it must be a multiple of sites (7)'],
    ['--span 0.001', '--span 0.001: keys[0].span is 0.001; it must be at least floor (0.015625)'],
  ])('%s', (words, says) => {
    const lines = refusal(() => load(words.split(' ')));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(says);
  });

  it('does not blame a flag for what the file says', () => {
    expect(fileRefusal('{ "loss": 2 }', '--nodes', '9')).toEqual([
      './mine.json:1: loss is 2; it must be a number from 0 to 1',
    ]);
  });
});

describe('shards that would not fit a datagram', () => {
  it('are refused here, not by the firmware in the middle of a run', () => {
    expect(refusal(() => load(['lan-8', '--keys', '64', '--shards', '40']))[0]).toBe(
      '--shards 40: shards is 40; it must be at most 4 with 64 keys',
    );
  });

  it('are taken up to the bound', () => {
    expect(load(['lan-8', '--keys', '64', '--shards', '4']).scenario.shards).toBe(4);
  });
});
