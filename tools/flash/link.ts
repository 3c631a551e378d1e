/** A connection that work can be done over: the loader reached, its stub running, the rate as high as the cable bears. */
import { ESPRESSIF_VID, USB_JTAG_SERIAL_PID } from 'esptool-js';
import { Failure } from '../cli/errors.ts';
import { grouped } from '../cli/numbers.ts';
import { EXIT_LINK_LOST } from '../serial/exit-codes.ts';
import { changeBaud, hostTakes } from './baud.ts';
import { type ConnectOptions, reach, type Reached } from './connect.ts';
import { EXIT_NO_CONNECTION } from './exit-codes.ts';
import { type ChipFacts, factsOf } from './facts.ts';
import { ROM_BAUD } from './loader.ts';
import { readSecurity, type Security } from './security.ts';
import { isLinkTrouble, linkReason } from './trouble.ts';
import { PortLost, type WebPort } from './web-port.ts';

export interface LinkOptions extends ConnectOptions {
  /** Whether the stub is to be loaded: it is faster, and it can read and erase. */
  stub: boolean;
}

export interface Link extends Reached {
  facts: ChipFacts;
  /** What both sides talk at. */
  baud: number;
}

/** Espressif's stub takes blocks of 16 KB, its ROM of 1 KB (esptool, FLASH_WRITE_SIZE). */
const STUB_BLOCK_BYTES = 0x4000;
/** How often a board that answers may fail to get ready before the link counts as hopeless. */
const STARTS_MAX = 3;

async function prepare(reached: Reached, stub: boolean): Promise<Security> {
  const { loader } = reached;
  const security = await readSecurity(loader);
  loader.secureDownloadMode = security.secureDownload;
  if (stub && !security.secureDownload) {
    await loader.chip.postConnect?.(loader);
    loader.FLASH_WRITE_SIZE = STUB_BLOCK_BYTES;
    await loader.runStub();
  }
  if (!loader.IS_STUB) loader.FLASH_WRITE_SIZE = loader.chip.FLASH_WRITE_SIZE;
  if (!loader.IS_STUB && !security.secureDownload) await loader.attachFlashByRom();
  // The library would send a block again whose answer is missing, and the stub would take it for the next one.
  loader.WRITE_BLOCK_ATTEMPTS = 1;
  loader.FLASH_READ_TIMEOUT = loader.DEFAULT_TIMEOUT;
  return security;
}

/**
 * @param rates to try, the wanted one first
 * @throws Failure as `reach` does
 */
export async function openLink(options: LinkOptions, rates: readonly number[]): Promise<Link> {
  let from = 0;
  let failed = '';
  for (let starts = 1; ;) {
    const reached = await reach(options);
    try {
      const { tried, ...raised } = await raise(reached, options, rates, from, failed);
      if (raised.works) {
        const facts = await factsOf(reached.loader, raised.security);
        return { ...reached, facts, baud: raised.baud };
      }
      from = tried + 1;
      failed = `nothing answers at ${grouped(raised.baud)} baud over this cable`;
    } catch (error) {
      if (!isLinkTrouble(error) || starts === STARTS_MAX) {
        await reached.port.close();
        throw explain(error, reached);
      }
      starts++;
    }
    await reached.port.close();
  }
}

/** What is not an error for people yet. */
function explain(error: unknown, { port }: Reached): unknown {
  if (isLinkTrouble(error)) return unsteady(port.path, error as Error);
  if (!(error instanceof PortLost)) return error;
  const line = `${port.path} went away while the board got ready (${error.message}); plug it in again, and try again`;
  return new Failure(line, EXIT_LINK_LOST);
}

function unsteady(path: string, error: Error): Failure {
  return new Failure(
    `the board at ${path} answers, but the link loses bytes (${linkReason(error)}); try another cable, a port of the ` +
      `computer itself instead of a hub, and --trace FILE for a report`,
    EXIT_NO_CONNECTION,
  );
}

interface Raised {
  security: Security;
  baud: number;
  /** Which of the rates it is. */
  tried: number;
  /** Whether the chip answers at it. */
  works: boolean;
}

/** Gets a board that was reached ready for work, and both sides to the first rate that the driver takes. */
async function raise(
  reached: Reached,
  { stub, patience, found, onWarning }: LinkOptions,
  rates: readonly number[],
  from: number,
  failed: string,
): Promise<Raised> {
  const security = await prepare(reached, stub);
  const isNative = found?.adapter?.native === true;
  if (isNative || security.secureDownload) return { security, baud: ROM_BAUD, tried: from, works: true };
  let i = from;
  while (i < rates.length - 1 && rates[i] !== ROM_BAUD && !(await hostTakes(reached, rates[i]))) {
    onWarning(`this port's driver refuses ${grouped(rates[i])} baud; trying ${grouped(rates[i + 1])}`);
    i++;
  }
  const rate = rates.at(i) ?? ROM_BAUD;
  if (failed !== '') onWarning(`${failed}; going on at ${grouped(rate)}`);
  const works = rate === ROM_BAUD || (await changeBaud(reached, rate, patience));
  return { security, baud: rate, tried: i, works };
}

function isGone({ lost }: WebPort): boolean {
  return lost instanceof PortLost;
}

/** Starts the application, if the port is still there to do it. */
export async function restart({ loader, port }: Reached): Promise<void> {
  if (isGone(port)) return;
  port.lost = undefined;
  const { usbVendorId, usbProductId } = port.getInfo();
  const isOtg = usbVendorId === ESPRESSIF_VID && usbProductId !== USB_JTAG_SERIAL_PID;
  try {
    await loader.after('hard_reset', isOtg);
  } catch (error) {
    // A chip's own port goes away with the reset: that is what was wanted, and the library hides why it failed.
    if (!isGone(port)) throw error;
  }
}
