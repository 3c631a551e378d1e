/** The whole gateway, as a process: it runs, agrees, takes new settings, outlives its troubles, and ends in order. */
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../gateway/view.ts';
import { freePort, GatewayProcess } from '../support/gateway-process.ts';
import { pause, until } from '../support/wait.ts';

let gateways: GatewayProcess[] = [];
let port: number;
let http: number;
beforeEach(async () => {
  gateways = [];
  port = await freePort();
  http = await freePort();
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.end()));
});

function make(): GatewayProcess {
  const gateway = new GatewayProcess();
  gateways.push(gateway);
  return gateway;
}

/** Members of one swarm on this computer, each at an address of its own. */
function config(sources: string, address = '127.0.0.1', page = http): string {
  return [
    'site: here',
    `swarm: {name: test, port: ${port}, interface: ${address}, cycle_ms: 50, state: state}`,
    'keys: [{name: room1/temp, unit: °C, range: [0, 60], span: 20}]',
    `sources: [${sources}]`,
    'mqtt: {embedded: {enabled: false}}',
    `http: {port: ${page}}`,
    'history: {every_s: 1}',
    '',
  ].join('\n');
}

const command = (value: number): string => `{key: room1/temp, command: "echo ${value}", every_s: 1}`;

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${http}${path}`);
  return { status: response.status, text: await response.text() };
}

/** Asks until it is so; before the first cycle there is no state. */
async function stateOnce(holds: (now: Snapshot) => boolean): Promise<Snapshot> {
  for (let left = 500; ; left--) {
    const { status, text } = await get('/api/state');
    if (status === 200) {
      const now = JSON.parse(text) as Snapshot;
      if (holds(now)) return now;
    }
    if (left === 0) throw new Error(`in vain: ${status} ${text}`);
    await pause(20);
  }
}

describe('a member of the swarm', () => {
  it('agrees with another one, and is seen in state, metrics and health', async () => {
    const [one, two] = [make(), make()];
    one.write(config(command(20)));
    two.write(config(command(30), '127.0.0.2', await freePort()));
    one.start();
    two.start();
    await Promise.all([one.until('started'), two.until('started')]);
    const now = await stateOnce(({ keys }) => Math.abs((keys[0].agreed ?? 0) - 25) < 0.01);
    expect(now).toMatchObject({ site: 'here', swarm: 'test', sealed: false, cycle_ms: 50 });
    expect(now.keys[0]).toMatchObject({ name: 'room1/temp', unit: '°C', own: 20, sensors: 2, recovering: false });
    expect(now.keys[0].contributions.map(({ value }) => value).sort()).toEqual([20, 30]);
    expect(now.peers).toHaveLength(1);
    expect(now.sources).toMatchObject([{ key: 'room1/temp', kind: 'command', state: 'ok', value: 20 }]);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    const { text } = await get('/metrics');
    expect(text).toMatch(/^lvs_key_agreed\{key="room1\/temp",unit="°C"\} 2[45]/m);
    expect(text).toMatch(/^lvs_peers 1$/m);
  });
});

describe('a sensor on MQTT', () => {
  it('reaches the node by the broker inside, whatever else comes on its topic', async () => {
    const gateway = make();
    const mqtt_port = await freePort();
    const sources = '{key: room1/temp, mqtt: zigbee2mqtt/living, field: temperature}';
    gateway.write(config(sources).replace('enabled: false', `port: ${mqtt_port}`));
    gateway.start();
    await gateway.until('mqtt-connected');
    const client = await connectAsync(`mqtt://127.0.0.1:${mqtt_port}`, { protocolVersion: 4 });
    const say = (payload: string): Promise<unknown> => client.publishAsync('zigbee2mqtt/living', payload, { qos: 1 });
    await say('{"battery":97,"temperature":21.34}');
    await stateOnce(({ keys }) => keys[0].own !== null);
    for (const odd of ['{"battery":97}', '{"temperature":', '', '\u0000', '{"temperature":1e999}']) await say(odd);
    // Four of these were meant as readings and are none: after three good ones it is believed again.
    for (let good = 0; good < 3; good++) await say('{"temperature":22}');
    const { sources: views } = await stateOnce(({ keys }) => Math.abs((keys[0].own ?? 0) - 22) < 0.001);
    expect(views).toMatchObject([{ kind: 'mqtt', state: 'ok', value: 22 }]);
    await client.endAsync();
  });
});

