/**
 * A board at a port, for work that reads and writes its flash. When the link turns out bad the board is reset, reached
 * again at half the rate, and the piece of work that failed is done again: each piece is one that may be.
 */
import { Failure } from '../cli/errors.ts';
import { EXIT_INTERRUPTED } from '../cli/exit-codes.ts';
import { grouped } from '../cli/numbers.ts';
import { EXIT_LINK_LOST } from '../serial/exit-codes.ts';
import { ladder } from './baud.ts';
import { interrupted, throwIfInterrupted } from './connect.ts';
import type { Emit } from './events.ts';
import { EXIT_VERIFY_FAILED } from './exit-codes.ts';
import type { ChipFacts } from './facts.ts';
import { erase, eraseAll, READ_BYTES, readPiece } from './flash-access.ts';
import { type Link, type LinkOptions, openLink } from './link.ts';
import type { BoardLoader } from './loader.ts';
import { md5OfFlash } from './md5.ts';
import { isLinkTrouble, linkReason, VerifyMismatch } from './trouble.ts';
import { PortLost } from './web-port.ts';

export interface DeviceOptions extends Omit<LinkOptions, 'onWarning'> {
  baud: number;
  emit: Emit;
  now_ms: () => number;
}

/**
 * The ROM's "flash write error", the stub's ESP_FAILED_SPI_OP and ESP_FAILED_SPI_UNLOCK, as the library writes the status
 * of an answer: no rate heals them.
 */
const FLASH_REFUSES = /status \d+,(8|196|197)$/;
/** At the lowest rate a connection is made anew so often. */
const SAME_RATE_TRIES = 1;
/** However far each of them gets. */
const RECONNECTS_MAX = 30;

export class Device {
  private link: Link;
  /** Since the link last got further; what differs although it was sent is not further. */
  private sameRateTries = 0;
  private mismatches = 0;
  private reconnects = 0;
  private readonly options: DeviceOptions;

  private constructor(options: DeviceOptions, link: Link) {
    this.options = options;
    this.link = link;
  }

  /** @throws Failure as `openLink` does */
  static async open(options: DeviceOptions): Promise<Device> {
    const onWarning = (text: string): void => options.emit({ type: 'warning', text });
    return new Device(options, await openLink({ ...options, onWarning }, ladder(options.baud)));
  }

  get facts(): ChipFacts {
    return this.link.facts;
  }

  get path(): string {
    return this.link.port.path;
  }

  get baud(): number {
    return this.link.baud;
  }

  get reached(): Link {
    return this.link;
  }

  /**
   * Does a piece of work that may be done again, over a link that may get slower on the way.
   *
   * @param doing for the error's message: `writing application`
   * @throws Failure with EXIT_LINK_LOST, EXIT_VERIFY_FAILED or EXIT_INTERRUPTED
   */
  async over<Result>(doing: string, work: (loader: BoardLoader) => Promise<Result>): Promise<Result> {
    const { signal } = this.options;
    for (;;) {
      throwIfInterrupted(signal);
      const { port } = this.link;
      const stop = (): void => port.end(interrupted());
      signal.addEventListener('abort', stop);
      try {
        return await work(this.link.loader);
      } catch (error) {
        if (signal.aborted) throw interruptedWhile(doing);
        if (port.lost instanceof PortLost) throw this.lost(doing, 'the port went away');
        if (!isLinkTrouble(error)) throw error;
        if (error instanceof Error && FLASH_REFUSES.test(error.message)) throw this.refused(doing, error.message);
        await this.goSlower(doing, error as Error);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    }
  }

  async md5(address: number, length: number): Promise<string> {
    return await this.over('comparing', async (loader) => await md5OfFlash(loader, address, length));
  }

  /** A link that loses a byte now and then still gets there, as long as each try gets further. */
  gotAhead(): void {
    this.sameRateTries = 0;
  }

  /** @param onProgress is given the bytes so far */
  async readRegion(address: number, length: number, onProgress?: (bytes: number) => void): Promise<Uint8Array> {
    const data = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const piece = Math.min(READ_BYTES, length - at);
      const start = at;
      data.set(await this.over('reading', async (loader) => await readPiece(loader, address + start, piece)), at);
      at += piece;
      onProgress?.(at);
    }
    return data;
  }

  async eraseAll(): Promise<void> {
    const { flash_bytes } = this.facts;
    await this.over('erasing', async (loader) => await eraseAll(loader, flash_bytes));
  }

  /** Both in bytes, and multiples of 4,096. */
  async eraseRegion(address: number, length: number): Promise<void> {
    await this.over('erasing', async (loader) => await erase(loader, address, length));
  }

  private refused(doing: string, why: string): Failure {
    return new Failure(
      `the flash of the board does not take what is sent while ${doing} (${why}): it is write-protected, worn out, or its ` +
        `supply is too weak; the board does not hold the image`,
      EXIT_VERIFY_FAILED,
    );
  }

  private lost(doing: string, why: string): Failure {
    return new Failure(
      `the link to ${this.path} was lost while ${doing}: ${why}. Plug the board in again and run the same command: ` +
        `it goes on where it stopped`,
      EXIT_LINK_LOST,
    );
  }

  private async goSlower(doing: string, error: Error): Promise<void> {
    const { emit } = this.options;
    const { baud, port } = this.link;
    const lower = ladder(baud).slice(1);
    this.reconnects++;
    const isSlowest = lower.length === 0;
    const tries = !isSlowest ? 0 : error instanceof VerifyMismatch ? this.mismatches++ : this.sameRateTries++;
    if (tries >= SAME_RATE_TRIES || this.reconnects > RECONNECTS_MAX) {
      if (error instanceof VerifyMismatch) {
        const line = `${error.message}, not even at ${grouped(baud)} baud: the cable, the supply or the flash is bad`;
        throw new Failure(`${line}. Try another cable and run this again`, EXIT_VERIFY_FAILED);
      }
      throw this.lost(doing, `${linkReason(error)} at ${grouped(baud)} baud, twice`);
    }
    const rates = isSlowest ? [baud] : lower;
    const why =
      error instanceof VerifyMismatch ? error.message : `the link loses bytes while ${doing}: ${linkReason(error)}`;
    emit({ type: 'warning', text: `${why} (${grouped(baud)} baud): once more at ${grouped(rates[0])}` });
    await port.close();
    const { mac } = this.facts;
    try {
      const onWarning = (text: string): void => emit({ type: 'warning', text });
      this.link = await openLink({ ...this.options, onWarning }, rates);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      throw this.options.signal.aborted ? failure : this.lost(doing, `the board does not answer any more`);
    }
    if (this.facts.mac !== mac) throw this.lost(doing, `another board answers (${this.facts.mac} instead of ${mac})`);
  }
}

function interruptedWhile(doing: string): Failure {
  const next = 'run the same command again, and it goes on where it stopped';
  return new Failure(`interrupted while ${doing}: ${next}`, EXIT_INTERRUPTED);
}
