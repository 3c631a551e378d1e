/**
 * A node on a device: fills the ports from the hardware, starts the node when the network is there, and calls it when
 * it is due. Everything comes in as an argument, so all of it runs on a laptop as well.
 */

import { createNode, type LvsNode, type Platform } from '../node.ts';
import { Clock } from './clock/clock.ts';
import { TimeSync } from './clock/time-sync.ts';
import type { Timer } from './clock/timers.ts';
import type { DeviceSettings } from './config/settings.ts';
import { Datagrams } from './datagrams/datagrams.ts';
import type { Hardware } from './hardware.ts';
import { Watchdog } from './health/watchdog.ts';
import {
  LIGHT_NO_NETWORK,
  LIGHT_OFF,
  LIGHT_RECOVERING,
  LIGHT_RUNNING,
  type StatusLight,
} from './light/status-light.ts';
import { LONGEST_MS } from './link/backoff.ts';
import type { Log } from './log/log.ts';
import { isRecovering, statusLine } from './log/status.ts';
import { Publisher } from './mqtt/publisher.ts';
import type { MqttSettings } from './mqtt/settings.ts';
import { Rest } from './power/rest.ts';
import { createSeal } from './seal/seal.ts';
import { openSampler } from './sensors/open.ts';
import type { Sampler } from './sensors/sampler.ts';
import { Slots } from './store/slots.ts';
import { Battery } from './vitals/battery.ts';
import { LoadMeter } from './vitals/load.ts';
import { Vitals } from './vitals/vitals.ts';

/** Cycles after which an updated application is taken to be good. */
const CONFIRM_CYCLES = 8;
/** Nominal cycles between two runs at the most, in low-power mode with the jitter (firmware/runtime/power.ts): twice that is too late. */
const LATE_CYCLES = 18;
const LATE_MIN_MS = 30_000;
/** Tries to join, after a start with a low battery, before the node sleeps: the first one may fail for no lasting reason. */
const TRIES = 2;

export interface DeviceOptions {
  hardware: Hardware;
  settings: DeviceSettings;
  log: Log;
  light: StatusLight | null;
}

export class Device {
  readonly node: LvsNode;
  readonly #options: DeviceOptions;
  readonly #battery: Battery | null;
  readonly #datagrams: Datagrams;
  readonly #sampler: Sampler;
  readonly #load: LoadMeter;
  readonly #rest: Rest;
  readonly #timer: Timer;
  readonly #time: TimeSync | null;
  readonly #clock: Clock;
  readonly #publisher: Publisher | null;
  #watchdog: Watchdog | null = null;
  #linked = false;
  #failures = 0;
  #runs = 0;
  #cycle = 0;
  #told = 0;

