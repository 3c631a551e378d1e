/** `npm run gateway`: runs a gateway, checks a configuration, or writes one to begin with. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, dirname } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { Failure, UsageError, writeReason } from '../tools/cli/errors.ts';
import { EXIT_OK, EXIT_USAGE } from '../tools/cli/exit-codes.ts';
import { writeAll } from '../tools/cli/surroundings.ts';
import { NodeFailure } from '../host-sim/node-platform/failure.ts';
import { faultLine } from './config/fault.ts';
import { loadConfig } from './config/load.ts';
import { template } from './config/template.ts';
import type { FirmwareApi } from './core/bundle.ts';
import { httpPart } from './core/http-part.ts';
import { federationPart } from './federation/part.ts';
import { mqttPart } from './mqtt/part.ts';
import { parseOptions, type GatewayOptions } from './options.ts';
import { runGateway } from './run.ts';
import type { GatewaySurroundings } from './surroundings.ts';

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Where things of the project lie: the bundle, the page, the schema. */
export interface GatewayFiles {
  loadApi: () => Promise<FirmwareApi>;
  /** The folder of package.json. */
  root: string;
}

async function check({ file, json }: GatewayOptions, around: GatewaySurroundings): Promise<number> {
  const { config, faults } = loadConfig(file, around);
  for (const fault of faults) {
    const line = json ? JSON.stringify({ type: 'fault', ...fault }) : faultLine(fault);
    await writeAll(around.stdout, `${line}\n`);
  }
  if (config === null) {
    const many = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    if (!json) around.stderr.write(`gateway: ${file} has ${many}\n`);
    return EXIT_USAGE;
  }
  const { site, keys, sources } = config;
  const facts = { type: 'fine', file, site, keys: keys.length, sources: sources.length };
  const text = `${file} is fine: site ${site}, ${counted(keys.length, 'key')}, ${counted(sources.length, 'source')}`;
  await writeAll(around.stdout, `${json ? JSON.stringify(facts) : text}\n`);
  return EXIT_OK;
}

async function init({ file, force }: GatewayOptions, around: GatewaySurroundings, root: string): Promise<number> {
  const path = resolve(around.cwd, file);
  if (existsSync(path) && !force) throw new Failure(`${file} is there already; --force replaces it`);
  const schema = relative(dirname(path), join(root, 'gateway/config/schema.json'));
  try {
    writeFileSync(path, template(schema));
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${writeReason(error)}`);
  }
  around.stderr.write(`gateway: wrote ${file}; look through it, then: npm run gateway -- check ${file}\n`);
  return await Promise.resolve(EXIT_OK);
}

async function run(options: GatewayOptions, around: GatewaySurroundings, files: GatewayFiles): Promise<number> {
  const { file, json } = options;
  const { config, faults } = loadConfig(file, around);
  if (config === null) throw new UsageError(faults.map(faultLine));
  const parts = [mqttPart(packageJson.version), federationPart, httpPart(join(files.root, 'build/page'))];
  return await runGateway(
    { file, config, json, api: await files.loadApi(), parts, version: packageJson.version },
    around,
  );
}

/** Errors with an exit code of their own are told here; the others are the caller's. */
export async function gatewayMain(argv: string[], around: GatewaySurroundings, files: GatewayFiles): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  try {
    switch (options.action) {
      case 'check':
        return await check(options, around);
      case 'init':
        return await init(options, around, files.root);
      case 'run':
        return await run(options, around, files);
    }
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    around.stderr.write(`gateway: ${error.message}\n`);
    return error.exit_code;
  }
}
