/** Who takes part in a measurement: the node that is measured, a real process, and a crowd of members in another one. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeySettings } from '../../../firmware/node.ts';
import { endOf, programPath, SwarmProcess } from '../../swarm/processes.ts';
import { freePort } from '../../swarm/swarm.ts';
import type { NodeStatus } from '../status.ts';

export const SWARM = 'bench';
/** Of the node that is measured, and of the one who floods it. */
export const NODE_ADDRESS = '127.86.84.200';
export const FLOOD_ADDRESS = '127.86.84.250';

/** What the swarm is to agree on. */
export const MEAN = 25;

export function memberAddress(index: number): string {
  return `127.86.84.${index + 1}`;
}

export interface CrowdOrders {
  members: number;
  keys: number;
  port: number;
  cycle_ms: number;
  key_file: string;
}

/** The defaults of a key, as the firmware has them. */
export function benchKeys(count: number): KeySettings[] {
  return Array.from({ length: count }, (_, key) => ({
    name: `key${key}`,
    floor: 1024,
    span: 16 * 65_536,
    low: 0,
    high: 1000 * 65_536,
    reference: 0,
    guard: true,
    estimator: 0,
    scope: 0,
  }));
}

export async function started(
  program: string,
  args: readonly string[],
  onLine: (line: Readonly<Record<string, unknown>>) => void,
  onEnd: (error: Error) => void = () => undefined,
): Promise<SwarmProcess> {
  return await new Promise((resolve, reject) => {
    const child = new SwarmProcess({
      program: programPath(program),
      args,
      onLine: (line) => {
        if (line.type === 'ready' || line.type === 'started') resolve(child);
        onLine(line);
      },
      onEnd: (code, said) => {
        const error = endOf(program, code, said);
        reject(error);
        onEnd(error);
      },
    });
  });
}

export interface Members {
  orders: CrowdOrders;
  node: SwarmProcess;
  /** The newest that the node said of itself; null before the first. */
  status: () => NodeStatus | null;
  /** Datagrams that the crowd has sent. */
  sent: () => number;
  end: () => Promise<void>;
}

export interface MembersOptions {
  members: number;
  keys: number;
  cycle_ms: number;
}

export interface SwarmOrders extends CrowdOrders {
  /** Where its files are. */
  folder: string;
}

/** The files of a swarm, and a port for it. */
export async function makeSwarm({ members, keys, cycle_ms }: MembersOptions): Promise<SwarmOrders> {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-bench-'));
  const key_file = join(folder, 'key');
  writeFileSync(key_file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(benchKeys(keys).map(({ name }) => ({ name }))));
  return { members, keys, cycle_ms, key_file, folder, port: await freePort() };
}

/** Flags of a node that is a member of the swarm, with what it reads for its first keys: the others have the mean. */
export function memberFlags(orders: SwarmOrders, address: string, readings: readonly number[] = []): string[] {
  const { port, cycle_ms, key_file, keys, folder } = orders;
  const sensors = Array.from({ length: keys }, (_, key) => ['--sensor', `key${key}=${readings[key] ?? MEAN}`]).flat();
  return [
    ...['--json', '--swarm', SWARM, '--keys', join(folder, 'keys.json'), '--key-file', key_file],
    ...['--iface', address, '--port', String(port), '--cycle-ms', String(cycle_ms), '--status-cycles', '1'],
    ...sensors,
  ];
}

export async function startMembers(options: MembersOptions): Promise<Members> {
  const orders = await makeSwarm(options);
  let sent = 0;
  const crowd = await started('bench-node-crowd', [JSON.stringify(orders)], (line) => {
    if (line.type === 'sent') sent = Number(line.datagrams);
  });
  let latest: NodeStatus | null = null;
  const end = async (...processes: SwarmProcess[]): Promise<void> => {
    await Promise.all(processes.map((process) => process.end()));
    rmSync(orders.folder, { recursive: true });
  };
  const args = memberFlags(orders, NODE_ADDRESS);
  try {
    const node = await started('node', args, (line) => {
      if (line.type === 'status') latest = line as unknown as NodeStatus;
    });
    return { orders, node, status: () => latest, sent: () => sent, end: () => end(node, crowd) };
  } catch (error) {
    await end(crowd);
    throw error;
  }
}

export async function sleep(time_ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, time_ms));
}