describe('signals', () => {
  it('SIGHUP takes other sources at once, and says what needs a restart', async () => {
    const gateway = make();
    gateway.write(config(command(20)));
    gateway.start();
    await Promise.all([gateway.until('started'), gateway.until('source')]);
    gateway.write(config(command(40)).replace('name: test', 'name: other'));
    gateway.signal('SIGHUP');
    const { msg } = await gateway.until('reload');
    expect(msg).toBe('configuration read again, taken: sources; swarm.name need a restart and stay as they were');
    await gateway.until('source', 2);
    expect((await stateOnce(() => true)).swarm).toBe('test');
  });

  it('SIGHUP with other sources leaves MQTT connected, and tells Home Assistant of the new ones', async () => {
    const gateway = make();
    const mqtt_port = await freePort();
    const text = (sources: string): string => config(sources).replace('enabled: false', `port: ${mqtt_port}`);
    gateway.write(text(''));
    gateway.start();
    await gateway.until('mqtt-connected');
    const client = await connectAsync(`mqtt://127.0.0.1:${mqtt_port}`, { protocolVersion: 4 });
    const ends: string[] = [];
    const heard: string[] = [];
    client.on('close', () => ends.push('the broker inside ended'));
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await client.subscribeAsync(['lvs/here/status', 'homeassistant/device/+/config']);
    await until('the device', () => heard.some((each) => each.includes('room1/temp spread')));
    expect(heard.some((each) => each.includes('room1/temp here'))).toBe(false);
    gateway.write(text('{key: room1/temp, mqtt: sensor}'));
    gateway.signal('SIGHUP');
    await gateway.until('reload');
    await until('its own reading in Home Assistant', () => heard.some((each) => each.includes('room1/temp here')));
    await client.publishAsync('sensor', '21.5', { qos: 1 });
    await stateOnce(({ keys }) => keys[0].own === 21.5);
    expect([...ends, ...heard.filter((each) => each.startsWith('lvs/'))]).toEqual(['lvs/here/status online']);
    expect(gateway.log.filter(({ event }) => event === 'mqtt-connected')).toHaveLength(1);
    client.removeAllListeners('close');
    await client.endAsync();
  });

  it('SIGHUP with another broker goes over to it', async () => {
    const gateway = make();
    const [before, after] = [await freePort(), await freePort()];
    gateway.write(config('').replace('enabled: false', `port: ${before}`));
    gateway.start();
    await Promise.all([gateway.until('started'), gateway.until('mqtt-connected')]);
    gateway.write(config('').replace('enabled: false', `port: ${after}`));
    gateway.signal('SIGHUP');
    await gateway.until('mqtt-connected', 2);
    const client = await connectAsync(`mqtt://127.0.0.1:${after}`, { protocolVersion: 4 });
    await client.endAsync();
    await expect(connectAsync(`mqtt://127.0.0.1:${before}`, { reconnectPeriod: 0 })).rejects.toThrow(/ECONNREFUSED/);
  });

  it('SIGHUP with faults in the file keeps the old settings, and names each fault', async () => {
    const gateway = make();
    gateway.write(config(command(20)));
    gateway.start();
    await gateway.until('started');
    gateway.write(config('{key: room1/tmp, command: date}').replace('port:', 'prot:'));
    gateway.signal('SIGHUP');
    await gateway.until('reload', 3);
    const said = gateway.log.filter(({ event }) => event === 'reload').map(({ msg }) => msg);
    expect(said[0]).toContain('gateway.yaml:2:');
    expect(said[0]).toContain('did you mean "port"?');
    expect(said.at(-1)).toBe('the old settings stay in force');
    await until('an alarm stands', () => gateway.log.some(({ alarm }) => alarm === 'config:faults'));
    expect(gateway.running).toBe(true);
  });

  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('%s ends it in order with code %d', async (signal, code) => {
    const gateway = make();
    gateway.write(config(command(20)));
    gateway.start();
    await gateway.until('started');
    gateway.signal(signal);
    expect(await gateway.ended()).toBe(code);
    expect(gateway.log.at(-1)?.event).toBe('stopped');
    expect(gateway.stderr).toBe('');
  });
});

