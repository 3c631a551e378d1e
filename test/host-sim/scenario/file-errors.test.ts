import { describe, expect, it } from 'vitest';
import { fileRefusal, folderWith, load, refusal } from './helpers.ts';

/** A scenario file with one line for each field. */
const file = (...lines: string[]): string => `{\n${lines.join(',\n')}\n}\n`;

describe('a wrong scenario file is refused with file, line, field and what is allowed', () => {
  it.each([
    [
      'a number too large',
      ['"nodes": 8', '"loss": 1.4'],
      './mine.json:3: loss is 1.4; it must be a number from 0 to 1',
    ],
    ['a wrong type', ['"nodes": "8"'], './mine.json:2: nodes is "8"; it must be a whole number from 1 to 5000'],
    ['a broken number', ['"seed": 1.5'], './mine.json:2: seed is 1.5; it must be a whole number from 0 to 4294967295'],
    ['an unknown field', ['"nodes": 8', '"lss": 0.1'], './mine.json:3: lss is not a known field; did you mean "loss"?'],
    [
      'an unknown word',
      ['"topology": "rng"'],
      './mine.json:2: topology is "rng"; it must be one of lan, sites, mesh, ring, links; did you mean "ring"?',
    ],
    [
      'a field missing in a list',
      ['"nodes": 8', '"crashes": [\n{ "cycle": 5 }]'],
      './mine.json:4: crashes[0].share is missing; it must be a number from 0 to 1',
    ],
    [
      'a field deep inside',
      ['"keys": [\n{\n"name": "a",\n"guard": "yes"\n}\n]'],
      './mine.json:5: keys[0].guard is "yes"; it must be true or false',
    ],
    [
      'a pair of the wrong length',
      ['"keys": [{ "range": [0] }]'],
      './mine.json:2: keys[0].range is [0]; it must be a list of 2',
    ],
  ])('%s', (_, lines, says) => expect(fileRefusal(file(...lines))).toEqual([says]));

  it('lists the fields when none is near', () => {
    const [line] = fileRefusal(file('"inputs": {\n"zebra": 1\n}'));
    expect(line).toMatch(/^\.\/mine\.json:3: inputs\.zebra is not a known field; there are kind, low, high,/);
  });

  it('tells every wrong field in a line of its own', () => {
    expect(fileRefusal(file('"loss": 2', '"nodes": 0'))).toHaveLength(2);
  });

  it.each([
    ['{ "nodes": 8,, }', './mine.json:1: this is not JSON: property name expected'],
    ['{\n"nodes": 8,\n}', './mine.json:3: this is not JSON: property name expected'],
    ['', './mine.json:1: this is not JSON'],
    ['[]', './mine.json:1: the file is []; it must be an object with'],
  ])('what is no scenario: %j', (text, says) => expect(fileRefusal(text)[0]).toContain(says));
});

