/**
 * A computer in place of a chip, for the SDK's Linux simulator: real sockets and a real file for settings and state, but
 * no pins, no radio, no sleep and no watchdog. There is a file `modpreferences.json` in the folder that it is started in.
 */

import UDP from 'embedded:io/socket/udp';
import crypt from 'crypt';
import Preference from 'preference';
import Time from 'time';
import { askTime } from '../clock/sdk-ntp.ts';
import { ScheduledTimers } from '../clock/sdk-timers.ts';
import type { DatagramSocket, DatagramSocketOptions } from '../datagrams/socket.ts';
import type { Hardware } from '../hardware.ts';
import { WiredLink } from '../link/wired.ts';
import { openMqtt } from '../mqtt/sdk-client.ts';
import type { SourceSettings } from '../sensors/source.ts';
import { Synthetic } from '../sensors/synthetic.ts';
import * as native from './native.ts';

export function hardware(): Hardware {
  const ticks_ms = (): number => Time.ticks | 0;
  return {
    name: 'lin',
    multicast: false,
    deep_sleep: false,
    timers: new ScheduledTimers(),
    preferences: Preference,
    ntp: askTime,
    crypt,
    print: (line) => native.print(line),
    ticks_ms,
    setEpoch: nothing,
    randomWord: () => native.randomWord(),
    openLink: (options) => new WiredLink(options),
    openSocket,
    openMqtt,
    openSource: (settings) => openSource(settings, ticks_ms),
    openBattery: () => () => NaN,
    openLamp: () => nothing,
    resetReason: () => 'power-on',
    startWatchdog: nothing,
    feedWatchdog: nothing,
    confirmUpdate: nothing,
    allowLightSleep: nothing,
    deepSleep: nothing,
    restart: nothing,
  };
}

function nothing(): void {
  return;
}

function openSocket({ port, onReadable }: DatagramSocketOptions): DatagramSocket {
  return new UDP({ port, onReadable }) as InstanceType<typeof UDP> & DatagramSocket;
}

function openSource(settings: SourceSettings, ticks_ms: () => number): Synthetic {
  if (settings.kind === 'synthetic') return new Synthetic({ settings, ticks_ms, random: () => native.randomWord() });
  throw new RangeError(`a computer has no ${settings.kind} sensors; there is the kind synthetic`);
}
