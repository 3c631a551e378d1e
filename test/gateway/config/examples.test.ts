/** What stands in examples/gateway/ is fine, and reads the messages that it shows. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../../gateway/config/load.ts';
import { textReader } from '../../../gateway/sources/reading.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';

const EXAMPLES = join(projectRoot(), 'examples/gateway');
const folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-examples-'));
beforeAll(() => {
  cpSync(EXAMPLES, folder, { recursive: true });
  for (const [i, name] of ['swarm.key', 'federation.key'].entries()) {
    writeFileSync(join(folder, name), `${Buffer.alloc(32, i + 1).toString('base64url')}\n`, { mode: 0o600 });
  }
  for (const name of ['mqtt.password', 'page.password']) writeFileSync(join(folder, name), 'secret\n', { mode: 0o600 });
  writeFileSync(join(folder, 'ca.pem'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));

it.each(NAMES)('%s is fine', (name) => {
  const { faults } = loadConfig(name, { cwd: folder, env: { HOME: folder } });
  expect(faults).toEqual([]);
});

/** `#   topic payload` in the comments. */
function shownMessages(name: string): [topic: string, payload: string][] {
  const lines = readFileSync(join(EXAMPLES, name), 'utf8').matchAll(/^# {3}(\S+) (.+)$/gm);
  return [...lines].map(([, topic, payload]) => [topic, payload]);
}

it.each(['zigbee2mqtt.yaml', 'tasmota.yaml', 'esphome.yaml'])('%s reads every message that it shows', (name) => {
  const { config } = loadConfig(name, { cwd: folder, env: { HOME: folder } });
  const messages = shownMessages(name);
  expect(messages.length).toBeGreaterThan(0);
  for (const [topic, payload] of messages) {
    const sources = config?.sources.filter(({ input }) => input.kind === 'mqtt' && input.topic === topic) ?? [];
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      const reading = textReader({ ...source, key_unit: source.unit })(payload);
      expect(reading.kind, `${topic} ${payload}`).toBe('value');
      if (reading.kind === 'value') expect(reading.value).toBeGreaterThan(source.min);
    }
  }
});
