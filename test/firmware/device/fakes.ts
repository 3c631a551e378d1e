/** A device without a chip: virtual time, a medium in memory, flash in a table. */
import type { Timer, Timers } from '../../../firmware/device/clock/timers.ts';
import type { Datagram, DatagramSocket, DatagramSocketOptions } from '../../../firmware/device/datagrams/socket.ts';
import type { Hardware } from '../../../firmware/device/hardware.ts';
import type { LinkOptions } from '../../../firmware/device/link/link.ts';
import type { MqttClient, MqttClientOptions } from '../../../firmware/device/mqtt/client.ts';
import { Synthetic } from '../../../firmware/device/sensors/synthetic.ts';
import type { Preferences } from '../../../firmware/device/store/preferences.ts';
import { nodeCrypt } from './seal/node-crypt.ts';

interface Waiting {
  due_ms: number;
  order: number;
  callback: () => void;
}

/** Time that stands still until it is told to go on. */
export class VirtualTime implements Timers {
  now_ms = 0;
  readonly #waiting = new Set<Waiting>();
  #order = 0;

  create(callback: () => void): Timer {
    let mine: Waiting | null = null;
    const stop = (): void => {
      if (mine !== null) this.#waiting.delete(mine);
      mine = null;
    };
    return {
      schedule: (delay_ms) => {
        stop();
        mine = { due_ms: this.now_ms + delay_ms, order: this.#order++, callback };
        this.#waiting.add(mine);
      },
      stop,
    };
  }

  /** Lets this much time pass; what falls due meanwhile runs at its time, in order. */
  pass(time_ms: number): void {
    const end_ms = this.now_ms + time_ms;
    for (;;) {
      const due = [...this.#waiting].filter((one) => one.due_ms <= end_ms);
      if (due.length === 0) break;
      const next = due.reduce((a, b) => (b.due_ms < a.due_ms || (b.due_ms === a.due_ms && b.order < a.order) ? b : a));
      this.#waiting.delete(next);
      this.now_ms = Math.max(this.now_ms, next.due_ms);
      next.callback();
    }
    this.now_ms = end_ms;
  }
}

/** Flash as NVS keeps it: whole values by domain and name. */
export class FakePreferences implements Preferences {
  readonly values = new Map<string, unknown>();
  /** Every write throws, as when the flash is full. */
  fails = false;

  get(domain: string, name: string): unknown {
    return this.values.get(`${domain}/${name}`);
  }

  set(domain: string, name: string, value: string | number | boolean | ArrayBuffer): void {
    if (name.length > 15 || domain.length > 15) throw new Error('NVS names have at most 15 characters');
    if (this.fails) throw new Error('nvs set fail');
    this.values.set(`${domain}/${name}`, value instanceof ArrayBuffer ? value.slice(0) : value);
  }
}

/** Everyone hears everyone, after a millisecond. */
export class FakeMedium {
  readonly #time: VirtualTime;
  readonly #sockets = new Set<{ address: string; deliver: (bytes: Uint8Array, from: string) => void }>();
  sent = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  open(address: string, { onReadable }: DatagramSocketOptions): DatagramSocket {
    const waiting: Datagram[] = [];
    const member = {
      address,
      deliver: (bytes: Uint8Array, from: string) => {
        waiting.push(Object.assign(bytes.slice().buffer, { address: from, port: 1 }));
        onReadable(waiting.length);
      },
    };
    this.#sockets.add(member);
    return {
      read: () => waiting.shift(),
      write: (bytes) => {
        this.sent++;
        const copy = bytes.slice();
        this.#time
          .create(() => {
            for (const other of this.#sockets) if (other !== member) other.deliver(copy, address);
          })
          .schedule(1);
      },
      close: () => this.#sockets.delete(member),
    };
  }
}

/** A broker that keeps what is retained; it takes a connection after a millisecond. */
export class FakeBroker {
  readonly kept = new Map<string, string>();
  /** Topics in the order in which they came. */
  readonly heard: string[] = [];
  readonly opened: MqttClientOptions[] = [];
  readonly subscribed: string[] = [];
  refuses = false;
  /** Bytes that it takes at once. */
  window_bytes = 512;
  /** False: it takes those, and no more. */
  reads = true;
  readonly #time: VirtualTime;
  #drop: () => void = () => undefined;
  #room: () => void = () => undefined;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  drop(): void {
    this.#drop();
  }

  resume(): void {
    this.reads = true;
    this.#room();
  }

  open(options: MqttClientOptions): MqttClient {
    this.opened.push(options);
    let topic = '';
    let bytes: number[] = [];
    let left = 0;
    let open = true;
    const client = {
      writable: this.window_bytes,
      begin: (name: string, length_bytes: number, first: Uint8Array): void => {
        if (left > 0) throw new Error('the message before is not complete');
        [topic, bytes, left] = [name, [], length_bytes];
        client.writable -= name.length;
        client.more(first);
      },
      more: (next: Uint8Array): void => {
        if (!open || next.length > client.writable || next.length > left) throw new Error('would block');
        bytes.push(...next);
        left -= next.length;
        client.writable -= next.length;
        if (left === 0) {
          this.heard.push(topic);
          this.kept.set(topic, Buffer.from(bytes).toString());
        }
        if (this.reads) later(10, room);
      },
      subscribe: (name: string): void => void this.subscribed.push(name),
      close: (): void => {
        if (open && connected) this.kept.set(options.will_topic, 'offline');
        open = false;
      },
    };
    let connected = false;
    const later = (delay_ms: number, callback: () => void): void =>
      this.#time.create(() => open && callback()).schedule(delay_ms);
    const room = (): void => {
      client.writable = this.window_bytes;
      options.onWritable();
    };
    this.#room = room;
    this.#drop = () => {
      client.close();
      options.onEnd();
    };
    later(1, () => {
      if (this.refuses) {
        open = false;
        options.onEnd();
        return;
      }
      connected = true;
      options.onConnected();
    });
    return client;
  }
}

export interface FakeHardware extends Hardware {
  readonly lines: string[];
  readonly store: FakePreferences;
  readonly broker: FakeBroker;
  /** What was called, in order: `confirm`, `feed`, `light 1`, `deep 60000` and so on. */
  readonly calls: string[];
  battery_mv: number;
  lamp: boolean;
  link: LinkOptions | null;
  /** Why the chip started. */
  reset: string;
  /** Deep sleep is over. What ran before it never goes on. */
  onWake: () => void;
}

export interface FakeHardwareOptions {
  time: VirtualTime;
  medium: FakeMedium;
  address: string;
  seed: number;
}

export function fakeHardware({ time, medium, address, seed }: FakeHardwareOptions): FakeHardware {
  const lines: string[] = [];
  const calls: string[] = [];
  const store = new FakePreferences();
  const broker = new FakeBroker(time);
  /** Starts of the chip so far: a timer of an earlier one is lost. */
  let starts = 0;
  let word = seed;
  const randomWord = (): number => (word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
  const fake: FakeHardware = {
    name: 'fake',
    multicast: true,
    deep_sleep: true,
    lines,
    calls,
    store,
    broker,
    battery_mv: NaN,
    lamp: false,
    link: null,
    reset: 'power-on',
    onWake: () => undefined,
    timers: {
      create: (callback) => {
        const mine = starts;
        return time.create(() => mine === starts && callback());
      },
    },
    preferences: store,
    ntp: (_host, onTime) => onTime(-1),
    crypt: nodeCrypt,
    print: (line) => lines.push(line),
    ticks_ms: () => time.now_ms | 0,
    setEpoch: (seconds) => calls.push(`epoch ${seconds}`),
    randomWord,
    openLink: (options) => {
      fake.link = options;
      options.timers.create(options.onUp).schedule(0);
      return { close: () => undefined };
    },
    openSocket: (options) => medium.open(address, options),
    openMqtt: (options) => broker.open(options),
    openSource: (settings) => new Synthetic({ settings, ticks_ms: () => time.now_ms | 0, random: randomWord }),
    openBattery: () => () => fake.battery_mv,
    openLamp: () => (on) => (fake.lamp = on),
    resetReason: () => fake.reset,
    startWatchdog: () => calls.push('watchdog'),
    feedWatchdog: () => calls.push('feed'),
    confirmUpdate: () => calls.push('confirm'),
    allowLightSleep: (allowed) => calls.push(`light ${allowed ? 1 : 0}`),
    deepSleep: (time_ms) => {
      calls.push(`deep ${time_ms}`);
      starts++;
      time.create(() => fake.onWake()).schedule(time_ms);
    },
    restart: () => calls.push('restart'),
  };
  return fake;
}
