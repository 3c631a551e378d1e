/** A gateway from its configuration to its end: the signals that it minds, and how it stops. */
import type { Logger } from 'pino';
import { errorCode } from '../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../tools/cli/exit-codes.ts';
import type { GatewayConfig } from './config/config.ts';
import { faultLine } from './config/fault.ts';
import { loadConfig } from './config/load.ts';
import type { FirmwareApi } from './core/bundle.ts';
import { Gateway } from './core/gateway.ts';
import type { PartSpec } from './core/part.ts';
import { swarmSeal } from './core/seal.ts';
import { firmwareSettings } from './core/settings.ts';
import { takeStateFolder } from './core/state-folder.ts';
import { createLog } from './ops/log.ts';
import { Notifier } from './ops/notify.ts';
import type { GatewaySurroundings } from './surroundings.ts';

export interface RunOptions {
  /** The configuration file as the user wrote it. */
  file: string;
  config: GatewayConfig;
  json: boolean;
  api: FirmwareApi;
  /** Those that tell the world. */
  parts: readonly PartSpec[];
  version: string;
}

/** What writing to a closed pipe or a closed terminal fails with. */
const LOG_GONE = new Set(['EPIPE', 'EIO']);
const OPEN_WARNING =
  'this swarm is open: everyone on the network can take part and read along; give every node the same key, swarm.key_file, to close it';
/** A part that hangs at the end does not hold the process up for longer: systemd would kill it after 90 s. */
const STOP_MS = 10_000;

/** Resolves with the exit code at the first signal to end. */
function ending(around: GatewaySurroundings): Promise<number> {
  return new Promise((resolve) => {
    around.onInterrupt(() => resolve(EXIT_INTERRUPTED));
    around.onTerminate(() => resolve(EXIT_OK));
  });
}

async function stopInTime(gateway: Gateway, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), STOP_MS);
  });
  const hangs = await Promise.race([gateway.stop().then(() => false), late]);
  clearTimeout(timer);
  if (hangs) log.error({ event: 'stop-late' }, `some parts did not stop within ${STOP_MS / 1000} s`);
}

/** @throws UsageError or NodeFailure for what can be seen to be of no use before anything runs */
export async function runGateway(options: RunOptions, around: GatewaySurroundings): Promise<number> {
  const { api, config, file, parts, version } = options;
  firmwareSettings(api, config);
  const seal = swarmSeal(config.swarm);
  const release = await takeStateFolder(config.swarm.state);
  const log = createLog(options.json ? { ...config.log, format: 'json' } : config.log, around);
  const ended = ending(around);
  const gateway = new Gateway({
    api,
    config,
    seal,
    log,
    parts,
    reread: () => {
      const { config: next, faults } = loadConfig(file, around);
      return { config: next, problems: faults.map(faultLine) };
    },
  });
  const notifier = new Notifier({ env: around.env, onError: (why) => log.warn({ event: 'notify-failed' }, why) });
  around.onBug((error) => {
    // The log has nobody to read it any more, and to log that would only fail again.
    if (!LOG_GONE.has(errorCode(error))) gateway.bug(error);
  });
  around.onHangup(() => void gateway.reload());
  const facts = { event: 'starting', version, site: config.site, swarm: config.swarm.name, config: file };
  log.info({ ...facts, state: config.swarm.state }, `gateway ${version} of site ${config.site} starts`);
  if (seal === null) log.warn({ event: 'swarm-open' }, OPEN_WARNING);
  void gateway.start().then(async () => {
    const { failing } = gateway.ready();
    if (failing.length === 0) log.info({ event: 'started' }, 'every part has begun');
    else log.warn({ event: 'started', failing }, `it runs; tried again: ${failing.join(', ')}`);
    await notifier.tell('READY=1', `STATUS=site ${config.site}, swarm ${config.swarm.name}`);
    notifier.watch(() => gateway.health().ok);
  });
  const code = await ended;
  log.info({ event: 'stopping' }, code === EXIT_OK ? 'asked to stop' : 'interrupted');
  notifier.stop();
  await notifier.tell('STOPPING=1');
  await stopInTime(gateway, log);
  await release();
  log.info({ event: 'stopped' }, 'stopped');
  return code;
}
