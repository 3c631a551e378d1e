/** The work on one board: what each verb does once the board is reached. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure, UsageError, writeReason } from '../cli/errors.ts';
import { duration, grouped } from '../cli/numbers.ts';
import type { PortChoice } from '../serial/choose.ts';
import { checkBoard } from './checks.ts';
import { type Emit, told } from './events.ts';
import { EXIT_VERIFY_FAILED } from './exit-codes.ts';
import { type FlashImage, hex } from './image.ts';
import { type BoardInfo, readInfo } from './info.ts';
import type { Job } from './job.ts';
import { findPlace, looksLikeNumber } from './place.ts';
import { SECTOR_BYTES } from './plan.ts';
import type { BoardAtWork } from './session.ts';
import { securityText } from './security.ts';
import { findDifferences, type WriteReport } from './write.ts';

/** What came of the work on a board. */
export interface Outcome {
  /** For the last line. */
  text: string;
  report?: WriteReport;
  info?: BoardInfo;
  /** What goes to stdout as it is: `read` into `-`. */
  data?: Uint8Array;
}

export interface WorkOptions {
  job: Job;
  choice: PortChoice;
  cwd: string;
  emit: Emit;
  now_ms: () => number;
}

function imageOf({ image }: Job): FlashImage {
  if (image === undefined) throw new Error('a verb that needs an image was given none');
  return image;
}

function tellOverrides(warnings: readonly string[], emit: Emit): void {
  for (const text of warnings) emit({ type: 'warning', text });
}

/** A clone may have another bridge, so this is no reason to stop; but it may be another board altogether. */
function tellOtherUsb({ job, choice, emit }: WorkOptions): void {
  const { board } = job;
  const { vendorId = '', productId = '', adapter } = choice.found ?? {};
  if (board === undefined || vendorId === '' || board.board.usb.ids.includes(`${vendorId}:${productId}`)) return;
  const { chip, ids } = board.board.usb;
  const text = `${choice.path} is a ${adapter?.name ?? 'USB port'} (${vendorId}:${productId}), and ${board.id} has a ${chip} (${ids.join(', ')}): is it that board?`;
  emit({ type: 'warning', text });
}

async function eraseAll(board: BoardAtWork, emit: Emit): Promise<void> {
  await told(
    emit,
    `erase all ${board.facts.flash_bytes / 0x100000} MB, which may take two minutes`,
    async () => await board.eraseAll(),
  );
}

async function write(board: BoardAtWork, options: WorkOptions): Promise<Outcome> {
  const { job, emit, now_ms } = options;
  const image = imageOf(job);
  const { chip, force, erase } = job.options;
  tellOtherUsb(options);
  tellOverrides(checkBoard({ image, board: job.board, chip, force }, board.facts, 'write'), emit);
  const start_ms = now_ms();
  if (erase) await eraseAll(board, emit);
  const report = await board.writeRegions(image.regions);
  const { image_bytes, written_bytes, packed_bytes } = report;
  const took = duration(now_ms() - start_ms);
  const text =
    written_bytes === 0
      ? `nothing to write: all ${grouped(image_bytes)} bytes are on the board already, verified in ${took}`
      : `wrote ${grouped(written_bytes)} of ${grouped(image_bytes)} bytes (${grouped(packed_bytes)} over the line) in ${took}, verified`;
  return { text, report };
}

async function verify(board: BoardAtWork, { job }: WorkOptions): Promise<Outcome> {
  const image = imageOf(job);
  const { chip } = job.options;
  checkBoard({ image, board: job.board, chip, force: true }, board.facts, 'write');
  const different = await findDifferences(image.regions, board.device);
  const whole = grouped(image.regions.reduce((sum, { data }) => sum + data.length, 0));
  if (different.length === 0) return { text: `all ${whole} bytes are on the board` };
  const parts = different.map(({ region, changed, blocks, runs }) => {
    const at = runs.length === 0 ? '' : `, the first at ${hex(runs[0].address)}`;
    return `${region.name} in ${changed} of ${blocks} blocks${at}`;
  });
  throw new Failure(
    `the board differs from the image: ${parts.join('; ')}. \`npm run flash\` writes what differs`,
    EXIT_VERIFY_FAILED,
  );
}

async function read(board: BoardAtWork, { job, cwd, emit }: WorkOptions): Promise<Outcome> {
  const { rest } = job.options;
  if (board.facts.security.secureDownload) {
    throw new Failure('the chip is in secure download mode: it lets nothing be read', EXIT_VERIFY_FAILED);
  }
  const place = await findPlace(board, rest);
  const to = (looksLikeNumber(rest[0]) ? rest.at(2) : rest.at(1)) ?? `${place.name}.bin`;
  const step = `read ${place.name}`;
  const total = place.length;
  const data = await told(emit, step, async () => {
    return await board.readRegion(place.address, place.length, (done) => {
      const rest_of = { all_done_bytes: done, all_total_bytes: total, bytes_per_s: 0, left_s: -1 };
      emit({ type: 'progress', step, done_bytes: done, total_bytes: total, ...rest_of });
    });
  });
  const text = `${grouped(data.length)} bytes from ${hex(place.address)} into ${to === '-' ? 'stdout' : to}`;
  if (board.facts.security.flashEncryption)
    emit({ type: 'warning', text: 'flash encryption is on: what was read is encrypted' });
  if (to === '-') return { text, data };
  const path = resolve(cwd, to);
  try {
    writeFileSync(path, data);
  } catch (error) {
    throw new Failure(`${path} cannot be written: ${writeReason(error)}`);
  }
  return { text };
}

async function erase(board: BoardAtWork, { job, emit }: WorkOptions): Promise<Outcome> {
  const { rest, chip, force } = job.options;
  tellOverrides(checkBoard({ image: undefined, board: job.board, chip, force }, board.facts, 'erase'), emit);
  if (rest.length === 0) {
    await eraseAll(board, emit);
    return { text: 'the flash is empty' };
  }
  const { name, address, length } = await findPlace(board, rest);
  if (address % SECTOR_BYTES !== 0 || length % SECTOR_BYTES !== 0) {
    throw new UsageError(
      `flash is erased in sectors of ${hex(SECTOR_BYTES)}: address and length must be multiples of it`,
    );
  }
  await told(emit, `erase ${name}`, async () => await board.eraseRegion(address, length));
  return { text: `erased ${grouped(length)} bytes at ${hex(address)}` };
}

async function info(board: BoardAtWork): Promise<Outcome> {
  return { text: '', info: await readInfo(board) };
}

/** `ESP32-C3, 4 MB, 24:0a:c4:01:02:03, 921,600 baud`; a chip's own USB port has no rate. */
export function boardText({ facts, device }: BoardAtWork, { found }: PortChoice): string {
  const secured = securityText(facts.security);
  const words = [
    facts.family,
    facts.flash_bytes === 0 ? '' : `${facts.flash_bytes / 0x100000} MB`,
    facts.mac,
    found?.adapter?.native === true ? 'USB' : `${grouped(device.baud)} baud`,
    secured,
  ];
  return words.filter((word) => word !== '').join(', ');
}

/** @throws Failure and UsageError; the board is started again in any case */
export async function workOn(board: BoardAtWork, options: WorkOptions): Promise<Outcome> {
  switch (options.job.options.verb) {
    case 'write':
      return await write(board, options);
    case 'verify':
      return await verify(board, options);
    case 'read':
      return await read(board, options);
    case 'erase':
      return await erase(board, options);
    case 'info':
      return await info(board);
    case 'merge':
      throw new Error('merge needs no board');
  }
}
