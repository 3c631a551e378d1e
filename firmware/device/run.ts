/** From power-on to a running node: what happened last time, what the settings say, then the device. */

import { readBoard } from './config/board.ts';
import { SettingsReader } from './config/reader.ts';
import { readSettings, type DeviceSettings } from './config/settings.ts';
import { Device } from './device.ts';
import type { Hardware } from './hardware.ts';
import { CrashKeeper } from './health/crash.ts';
import { LIGHT_TROUBLE, StatusLight } from './light/status-light.ts';
import { Log } from './log/log.ts';
import { DOMAIN_SETTINGS } from './store/preferences.ts';

/** Wrong settings are told again and again: whoever connects a console later shall see it too. */
const TELL_AGAIN_MS = 30_000;

export interface RunOptions {
  hardware: Hardware;
  /** `mc/config`, by name. */
  config: (name: string) => unknown;
  /** Sets what XS calls before it gives up. */
  onAbort: (hook: (reason: string, error: unknown) => void) => void;
}

export function run({ hardware, config, onAbort }: RunOptions): Device | null {
  const log = new Log({ print: (line) => hardware.print(line) });
  const crashes = new CrashKeeper({ io: hardware.preferences });
  let device: Device | null = null;
  onAbort((reason, error) => {
    crashes.keep(reason, error, device?.node.parts.transport.cycle ?? 0);
    if (error instanceof Error && error.stack !== undefined) hardware.print(error.stack);
  });
  const bundle = config('bundle');
  const told = typeof bundle === 'string' ? ` bundle=${bundle}` : '';
  log.say('I', 'boot', `hardware=${hardware.name} reset=${hardware.resetReason()}${told}`);
  const crash = crashes.last();
  if (crash !== null) {
    const news = crashes.isNews();
    log.say(news ? 'E' : 'I', 'crashed', `cycle=${crash.cycle} count=${crash.count} reason="${crash.reason}"`);
  }
  const reader = new SettingsReader([(name) => hardware.preferences.get(DOMAIN_SETTINGS, name), config]);
  let light: StatusLight | null = null;
  try {
    const board = readBoard(reader.find('board'));
    if (board.led !== null) light = new StatusLight({ write: hardware.openLamp(board.led), timers: hardware.timers });
    const settings = readSettings(reader, board);
    tellSettings(log, settings);
    device = new Device({ hardware, settings, log, light });
    device.start();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    light?.show(LIGHT_TROUBLE);
    tellTrouble(hardware, log, error.message);
  }
  return device;
}

function tellSettings(log: Log, { node, network, board, sleep }: DeviceSettings): void {
  const keys = node.keys.map(({ name }) => name).join(',');
  const where = `port=${network.port} to=${network.targets.length === 1 ? network.targets[0].address : 'peers'}`;
  log.say(
    'I',
    'settings',
    `board=${board.name} swarm=${node.swarm} keys=${keys} cycle_ms=${node.cycle_ms} sleep=${sleep} ${where}`,
  );
}

function tellTrouble({ timers }: Hardware, log: Log, message: string): void {
  const timer = timers.create(() => tell());
  const tell = (): void => {
    log.say('E', 'settings-wrong', message);
    timer.schedule(TELL_AGAIN_MS);
  };
  tell();
}
