/** Who takes part in a measurement: the node that is measured, a real process, and a crowd of members in another one. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeySettings } from '../../../firmware/node.ts';
import { programPath, SwarmProcess } from '../../swarm/processes.ts';
import { freePort } from '../../swarm/swarm.ts';
import type { NodeStatus } from '../status.ts';

export const SWARM = 'bench';
/** Of the node that is measured, and of the one who floods it. */
export const NODE_ADDRESS = '127.86.84.200';
export const FLOOD_ADDRESS = '127.86.84.250';

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

async function started(
  program: string,
  args: readonly string[],
  onLine: (line: Readonly<Record<string, unknown>>) => void,
): Promise<SwarmProcess> {
  return await new Promise((resolve, reject) => {
    const child = new SwarmProcess({
      program: programPath(program),
      args,
      onLine: (line) => {
        if (line.type === 'ready' || line.type === 'started') resolve(child);
        onLine(line);
      },
      onEnd: (code, said) => reject(new Error(`${program} ended with code ${code}: ${said}`)),
    });
  });
}

export interface Members {
  orders: CrowdOrders;
  folder: string;
  node: SwarmProcess;
  /** The newest that the node said of itself; null before the first. */
  status: () => NodeStatus | null;
  /** Events other than status, by name. */
  events: string[];
  end: () => Promise<void>;
}

export interface MembersOptions {
  members: number;
  keys: number;
  cycle_ms: number;
  /** More flags for the node. */
  flags?: readonly string[];
}

export async function startCrowd(
  options: MembersOptions,
): Promise<{ orders: CrowdOrders; folder: string; crowd: SwarmProcess }> {
  const { members, keys, cycle_ms } = options;
  const folder = mkdtempSync(join(tmpdir(), 'lvs-bench-'));
  const key_file = join(folder, 'key');
  writeFileSync(key_file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(benchKeys(keys).map(({ name }) => ({ name }))));
  const orders: CrowdOrders = { members, keys, cycle_ms, key_file, port: await freePort() };
  const crowd = await started('bench-node-crowd', [JSON.stringify(orders)], () => undefined);
  return { orders, folder, crowd };
}

/** Flags of a node that is a member of the crowd's swarm. */
export function memberFlags(
  { port, cycle_ms, key_file, keys }: CrowdOrders,
  folder: string,
  address: string,
): string[] {
  const sensors = Array.from({ length: keys }, (_, key) => ['--sensor', `key${key}=25`]).flat();
  return [
    ...['--json', '--swarm', SWARM, '--keys', join(folder, 'keys.json'), '--key-file', key_file],
    ...['--iface', address, '--port', String(port), '--cycle-ms', String(cycle_ms), '--status-cycles', '1'],
    ...sensors,
  ];
}

export async function startMembers(options: MembersOptions): Promise<Members> {
  const { orders, folder, crowd } = await startCrowd(options);
  let latest: NodeStatus | null = null;
  const events: string[] = [];
  const args = [...memberFlags(orders, folder, NODE_ADDRESS), ...(options.flags ?? [])];
  const node = await started('node', args, (line) => {
    if (line.type === 'status') latest = line as unknown as NodeStatus;
    else events.push(String(line.type));
  });
  const end = async (): Promise<void> => {
    await Promise.all([node.end(), crowd.end()]);
  };
  return { orders, folder, node, status: () => latest, events, end };
}

export async function sleep(time_ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, time_ms));
}
