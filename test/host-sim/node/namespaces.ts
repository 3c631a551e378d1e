/** Computers that are none: network namespaces, each with a cable to one switch. Linux only, and only for root. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import type { NodeStatus } from '../../../host-sim/node/status.ts';
import { linesOf, type Line } from './around.ts';

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}

/** Why this machine cannot be made into several; '' when it can. */
export function whyNoNamespaces(): string {
  const name = `lvs${process.pid}try`;
  const { status, stderr, error } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (status !== 0) return `no network namespaces here: ${error?.message ?? stderr.trim()}`;
  const link = spawnSync('ip', ['-n', name, 'link', 'add', 'br0', 'type', 'bridge'], { encoding: 'utf8' });
  ip('netns', 'del', name);
  return link.status === 0 ? '' : `no bridges here: ${link.stderr.trim()}`;
}

export function whyNoFilter(): string {
  const { status } = spawnSync('nft', ['--version']);
  return status === 0 ? whyNoNamespaces() : 'no nft here (Debian: apt-get install nftables)';
}

export interface Machine {
  lines: () => Line[];
  status: () => NodeStatus | undefined;
}

export class Lab {
  readonly #name = `lvs${process.pid}x${Math.floor(performance.now())}`;
  readonly #nodes: ChildProcess[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    const hub = this.#space(0);
    ip('netns', 'add', hub);
    for (const bridge of ['br0', 'br1']) {
      ip('-n', hub, 'link', 'add', bridge, 'type', 'bridge');
      ip('-n', hub, 'link', 'set', bridge, 'up');
    }
    for (let node = 1; node <= count; node++) {
      const space = this.#space(node);
      ip('netns', 'add', space);
      ip('-n', space, 'link', 'set', 'lo', 'up');
      ip('-n', space, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', `p${node}`, 'netns', hub);
      ip('-n', space, 'addr', 'add', `10.86.83.${node}/24`, 'brd', '+', 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
      this.plug(node, 'br0');
      ip('-n', hub, 'link', 'set', `p${node}`, 'up');
    }
  }

  #space(node: number): string {
    return `${this.#name}n${node}`;
  }

  /** Puts a machine's cable into one of two switches. */
  plug(node: number, bridge: 'br0' | 'br1'): void {
    ip('-n', this.#space(0), 'link', 'set', `p${node}`, 'master', bridge);
  }

  readdress(node: number, address: string): void {
    ip('-n', this.#space(node), 'addr', 'flush', 'dev', 'eth0', 'scope', 'global');
    ip('-n', this.#space(node), 'addr', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0');
  }

  /** From now on this machine loses a share of what it hears. */
  lose(node: number, percent: number, port: number): void {
    const rule = `add rule inet loss in udp dport ${port} numgen random mod 100 < ${percent} drop`;
    const rules = `add table inet loss; add chain inet loss in { type filter hook input priority 0; }; ${rule}`;
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', this.#space(node), 'nft', rules], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`nft: ${stderr}`);
  }

  start(node: number, flags: readonly string[]): Machine {
    const env = { ...process.env, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'lvs-lab-')) };
    const program = [process.execPath, join(projectRoot(), 'build/bin/node.mjs'), '--json', ...flags];
    const child = spawn('ip', ['netns', 'exec', this.#space(node), ...program], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#nodes.push(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    const lines = (): Line[] => linesOf(text.slice(0, text.lastIndexOf('\n') + 1));
    return { lines, status: () => lines().findLast(({ type }) => type === 'status') as NodeStatus | undefined };
  }

  async end(): Promise<void> {
    const running = this.#nodes.filter(({ exitCode }) => exitCode === null);
    const gone = running.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of running) child.kill('SIGTERM');
    await Promise.all(gone);
    for (let node = 0; node <= this.#count; node++) spawnSync('ip', ['netns', 'del', this.#space(node)]);
  }
}
