/**
 * A board behind a pseudo-terminal, for the real command with the real native driver. A pseudo-terminal has no DTR and
 * RTS, so the buttons are pressed by whoever serves it: each time that the port is opened, or not at all.
 */
import { rm, symlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from './board.ts';
import { PtyHelper } from './pty-helper.ts';

/** What an opened port does to the board: into its loader, a restart of its application, or nothing. */
export type OnOpen = 'download' | 'run' | 'leave';

export interface PtyOptions {
  onOpen?: OnOpen;
  /** A name of its own for the terminal, as a symbolic link; it stays when the terminal goes and another one comes. */
  link?: string;
}

export interface ServedBoard {
  /** What to open: the link where there is one. */
  path: string;
  /** The terminal is gone, and so is the link. */
  close: () => Promise<void>;
}

/** A program that opens a port sets it up first, and throws away what came before. */
const SET_UP_MS = 50;
const LOOK_AGAIN_MS = 5;

/** @throws Error where there is no gcc, or no pseudo-terminal */
export async function serveOnPty(board: Board, { onOpen = 'download', link }: PtyOptions = {}): Promise<ServedBoard> {
  const server = new PtyServer(board, onOpen, link);
  const path = await server.start();
  return { path: link ?? path, close: () => server.close() };
}

class PtyServer {
  private readonly board: Board;
  private readonly onOpen: OnOpen;
  private readonly link: string | undefined;
  private helper: PtyHelper | undefined;
  private baud = 115200;
  private closing = false;

  constructor(board: Board, onOpen: OnOpen, link: string | undefined) {
    this.board = board;
    this.onOpen = onOpen;
    this.link = link;
  }

  async start(): Promise<string> {
    const helper = new PtyHelper({
      opened: () => this.opened(),
      closed: () => this.board.close(),
      baud: (baud) => {
        this.baud = baud;
        this.board.setBaud(baud);
      },
      data: (bytes) => this.board.hostWrites(bytes),
    });
    this.helper = helper;
    const path = await helper.path;
    if (this.link !== undefined) {
      await rm(this.link, { force: true });
      await symlink(path, this.link);
    }
    return path;
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.drop();
  }

  private opened(): void {
    this.board.open({ data: (bytes) => this.helper?.write(bytes), lost: () => void this.vanished() }, this.baud);
    if (this.onOpen === 'download') this.board.press('boot');
    if (this.onOpen === 'run') setTimeout(() => this.board.press('reset'), SET_UP_MS);
  }

  /** The port goes with its terminal; when the board is back, so is one. */
  private async vanished(): Promise<void> {
    await this.drop();
    while (!this.board.isPresent && !this.closing) await sleep(LOOK_AGAIN_MS);
    if (!this.closing) await this.start();
  }

  private async drop(): Promise<void> {
    const { helper } = this;
    this.helper = undefined;
    if (this.link !== undefined) await rm(this.link, { force: true });
    await helper?.close();
  }
}
