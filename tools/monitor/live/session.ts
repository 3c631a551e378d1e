/** A board on the desk: from the first byte until the user has seen enough. */
import { Failure } from '../../cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../cli/exit-codes.ts';
import { writeAll } from '../../cli/surroundings.ts';
import { EXIT_LINK_LOST } from '../../serial/exit-codes.ts';
import { type MonitorEvent, notice } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import type { MonitorSurroundings } from '../surroundings.ts';
import { LineSplitter } from '../text/line-splitter.ts';
import type { View } from '../view/view.ts';
import { type Happening, Inbox } from './inbox.ts';
import { KEY_HELP, type KeyAction, listenToKeys } from './keys.ts';
import { LinePort, type LinePortOptions } from './line-port.ts';

/** Cursor to the corner, and clear what is shown and what was scrolled away. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';

export interface SessionOptions extends Omit<LinePortOptions, 'inbox' | 'wait' | 'now_ms'> {
  around: MonitorSurroundings;
  interpreter: Interpreter;
  view: View;
  /** Whether to wait when the port vanishes. */
  reconnect: boolean;
  /** Whether to reset the board first. */
  reset: boolean;
  /** Whether the terminal's keys are listened to. */
  keys: boolean;
}

class Session {
  readonly #options: SessionOptions;
  readonly #inbox = new Inbox();
  readonly #port: LinePort;
  #splitter = new LineSplitter();

  constructor(options: SessionOptions) {
    this.#options = options;
    const { around } = options;
    this.#port = new LinePort({
      ...options,
      inbox: this.#inbox,
      wait: around.wait,
      now_ms: () => around.now_ms(),
    });
  }

  async run(): Promise<number> {
    const { around, choice, baud, keys, reset } = this.#options;
    const notices = await this.#port.open();
    const stops = [
      around.onInterrupt(() => this.#inbox.put({ type: 'key', action: 'interrupt' })),
      around.onTerminate((code) => this.#inbox.put({ type: 'signal', code })),
      keys ? listenToKeys(around.stdin, (action) => this.#inbox.put({ type: 'key', action })) : () => undefined,
    ];
    try {
      const help = keys && around.stdin.isTTY === true ? '; ? tells the keys' : '';
      await this.#tell([notice('I', `listening to ${choice.path} (${choice.why}) at ${baud} baud${help}`), ...notices]);
      if (reset) await this.#reset();
      return await this.#handleAll();
    } finally {
      for (const stop of stops) stop();
      await this.#port.close();
    }
  }

  async #handleAll(): Promise<number> {
    for (;;) {
      const code = await this.#handle(await this.#inbox.next());
      if (code !== null) return code;
    }
  }

  /** @returns the exit code when that was the last one */
  async #handle(happening: Happening): Promise<number | null> {
    switch (happening.type) {
      case 'bytes':
        await this.#hear(this.#splitter.push(happening.bytes));
        return null;
      case 'quiet':
        await this.#hear(this.#splitter.flush());
        return null;
      case 'gone':
        await this.#gone(happening.why);
        return null;
      case 'look':
        await this.#tell(await this.#port.look());
        return null;
      case 'signal':
        return happening.code;
      case 'key':
        return await this.#key(happening.action);
    }
  }

  async #hear(lines: ReturnType<LineSplitter['push']>): Promise<void> {
    const { around, interpreter } = this.#options;
    const lost = this.#inbox.takeLost();
    if (lost > 0) {
      await this.#tell([notice('W', `${lost} bytes were let go: the board says more than can be shown`)]);
    }
    for (const line of lines) await this.#tell(interpreter.push(line, around.now_ms()));
  }

  async #gone(why: string): Promise<void> {
    await this.#hear(this.#splitter.flush());
    this.#splitter = new LineSplitter();
    const reason = why === '' ? '' : ` (${why})`;
    const what = `${this.#port.path} vanished${reason}: the board was reset or unplugged`;
    if (!this.#options.reconnect) {
      throw new Failure(`${what}; plug it in and start again, without --no-reconnect to wait for it`, EXIT_LINK_LOST);
    }
    await this.#tell([notice('W', `${what}; waiting for it`)]);
    this.#port.vanished();
  }

  async #key(action: KeyAction): Promise<number | null> {
    const { around } = this.#options;
    switch (action) {
      case 'quit':
        return EXIT_OK;
      case 'interrupt':
        return EXIT_INTERRUPTED;
      case 'reset':
        await this.#reset();
        return null;
      case 'help':
        await this.#tell([notice('I', KEY_HELP)]);
        return null;
      case 'clear':
        if (around.stdout.isTTY === true) await writeAll(around.stdout, CLEAR);
        return null;
    }
  }

  async #reset(): Promise<void> {
    this.#options.interpreter.resetAsked();
    await this.#tell([await this.#port.reset()]);
  }

  async #tell(events: readonly MonitorEvent[]): Promise<void> {
    await this.#options.view.show(events);
  }
}

/**
 * @returns EXIT_OK after q, EXIT_INTERRUPTED after Ctrl-C
 * @throws Failure when the port does not open, or vanishes and is not to be waited for
 */
export async function runSession(options: SessionOptions): Promise<number> {
  return await new Session(options).run();
}