  /** @throws RangeError naming the first setting that is not allowed */
  constructor(options: DeviceOptions) {
    this.#options = options;
    const { hardware, settings } = options;
    const { timers } = hardware;
    const ticks_ms = (): number => hardware.ticks_ms();
    this.#clock = new Clock({ ticks_ms, epoch_ms: () => Date.now() });
    this.#load = new LoadMeter({ ticks_ms });
    this.#datagrams = new Datagrams({
      open: (socket) => hardware.openSocket(socket),
      ...settings.network,
      onDatagram: (view, length, source) => this.#receive(view, length, source),
    });
    this.#battery = openBattery(options);
    this.#sampler = openSampler(options);
    this.node = createNode(this.#platform(), settings.node);
    this.#rest = new Rest({
      mode: settings.sleep,
      allowLightSleep: (allowed) => hardware.allowLightSleep(allowed),
      onDeepSleep: (time_ms) => this.#sleepDeeply(time_ms),
    });
    this.#timer = timers.create(() => this.#wake());
    const host = settings.network.time_server;
    this.#time = host === '' ? null : this.#timeSync(host);
    this.#publisher = settings.mqtt === null ? null : this.#openPublisher(settings.mqtt);
  }

  /**
   * Joins the network; the node starts when it is there.
   * @throws RangeError when the hardware does not have what the settings say
   */
  start(): void {
    const { hardware, settings, log } = this.#options;
    if (settings.network.group !== '' && !hardware.multicast) {
      throw new RangeError(
        `transport is multicast, which ${hardware.name} does not have; set it to broadcast or peers`,
      );
    }
    if (settings.sleep === 'deep' && !hardware.deep_sleep) {
      throw new RangeError(`sleep is deep, which ${hardware.name} does not have; set it to light or none`);
    }
    // Before the radio starts, which pulls the voltage down.
    this.#battery?.charge();
    if (settings.seal === null) log.say('W', 'swarm-open', 'reason="no swarm_key: anyone on the network may join in"');
    this.#options.light?.show(LIGHT_NO_NETWORK);
    hardware.openLink({
      ssid: settings.network.ssid,
      password: settings.network.password,
      timers: hardware.timers,
      random: () => hardware.randomWord(),
      onUp: () => this.#online(),
      onDown: () => this.#offline(),
      onError: (reason, retry_ms) => this.#joinFailed(reason, retry_ms),
    });
  }

  #platform(): Platform {
    const { hardware, settings, log } = this.#options;
    const random = (): number => hardware.randomWord();
    return {
      clock: this.#clock,
      datagrams: this.#datagrams,
      medium: null,
      store: new Slots({ io: hardware.preferences }),
      random: { word: random },
      sensors: this.#sampler,
      seal: settings.seal === null ? null : createSeal({ settings: settings.seal, crypt: hardware.crypt, random }),
      vitals: new Vitals({ battery: this.#battery, load: this.#load }),
      log,
    };
  }

  #timeSync(host: string): TimeSync {
    const { hardware, log } = this.#options;
    return new TimeSync({
      host,
      ntp: hardware.ntp,
      timers: hardware.timers,
      onTime: (seconds) => hardware.setEpoch(seconds),
      onError: () => log.say('W', 'time-unknown', `server=${host}`),
    });
  }

  #openPublisher(settings: MqttSettings): Publisher {
    const { hardware, log, settings: all } = this.#options;
    return new Publisher({
      settings,
      parts: this.node.parts,
      sealed: all.seal !== null,
      open: (options) => hardware.openMqtt(options),
      crypt: hardware.crypt,
      timers: hardware.timers,
      ticks_ms: this.#clock.ticks_ms,
      epoch_ms: () => this.#clock.epoch_ms(),
      random: () => hardware.randomWord(),
      log,
    });
  }

  #online(): void {
    this.#options.log.say('I', 'network-up');
    this.#linked = true;
    this.#datagrams.open();
    this.#time?.online(true);
    this.#publisher?.online(true);
    if (this.#watchdog === null) this.#startNode();
    this.#showState();
  }

  #startNode(): void {
    this.#watchdog = this.#startWatchdog();
    while (this.#sampler.sample());
    this.node.start();
    const low = this.#battery?.isLow() === true;
    if (low) this.node.setLowPower(true);
    // Its next run is eight cycles away then, or a sleep: so it listens for a whole cycle before the first.
    this.#timer.schedule(this.node.untilDue() + (low ? this.#options.settings.node.cycle_ms : 0));
  }

  #offline(): void {
    this.#options.log.say('W', 'network-down');
    this.#linked = false;
    this.#datagrams.close();
    this.#time?.online(false);
    this.#publisher?.online(false);
    this.#showState();
  }

  /**
   * With a low battery a node rests between its tries: without a network there may never be a cycle to rest after. The
   * back-off begins anew with the chip and would stay short, so before the node has started it is taken at its longest.
   */
  #joinFailed(reason: string, retry_ms: number): void {
    this.#options.log.say('W', 'network-failed', `reason="${reason}" retry_ms=${retry_ms}`);
    this.#battery?.charge();
    const tired = this.#watchdog === null && ++this.#failures >= TRIES;
    if (this.#battery?.isLow() === true) this.#rest.rest(true, tired ? LONGEST_MS : retry_ms);
  }

  #startWatchdog(): Watchdog {
    const { hardware, settings, log } = this.#options;
    return new Watchdog({
      limit_ms: Math.max(LATE_MIN_MS, LATE_CYCLES * settings.node.cycle_ms),
      timers: hardware.timers,
      ticks_ms: () => hardware.ticks_ms(),
      start: () => hardware.startWatchdog(),
      feed: () => hardware.feedWatchdog(),
      onLate: (late_ms) => log.say('E', 'cycle-late', `late_ms=${late_ms}`),
    });
  }

  #receive(view: DataView, length: number, source: number): void {
    this.#load.begin();
    this.node.receive(view, length, source);
    this.#load.end();
  }

  /** Runs the cycle if it is due, then does what belongs between cycles, then waits for the next. */
  #wake(): void {
    this.#load.begin();
    this.node.wake();
    const { cycle } = this.node.parts.transport;
    if (cycle !== this.#cycle) {
      this.#cycle = cycle;
      this.#afterCycle(cycle);
    }
    this.#sampler.sample();
    this.#load.end();
    const wait_ms = this.node.untilDue();
    this.#timer.schedule(wait_ms);
    this.#rest.rest(this.node.parts.power.low, wait_ms);
  }

  #afterCycle(cycle: number): void {
    const { hardware, settings, log } = this.#options;
    const { parts } = this.node;
    this.#watchdog?.cycle();
    if (parts.power.told && this.#battery?.isLow() === false) this.node.setLowPower(false);
    if (++this.#runs === CONFIRM_CYCLES) hardware.confirmUpdate();
    this.#showState();
    if (settings.status_cycles === 0 || cycle - this.#told < settings.status_cycles) return;
    this.#told = cycle;
    log.say('I', 'status', statusLine(parts));
  }

  #showState(): void {
    const { parts } = this.node;
    const running = isRecovering(parts) ? LIGHT_RECOVERING : LIGHT_RUNNING;
    this.#options.light?.show(parts.power.low ? LIGHT_OFF : this.#linked ? running : LIGHT_NO_NETWORK);
  }

  /**
   * Nobody is told to forget the node: the peers shall go on counting what it said while it sleeps. An update that has
   * run a cycle is good enough, because the start after the sleep would take it back. A node that has not started has
   * loaded no state, and would store an empty one over it.
   */
  #sleepDeeply(time_ms: number): void {
    const { hardware, log } = this.#options;
    if (this.#runs > 0) hardware.confirmUpdate();
    if (this.#watchdog !== null) this.node.save();
    this.#publisher?.online(false);
    this.#datagrams.close();
    this.#sampler.close();
    log.say('I', 'deep-sleep', `time_ms=${time_ms}`);
    hardware.deepSleep(time_ms);
  }
}

function openBattery({ hardware, settings }: DeviceOptions): Battery | null {
  const pins = settings.board.battery;
  if (pins === null) return null;
  const was_low = hardware.resetReason() === 'deep-sleep';
  return new Battery({ ...pins, read_mv: hardware.openBattery(pins), was_low });
}