describe('trouble', () => {
  it('of a port that is taken is told, and over when the port is free', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(http, '127.0.0.1', () => resolve()));
    const gateway = make();
    gateway.write(config(command(20)));
    gateway.start();
    const { msg } = await gateway.until('part-failed');
    expect(msg).toContain(String(http));
    expect((await gateway.until('started')).msg).toBe('it runs; tried again: http');
    await new Promise<void>((resolve) => blocker.close(() => resolve()));
    await gateway.until('http-listening');
    expect((await get('/readyz')).status).toBe(200);
  });

  it('of a sensor is told, marked, taken out, and over when it is well', async () => {
    const gateway = make();
    const path = join(gateway.folder, 'temp');
    writeFileSync(path, '21');
    gateway.write(config('{key: room1/temp, file: temp, every_s: 0.05, silent_after_s: 5, good: 2}'));
    gateway.start();
    await gateway.until('source');
    writeFileSync(path, '99');
    const { msg, alarm } = await gateway.until('alarm');
    expect([alarm, msg]).toEqual([
      `source:room1/temp (file ${path})`,
      `room1/temp (file ${path}): out-of-range: 99 is outside 0 to 60; it is left out until it is well again`,
    ]);
    const now = await stateOnce(({ keys, sources }) => keys[0].own === null && sources[0].state !== 'waiting');
    expect(now.sources[0]).toMatchObject({ state: 'out-of-range', value: 21, text: '99 is outside 0 to 60' });
    expect(now.alarms).toHaveLength(1);
    writeFileSync(path, '22');
    await stateOnce(({ keys, alarms }) => keys[0].own === 22 && alarms.length === 0);
  });
});

describe('the state folder', () => {
  it('keeps the history across a restart', async () => {
    const gateway = make();
    gateway.write(config(command(20)));
    gateway.start();
    await gateway.until('source');
    // An entry a second, and the first cycles may be before the first reading.
    await pause(1200);
    gateway.signal('SIGTERM');
    await gateway.ended();
    gateway.start();
    await gateway.until('started');
    const { text } = await get('/api/keys/room1%2Ftemp/history?points=100');
    const { agreed } = JSON.parse(text) as { agreed: (number | null)[] };
    expect(agreed).toContain(20);
  });

  it('is one gateway’s at a time', async () => {
    const [one, two] = [make(), make()];
    const text = config(command(20)).replace('state: state', `state: ${join(one.folder, 'state')}`);
    one.write(text);
    two.write(text);
    one.start();
    await one.until('started');
    two.start();
    expect(await two.ended()).toBe(16);
    expect(two.stderr).toContain('is used by another gateway');
    one.signal('SIGKILL');
    await one.ended();
    two.start();
    await two.until('started');
  });
});

it('a configuration with faults ends it with code 2 before anything runs', async () => {
  const gateway = make();
  gateway.write('keys: []\n');
  gateway.start();
  expect(await gateway.ended()).toBe(2);
  expect(gateway.stderr).toMatch(/^gateway: .*gateway\.yaml:1:7: keys: must be a list of 1 to 64 entries$/m);
});
