/**
 * A real mosquitto, started by a test with a configuration, passwords and certificates of its own on a free port of
 * loopback. Where there is none the tests that need it are skipped, and say so; `apt-get install mosquitto` brings it.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/** Debian keeps it where only root looks. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

function find(program: string): string | null {
  return FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}

const MOSQUITTO = find('mosquitto');
export const hasMosquitto = MOSQUITTO !== null && find('mosquitto_passwd') !== null;
if (!hasMosquitto)
  process.stderr.write('SKIPPED: tests against mosquitto, which is not installed (apt-get install mosquitto)\n');

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface MosquittoOptions {
  user?: { name: string; password: string };
  /** PEM files; with `ca`, clients must show a certificate that it signed. */
  tls?: { cert: string; key: string; ca?: string };
  /** Keeps sessions and retained messages on disk, written when it ends. */
  persistence?: boolean;
  /** Lines of an access list. */
  acl?: string;
  packet_max_bytes?: number;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (up: boolean) => (): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}

export class Mosquitto {
  readonly port: number;
  readonly folder: string;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  static async create(options: MosquittoOptions = {}): Promise<Mosquitto> {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-mosquitto-'));
    const broker = new Mosquitto(await freePort(), folder);
    const lines = [`listener ${broker.port} 127.0.0.1`, `user ${userInfo().username}`, 'max_queued_messages 100000'];
    if (options.tls !== undefined) {
      const { cert, key, ca } = options.tls;
      lines.push(`certfile ${cert}`, `keyfile ${key}`);
      if (ca !== undefined) lines.push(`cafile ${ca}`, 'require_certificate true');
    }
    if (options.user === undefined) lines.push('allow_anonymous true');
    else {
      const file = join(folder, 'passwords');
      execFileSync(find('mosquitto_passwd') ?? '', ['-b', '-c', file, options.user.name, options.user.password], {
        stdio: 'ignore',
      });
      lines.push('allow_anonymous false', `password_file ${file}`);
    }
    if (options.acl !== undefined) {
      writeFileSync(join(folder, 'acl'), options.acl, { mode: 0o600 });
      lines.push(`acl_file ${join(folder, 'acl')}`);
    }
    if (options.packet_max_bytes !== undefined) lines.push(`max_packet_size ${options.packet_max_bytes}`);
    if (options.persistence === true) lines.push('persistence true', `persistence_location ${folder}/`);
    writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
    return broker;
  }

  async start(): Promise<this> {
    this.#process = spawn(MOSQUITTO ?? '', ['-c', join(this.folder, 'mosquitto.conf')], { stdio: 'ignore' });
    while (!(await answers(this.port))) {
      if (this.#process.exitCode !== null) throw new Error(`mosquitto ended with code ${this.#process.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this;
  }

  /** SIGTERM lets it write what it keeps; SIGKILL does not. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child?.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
