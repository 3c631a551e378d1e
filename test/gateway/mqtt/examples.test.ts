/** The payloads of examples/ and the lines of configuration that read them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../gateway/config/load.ts';
import { fieldIn, parseField } from '../../../gateway/sources/field.ts';

const FOLDER = new URL('../../../examples/payloads/', import.meta.url);
const README = readFileSync(new URL('README.md', FOLDER), 'utf8');

const KEYS = ['living/temp', 'living/humidity', 'attic/temp', 'plug/power', 'kitchen/temp'];
const folder = mkdtempSync(join(tmpdir(), 'lvs-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const block = /```yaml\n([\s\S]*?)```/.exec(README)?.[1] ?? '';

describe('the examples of payloads', () => {
  it('have lines of configuration that a gateway takes', () => {
    const keys = KEYS.map(
      (name) => `  - { name: ${name}, unit: '', floor: 0.1, span: 10, range: [0, 5000], reference: 20 }`,
    );
    writeFileSync(join(folder, 'g.yaml'), `site: s\nswarm: { name: lvs }\nkeys:\n${keys.join('\n')}\n${block}`);
    const { config, faults } = loadConfig('g.yaml', { cwd: folder, env: {} });
    expect(faults).toEqual([]);
    expect(config?.sources.map(({ key }) => key)).toEqual(KEYS);
  });

  it.each([
    ['living/temp', 'zigbee2mqtt-climate.json', 21.42],
    ['living/humidity', 'zigbee2mqtt-climate.json', 48.31],
    ['attic/temp', 'tasmota-sensor.json', 18.7],
    ['plug/power', 'tasmota-energy.json', 54],
    ['kitchen/temp', 'esphome-temperature.txt', 21.9],
  ])('give %s out of %s: %d', (key, file, value) => {
    const { sources } = parse(block) as { sources: { key: string; field?: string }[] };
    const field = sources.find((source) => source.key === key)?.field ?? '';
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const path = parseField(field);
    expect(path === null ? Number(text) : fieldIn(text, path)).toEqual(
      path === null ? value : { kind: 'value', value },
    );
  });
});
