/** `npm run compliance`: from the words on the command line to a verdict and an exit code. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createColours, wantsColour } from '../cli/colour.ts';
import { Failure, writeReason } from '../cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../cli/exit-codes.ts';
import { runSteps } from '../cli/render-steps.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { textTable } from '../cli/table.ts';
import { CLAUSES, inReportOrder } from './clauses/all.ts';
import { examine, type Result } from './examine.ts';
import { EXIT_NO_ANSWER, EXIT_NOTHING_OBSERVED } from './exit-codes.ts';
import { Bench } from './lab/bench.ts';
import { Lab, Silence } from './lab/lab.ts';
import { isLoopback, networksTowards, peerAddresses } from './network/addresses.ts';
import type { Channel, OnDatagram } from './network/channel.ts';
import { openTcp } from './network/tcp.ts';
import { openUdp } from './network/udp.ts';
import { type ComplianceOptions, parseOptions } from './options.ts';
import { clauseLine, humanReport, junitReport, summarise } from './report.ts';
import { readSwarmFile } from './settings.ts';
import { readKeys, swarmSeal } from './wire/seal.ts';

/** Enough peers that a swarm divides its shards among them. */
const LOOPBACK_PEERS = 18;
/** Until a beacon has told the target's own. */
const USUAL_CYCLE_MS = 1000;
const INTERRUPTED = 'interrupted';

async function openChannel(options: ComplianceOptions, onDatagram: OnDatagram): Promise<Channel> {
  const { target, transport, iface, group, bind } = options;
  const networks = networksTowards(target.address, iface);
  // A socket for each of many addresses is for clauses that want so many.
  const count = options.clauses.some(({ name }) => name === 'shards.divide') ? LOOPBACK_PEERS : 6;
  const channel = {
    target,
    addresses: peerAddresses(target.address, bind, networks, count),
    broadcasts: networks.map(({ broadcast }) => broadcast),
    group,
    interfaces: networks.map(({ address }) => address),
    onDatagram,
  };
  return transport === 'tcp' ? await openTcp(channel) : await openUdp(channel);
}

function hints({ target, transport, wait_ms }: ComplianceOptions): string {
  const place = `${target.address}:${target.port}`;
  const way =
    transport === 'tcp'
      ? 'a TCP target sends to whoever is connected; is it a node that listens there?'
      : 'is it running, is this its port, and does it send to everyone on this network (broadcast or multicast) or to the addresses given with --bind?';
  const loopback = isLoopback(target.address)
    ? ' A node on this computer must use the loopback: --iface 127.0.0.1 of npm run node.'
    : '';
  return `nothing came from ${place} in ${wait_ms / 1000} s: ${way}${loopback}`;
}

async function listClauses(around: Surroundings, json: boolean): Promise<number> {
  const clauses = inReportOrder(CLAUSES);
  const rows = clauses.map(({ name, text }) => [name, text]);
  const lines = clauses.map(({ name, text }) => `${JSON.stringify({ type: 'clause', name, text })}\n`);
  await writeAll(around.stdout, json ? lines.join('') : textTable({ columns: ['clause', 'a node'], rows }));
  return EXIT_OK;
}

function writeJunit(path: string, cwd: string, text: string): void {
  if (path === '') return;
  try {
    writeFileSync(resolve(cwd, path), text);
  } catch (error) {
    throw new Failure(`--junit ${path}: cannot be written: ${writeReason(error)}`);
  }
}

async function report(results: Result[], options: ComplianceOptions, around: Surroundings): Promise<number> {
  const { target, json, junit } = options;
  const place = `${target.address}:${target.port}`;
  const summary = summarise(results);
  if (json) await writeAll(around.stdout, `${JSON.stringify({ type: 'summary', target: place, ...summary })}\n`);
  else await writeAll(around.stdout, humanReport(results, around.stdout.columns));
  writeJunit(junit, around.cwd, junitReport(results, place));
  if (summary.fail > 0) return EXIT_FAILURE;
  return summary.pass > 0 ? EXIT_OK : EXIT_NOTHING_OBSERVED;
}

/** Only datagrams of the target count; of several nodes at its address the one at its port, once that one has spoken. */
function targetFilter({ target, transport }: ComplianceOptions, take: (bytes: Buffer) => void): OnDatagram {
  let exact = false;
  return (bytes, from) => {
    if (from.address !== target.address) return;
    if (from.port === target.port) exact = true;
    else if (exact && transport === 'udp') return;
    take(bytes);
  };
}

export async function complianceMain(argv: readonly string[], around: Surroundings): Promise<number> {
  const { stdout, stderr, cwd, env, now_ms, onInterrupt } = around;
  const options = parseOptions(argv, stdout.columns);
  if (options.help !== '') {
    await writeAll(stdout, options.help);
    return EXIT_OK;
  }
  if (options.list) return await listClauses(around, options.json);
  // A whole run takes minutes: a report that cannot be written is noticed before.
  writeJunit(options.junit, cwd, '');
  const { json, keys, key_file, clauses, per_address, quick } = options;
  const settings = keys === '' ? null : readSwarmFile(resolve(cwd, keys), options.swarm);
  const seal = key_file === '' ? null : swarmSeal(readKeys(resolve(cwd, key_file)));
  let channel: Channel | null = null;
  const lab = new Lab({ send: (from, bytes) => channel?.send(from, bytes), now_ms, cycle_ms: USUAL_CYCLE_MS, seal });
  channel = await openChannel(
    options,
    targetFilter(options, (bytes) => lab.take(bytes)),
  );
  const colours = createColours(wantsColour(stderr, env));
  const notify = (text: string): void => void stderr.write(`${colours.yellow('!')} ${text}\n`);
  for (const warning of channel.warnings) notify(warning);
  const { length: addresses } = channel.addresses;
  const bench = new Bench(lab, { quick, per_address, addresses, restart_ms: options.restart_ms, notify });
  const done: Result[] = [];
  const onResult = async (result: Result): Promise<void> => {
    done.push(result);
    if (json) await writeAll(stdout, clauseLine(result));
  };
  const unlisten = onInterrupt(() => lab.stop(INTERRUPTED));
  const timer = Number.isFinite(options.duration_ms)
    ? setTimeout(() => lab.stop(`the time of --duration ${options.duration_ms / 1000} was over`), options.duration_ms)
    : undefined;
  try {
    const work = examine(bench, { clauses, settings, wait_ms: options.wait_ms, sealed: seal !== null, onResult });
    await runSteps(work, around, false);
  } catch (error) {
    if (!(error instanceof Silence)) throw error;
    stderr.write(`compliance: ${hints(options)}\n`);
    return EXIT_NO_ANSWER;
  } finally {
    unlisten();
    clearTimeout(timer);
    for (const peer of lab.peers) lab.leave(peer);
    // The farewells are on their way only after this turn of the loop.
    await new Promise<void>((resolve_) => setImmediate(resolve_));
    channel.close();
  }
  const code = await report(done, options, around);
  return lab.stopped === INTERRUPTED ? EXIT_INTERRUPTED : code;
}