describe('fields that do not fit together', () => {
  it.each([
    ['sites', ['"topology": "sites"', '"nodes": 52'], ':3: nodes is 52; it must be a multiple of sites (5)'],
    [
      'gateways',
      ['"topology": "sites"', '"nodes": 10', '"gateways": 4'],
      ':4: gateways is 4; it must be at most the nodes of a site (2)',
    ],
    ['mesh', ['"topology": "mesh"', '"nodes": 8', '"degree": 8'], ':4: degree is 8; it must be less than nodes (8)'],
    ['links', ['"topology": "links"'], ':1: links is ""; it must name a CSV from,to,delivery'],
    ['medium loss', ['"medium_loss": -0.5'], ':2: medium_loss is -0.5; it must be a number from 0 to 1, or -1'],
    ['burst', ['"burst": 0.5'], ':2: burst is 0.5; it must be 0 or at least 1'],
    ['delay', ['"delay_min_ms": 9'], 'delay_mean_ms is 0; it must be at least delay_min_ms (9)'],
    [
      'partition',
      ['"partitions": [{ "from_cycle": 9, "to_cycle": 9 }]'],
      ':2: partitions[0].to_cycle is 9; it must be after from_cycle (9)',
    ],
    [
      'a fault behind the end',
      ['"cycles": 20', '"joins": [{ "cycle": 21, "share": 0.1 }]'],
      ':3: joins[0].cycle is 21; it must be at most cycles (20)',
    ],
    [
      'restart',
      ['"crashes": [{ "cycle": 9, "share": 0.1, "restart_cycle": 8 }]'],
      ':2: crashes[0].restart_cycle is 8; it must be after cycle (9), or 0 for never',
    ],
    ['span', ['"keys": [{ "floor": 2, "span": 1 }]'], ':2: keys[0].span is 1; it must be at least floor (2)'],
    ['range', ['"keys": [{ "range": [5, 5] }]'], ':2: keys[0].range is [5,5]; it must have a first value below'],
    [
      'width',
      ['"keys": [{ "range": [20, 30] }]'],
      ':2: keys[0].span is 16; it must be at most the width of range (10)',
    ],
    [
      'reference',
      ['"keys": [{ "range": [20, 90], "reference": 5 }]'],
      ':2: keys[0].reference is 5; it must lie in range (20 to 90) or be 0',
    ],
    [
      'names',
      ['"keys": [{ "name": "a" }, { "name": "a" }]'],
      ':2: keys[1].name is "a"; it must differ from the name of keys[0]',
    ],
    ['inputs', ['"inputs": { "low": 31 }'], 'inputs.high is 30; it must be at least low (31)'],
    [
      'implausible inputs',
      ['"inputs": { "high": 1001 }'],
      ':2: inputs.high is 1001; it must lie in the range of keys[0] (0 to 1000)',
    ],
    [
      'a late step',
      ['"cycles": 50', '"inputs": { "kind": "step" }'],
      'inputs.at_cycle is 100; it must be at most cycles (50)',
    ],
    ['csv', ['"inputs": { "kind": "csv" }'], 'inputs.file is ""; it must name a CSV time_s,node,key,value'],
    [
      'attackers',
      ['"attacks": [{ "kind": "zero", "share": 0.5 }, { "kind": "flip", "share": 0.5 }]'],
      ':2: attacks have shares that sum to 1; the sum must stay below 1',
    ],
    [
      'roles',
      ['"joins": [{ "cycle": 2, "share": 0.6 }]', '"leaves": [{ "cycle": 9, "share": 0.6 }]'],
      ':2: joins and other roles (attacks, joins, crashes, leaves, stuck) sum to a share of 1.2',
    ],
    [
      'stuck sensors',
      ['"nodes": 4', '"stuck": [{ "from_cycle": 2, "nodes": 5, "value": 9 }]'],
      ':3: stuck[0].nodes is 5; it must be at most nodes (4)',
    ],
    [
      'where they stick',
      ['"stuck": [{ "from_cycle": 2, "nodes": 5, "value": 2000 }]'],
      ':2: stuck[0].value is 2000; it must lie in the range of every key',
    ],
  ])('%s', (_, lines, says) => expect(fileRefusal(file(...lines))[0]).toContain(says));
});

describe('scenarios by name', () => {
  it('asks back for a name that is nearly right', () => {
    expect(refusal(() => load(['lan50']))).toEqual(['there is no scenario "lan50"; did you mean "lan-50"?']);
  });

  it('names them all for one that is far off', () => {
    expect(refusal(() => load(['zebra']))[0]).toMatch(/there are attack-10, .*, or give the path of a \.json file/);
  });

  it('says that a file is not there', () => {
    expect(refusal(() => load(['./none.json']))).toEqual(['./none.json: cannot be read: there is no such file']);
  });

  it('takes the name of the file for one that says none', () => {
    expect(load(['./mine.json'], folderWith({ 'mine.json': '{}' })).scenario.name).toBe('mine');
  });
});
