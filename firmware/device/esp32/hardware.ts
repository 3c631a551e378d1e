/** The hardware of an ESP32, from the SDK's modules and a little C. */

import Analog from 'embedded:io/analog';
import Digital from 'embedded:io/digital';
import UDP from 'embedded:io/socket/udp';
import crypt from 'crypt';
import Preference from 'preference';
import Time from 'time';
import WiFi from 'wifi';
import { askTime } from '../clock/sdk-ntp.ts';
import { ScheduledTimers } from '../clock/sdk-timers.ts';
import type { DatagramSocket, DatagramSocketOptions } from '../datagrams/socket.ts';
import type { BatteryPins, Board, Hardware } from '../hardware.ts';
import type { Link, LinkOptions } from '../link/link.ts';
import { WiFiLink } from '../link/wifi.ts';
import { openMqtt } from '../mqtt/sdk-client.ts';
import { Counter } from '../sensors/counter.ts';
import { SensorBus } from '../sensors/i2c.ts';
import type { Source, SourceSettings } from '../sensors/source.ts';
import { Synthetic } from '../sensors/synthetic.ts';
import { Voltage } from '../sensors/voltage.ts';
import { openLamp } from './lamps.ts';
import * as native from './native.ts';
import { sensorDrivers } from './sensor-drivers.ts';

/** By the numbers of ESP-IDF's `esp_reset_reason_t`. */
const RESET_REASONS: readonly string[] = Object.freeze([
  'unknown',
  'power-on',
  'external',
  'software',
  'panic',
  'interrupt-watchdog',
  'task-watchdog',
  'watchdog',
  'deep-sleep',
  'brown-out',
  'sdio',
  'usb',
  'jtag',
  'efuse',
  'power-glitch',
  'cpu-lockup',
]);

/** What the SDK's Analog calls full scale: 12 dB of attenuation, calibrated. */
const FULL_SCALE_MV = 2450;

export function hardware(): Hardware {
  const ticks_ms = (): number => Time.ticks | 0;
  const buses: { bus: SensorBus | null } = { bus: null };
  return {
    name: 'esp32',
    multicast: true,
    deep_sleep: true,
    timers: new ScheduledTimers(),
    preferences: Preference,
    ntp: askTime,
    crypt,
    print: (line) => native.print(line),
    ticks_ms,
    setEpoch: (seconds) => Time.set(seconds),
    randomWord: () => native.randomWord(),
    openLink,
    openSocket,
    openMqtt,
    openSource: (settings, board) => {
      if (settings.kind !== 'i2c') return openSource(settings, ticks_ms);
      buses.bus ??= openBus(board, ticks_ms);
      return buses.bus.source(settings);
    },
    openBattery,
    openLamp,
    resetReason: () => RESET_REASONS[native.resetReason()] ?? 'unknown',
    startWatchdog: () => native.startWatchdog(),
    feedWatchdog: () => native.feedWatchdog(),
    confirmUpdate: () => native.confirmUpdate(),
    allowLightSleep: (allowed) => native.allowLightSleep(allowed),
    deepSleep: (time_ms) => native.deepSleep(time_ms),
    restart: () => native.restart(),
  };
}

function openLink(options: LinkOptions): Link {
  if (options.ssid === '') {
    throw new RangeError('wifi_ssid is empty; give the board its network with `npm run provision`');
  }
  return new WiFiLink({ ...options, io: WiFi });
}

/** `add` joins a multicast group; the published typings do not know it yet. */
function openSocket({ port, group, onReadable }: DatagramSocketOptions): DatagramSocket {
  const socket = new UDP({ port, onReadable }) as InstanceType<typeof UDP> &
    DatagramSocket & { add(group: string): void };
  if (group !== '') socket.add(group);
  return socket;
}

function openSource(settings: SourceSettings, ticks_ms: () => number): Source {
  const { kind, pin } = settings;
  if (kind === 'analog') return new Voltage({ read_mv: openVoltage(pin) });
  if (kind === 'counter') {
    return new Counter({
      open: (onEdge) => new Digital({ pin, mode: Digital.InputPullUp, edge: Digital.Rising, onReadable: onEdge }),
      ticks_ms,
    });
  }
  return new Synthetic({ settings, ticks_ms, random: () => native.randomWord() });
}

function openBus({ name, i2c }: Board, ticks_ms: () => number): SensorBus {
  if (i2c === null) throw new RangeError(`board ${name} has no I2C pins in its board.json`);
  return new SensorBus({ drivers: sensorDrivers(i2c), ticks_ms });
}

function openBattery({ pin, enable }: BatteryPins): () => number {
  if (enable >= 0) new Digital({ pin: enable, mode: Digital.Output }).write(1);
  return openVoltage(pin);
}

function openVoltage(pin: number): () => number {
  const input = new Analog({ pin });
  const steps = (1 << input.resolution) - 1;
  return () => (input.read() * FULL_SCALE_MV) / steps;
}
