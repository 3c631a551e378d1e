/** What of a new configuration is taken while the gateway runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { GatewayConfig } from '../../../gateway/config/config.ts';
import { loadConfig } from '../../../gateway/config/load.ts';
import { planReload } from '../../../gateway/config/reload.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-reload-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string): GatewayConfig {
  writeFileSync(join(folder, 'g.yaml'), text);
  const { config, faults } = loadConfig('g.yaml', { cwd: folder, env: { HOME: folder } });
  if (config === null) throw new Error(JSON.stringify(faults));
  return config;
}

const BASE = 'keys: [{name: a}]\n';

it('takes sources, MQTT, thresholds and the log level at once', () => {
  const after = read(`${BASE}sources: [{key: a, file: /x, max: 5}]\nmqtt: {prefix: other}\nlog: {level: debug}\n`);
  const { config, taken, restart } = planReload(read(BASE), after);
  expect(taken).toEqual(['sources', 'mqtt', 'log']);
  expect(restart).toEqual([]);
  expect(config.sources[0].max).toBe(5);
});

it('keeps what another node would need, and names it', () => {
  const before = read(BASE);
  const after = read(
    `site: other\nswarm: {port: 1234, name: x}\nkeys: [{name: a}, {name: b}]\nsources: [{key: b, file: /x}]\n`,
  );
  const { config, restart } = planReload(before, after);
  expect(restart.sort()).toEqual(['keys', 'site', 'swarm.name', 'swarm.port']);
  expect(config).toMatchObject({ site: 'home', keys: before.keys, swarm: before.swarm, sources: [] });
});

it('does not switch the federation on while it runs', () => {
  writeFileSync(join(folder, 'f.key'), `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
  const { config, restart } = planReload(read(BASE), read(`${BASE}federation: {key_file: f.key}\n`));
  expect(restart).toEqual(['federation.enabled']);
  expect(config.federation.enabled).toBe(false);
});
