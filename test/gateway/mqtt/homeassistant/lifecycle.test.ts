/** A device in Home Assistant over a broker: it appears, survives renames and restarts, and goes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBroker, type EmbeddedBroker } from '../../../../gateway/mqtt/broker.ts';
import type { Connection } from '../../../../gateway/mqtt/connection.ts';
import type { DiscoveredKey } from '../../../../gateway/mqtt/homeassistant/discovery.ts';
import { openDeviceMemory } from '../../../../gateway/mqtt/homeassistant/memory.ts';
import { createMqtt, type Mqtt } from '../../../../gateway/mqtt/mqtt.ts';
import { BROKER } from '../../../../gateway/mqtt/options.ts';
import { HomeAssistant } from '../../support/home-assistant.ts';
import { QUICK, testConnection } from '../../support/mqtt.ts';
import { snapshot } from '../../support/snapshot.ts';
import { until } from '../../support/wait.ts';

let broker: EmbeddedBroker;
let folder: string;
let watcher: Connection;
let home: HomeAssistant;
/** What stands on each topic now, retained. */
const heard: { topic: string; text: string; retained: boolean }[] = [];
const running: Mqtt[] = [];

const KEYS: DiscoveredKey[] = [
  { name: 'room1/temp', label: '', unit: '°C', resolution: 0.05, device_class: '', own: true },
  { name: 'room1/humidity', label: '', unit: '%', resolution: 0.5, device_class: '', own: false },
];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-ha-'));
  broker = await startBroker({ bind: '127.0.0.1', port: 0, user: '', password: '', onEvent: () => undefined });
  watcher = testConnection({ url: broker.url, version: 3 }).connection;
  await until('the watcher', () => watcher.state().connected);
  watcher.subscribe('#', (topic, payload, retained) => heard.push({ topic, text: payload.toString(), retained }));
  home = new HomeAssistant();
  home.start(watcher);
});

afterEach(async () => {
  for (const mqtt of running.splice(0)) await mqtt.close();
  await watcher.close();
  await broker.close();
  heard.length = 0;
  rmSync(folder, { recursive: true });
});

interface Wish {
  site?: string;
  label?: string;
  keys?: DiscoveredKey[];
  wanted?: boolean;
  prefix?: string;
}

/** A gateway as the core starts it. Time runs a hundred times as fast, so that waiting for the broker is short. */
function gateway({
  site = 'house',
  label = '',
  keys = KEYS,
  wanted = true,
  prefix = 'homeassistant',
}: Wish = {}): Mqtt {
  const memory = openDeviceMemory(join(folder, 'home-assistant.json'), site, (error) => {
    throw error;
  });
  const mqtt = createMqtt({
    broker: { ...BROKER, url: broker.url, version: 3, client_id: `lvs-${site}` },
    site,
    base: `lvs/${site}`,
    keys,
    alarm_classes: [{ name: 'source', label: 'Sensor problem' }],
    least_s: 5,
    again_s: 60,
    version: '1.0.0',
    run: 'run',
    home_assistant: { wanted, prefix, device: memory.device, label, page_url: '', support_url: '', announced: memory },
    onEvent: () => undefined,
    back_off: QUICK,
    timing: {
      now_ms: () => Date.now(),
      after: (delay_ms, callback) => {
        const timer = setTimeout(callback, delay_ms / 20);
        return () => clearTimeout(timer);
      },
    },
  });
  mqtt.publish(snapshot({ site }));
  running.push(mqtt);
  return mqtt;
}

async function stop(mqtt: Mqtt): Promise<void> {
  running.splice(running.indexOf(mqtt), 1);
  await mqtt.close();
}

const configs = (): typeof heard => heard.filter(({ topic }) => topic.endsWith('/config'));
const entities = (): string[] => [...home.entities.keys()].sort();

async function appears(): Promise<void> {
  const before = configs().length;
  await until('the device', () => configs().length > before && home.devices.size > 0);
}

describe('a gateway', () => {
  it('appears as one device with its entities, all of them fed', async () => {
    gateway();
    await appears();
    expect(home.refused).toEqual([]);
    expect([...home.devices.values()]).toEqual(['house']);
    expect(home.entities.size).toBe(5 + 2 + 3);
    const topics = new Set([...home.entities.values()].map(({ state_topic }) => String(state_topic)));
    await until('the states', () => [...topics].every((topic) => heard.some((each) => each.topic === topic)));
  });

  it('is the same device after a restart of the gateway, and of Home Assistant', async () => {
    const first = gateway();
    await appears();
    const before = entities();
    await stop(first);
    gateway();
    await appears();
    expect(entities()).toEqual(before);
    home.stop();
    home.start(watcher);
    await until('the kept message', () => home.devices.size === 1);
    expect(entities()).toEqual(before);
  });

  it('is announced again, with its states, when Home Assistant says that it is born', async () => {
    gateway();
    await appears();
    const states = (): number => heard.filter(({ topic }) => topic === 'lvs/house/key/room1/temp').length;
    await until('the state', () => states() > 0);
    const [configsBefore, statesBefore] = [configs().length, states()];
    watcher.publish({ topic: 'homeassistant/status', payload: 'online', retain: false });
    await until('it all again', () => configs().length > configsBefore && states() > statesBefore);
  });

  it('keeps its entities when the site, its label and its keys’ labels are renamed', async () => {
    const first = gateway();
    await appears();
    const before = entities();
    await stop(first);
    const keys = KEYS.map((key) => ({ ...key, label: `My ${key.name}` }));
    gateway({ site: 'home', label: 'Our home', keys });
    await appears();
    expect(entities()).toEqual(before);
    expect([...home.devices.values()]).toEqual(['Our home']);
    expect(
      [...home.entities.values()]
        .map(({ state_topic }) => String(state_topic))
        .every((topic) => topic.startsWith('lvs/home/')),
    ).toBe(true);
  });

  it('loses the entities of a key that is no longer configured, also when the broker alone remembers them', async () => {
    const first = gateway();
    await appears();
    await stop(first);
    rmSync(join(folder, 'home-assistant.json'));
    gateway({ keys: KEYS.slice(0, 1) });
    await appears();
    await until('their end', () => home.entities.size === 3 + 2 + 3);
    expect([...home.entities.values()].some(({ state_topic }) => String(state_topic).includes('humidity'))).toBe(false);
    const kept = configs().at(-1);
    expect(kept?.text, 'what the broker keeps says nothing of them').not.toContain('humidity');
  });

  it('goes when discovery is switched off', async () => {
    const first = gateway();
    await appears();
    await stop(first);
    gateway({ wanted: false });
    await until('its end', () => home.devices.size === 0);
    expect(home.entities.size).toBe(0);
  });

  it('leaves nothing under a former discovery prefix', async () => {
    const first = gateway({ prefix: 'former' });
    await until('the device', () => configs().some(({ text }) => text !== ''));
    await stop(first);
    gateway();
    await appears();
    expect(
      configs()
        .filter(({ topic }) => topic.startsWith('former/'))
        .at(-1)?.text,
    ).toBe('');
  });

  it('leaves what is not its own alone: a message on its topic that it cannot read', async () => {
    gateway();
    await appears();
    const topic = configs()[0].topic;
    watcher.publish({ topic, payload: '{"cmps": 7', retain: true });
    await until('the message', () => configs().some(({ text }) => text === '{"cmps": 7'));
    const [first] = running;
    await stop(first);
    gateway();
    await appears();
    expect(home.entities.size).toBe(10);
  });
});
