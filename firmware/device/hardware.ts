/**
 * What a platform brings along. `esp32/hardware.ts` and `lin/hardware.ts` are the two that there are; the manifest
 * chooses, under the module name `lvs/hardware`. Everything else here knows the platform by this alone.
 */

import type { Timers } from './clock/timers.ts';
import type { NtpClient } from './clock/time-sync.ts';
import type { DatagramSocket, DatagramSocketOptions } from './datagrams/socket.ts';
import type { Link, LinkOptions } from './link/link.ts';
import type { OpenMqtt } from './mqtt/client.ts';
import type { Crypt } from './seal/crypt.ts';
import type { Preferences } from './store/preferences.ts';
import type { Source, SourceSettings } from './sensors/source.ts';

/** Pins and parts of the board, as `config.board` of the manifest says them. */
export interface Board {
  name: string;
  i2c: I2CPins | null;
  led: Lamp | null;
  battery: BatteryPins | null;
}

export interface I2CPins {
  data: number;
  clock: number;
}

export interface Lamp {
  kind: 'gpio' | 'pixel';
  pin: number;
  /** A GPIO lamp that shines when its pin is low. */
  active_low: boolean;
  /** A pin that must be high for the pixel to have power; -1 when there is none. */
  power: number;
}

export interface BatteryPins {
  pin: number;
  /** A pin that must be high for the divider to have power; -1 when there is none. */
  enable: number;
  /** What the divider before the pin divides the battery's voltage by. */
  divider: number;
  empty_mv: number;
  full_mv: number;
}

export interface Hardware {
  readonly name: string;
  /** Whether its sockets can join a multicast group. */
  readonly multicast: boolean;
  /** Whether it can switch itself off and start anew by itself. */
  readonly deep_sleep: boolean;
  readonly timers: Timers;
  readonly preferences: Preferences;
  readonly ntp: NtpClient;
  readonly crypt: Crypt;

  /** One line for whoever listens: the console of the board, xsbug in a debug build, the terminal of a computer. */
  print(line: string): void;
  /** Milliseconds since any moment, as a wrapping int32. */
  ticks_ms(): number;
  setEpoch(seconds: number): void;
  /** 32 bits of hardware randomness. */
  randomWord(): number;

  openLink(options: LinkOptions): Link;
  openSocket(options: DatagramSocketOptions): DatagramSocket;
  /** @throws Error when no connection can be begun */
  readonly openMqtt: OpenMqtt;
  /** @throws RangeError when there is no such source here, saying which there are */
  openSource(settings: SourceSettings, board: Board): Source;
  /** Millivolts at the pin behind the battery's divider, or NaN. */
  openBattery(pins: BatteryPins): () => number;
  /** Switches the lamp on or off. */
  openLamp(lamp: Lamp): (on: boolean) => void;

  /** Why the chip started, in a word: `power-on`, `task-watchdog`, `brown-out` and so on. */
  resetReason(): string;
  /** From now on the chip restarts when `feedWatchdog` is not called for the time in the board's sdkconfig. */
  startWatchdog(): void;
  feedWatchdog(): void;
  /** Marks the running application as good: without it the boot loader goes back to the one before at the next start. */
  confirmUpdate(): void;
  /** Lets the processor sleep whenever nothing is to do, with the link kept up; or not. */
  allowLightSleep(allowed: boolean): void;
  /** Switches everything off and starts anew after this time: does not come back. Only where there is `deep_sleep`. */
  deepSleep(time_ms: number): void;
  restart(): void;
}
