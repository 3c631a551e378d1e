/** Writes what differs, compressed, and verifies each region by the device's own MD5 of it. */
import { grouped } from '../cli/numbers.ts';
import { compress, type Stream } from './compress.ts';
import { throwIfInterrupted } from './connect.ts';
import type { Device } from './device.ts';
import { type Emit, told } from './events.ts';
import type { BoardLoader } from './loader.ts';
import { md5Of, md5OfFlash } from './md5.ts';
import { BLOCK_BYTES, padded, planRegion, type Region, type RegionPlan, runBytes } from './plan.ts';
import { Pace } from './pace.ts';
import { VerifyMismatch } from './trouble.ts';

export interface WriteReport {
  /** Of the image, and of it what was there already. */
  image_bytes: number;
  skipped_bytes: number;
  /** As they are in the flash, and as they went over the line. */
  written_bytes: number;
  packed_bytes: number;
}

export interface WriteOptions {
  device: Device;
  emit: Emit;
  now_ms: () => number;
  signal: AbortSignal;
}

async function compare(regions: readonly Region[], device: Device): Promise<RegionPlan[]> {
  const plans: RegionPlan[] = [];
  for (const region of regions) plans.push(await planRegion(region, (at, length) => device.md5(at, length)));
  return plans;
}

function compareText(plans: readonly RegionPlan[]): string {
  const changed = plans.filter((plan) => plan.changed > 0);
  if (changed.length === 0) return 'all of it is on the board already, nothing to write';
  const parts = changed.map(({ region, changed: some, blocks }) => `${region.name} ${some} of ${blocks} blocks`);
  return `to write: ${parts.join(', ')}`;
}

/**
 * What the loader says of a block that it has thrown away: the ROM's 0x05 and 0x07, the stub's 0xc0 and 0xc1 (wrong
 * length, wrong checksum), as the library writes the status of an answer. Such a block may be sent again.
 */
const NOT_TAKEN = /status \d+,(5|7|192|193)$/;
const BLOCK_TRIES = 3;

async function sendBlock(loader: BoardLoader, data: Uint8Array, seq: number, timeout_ms: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await loader.flashDeflBlock(data, seq, timeout_ms);
      return;
    } catch (error) {
      const again = error instanceof Error && NOT_TAKEN.test(error.message) && tries < BLOCK_TRIES;
      if (!again) throw error;
    }
  }
}

async function writeRun(
  loader: BoardLoader,
  address: number,
  data: Uint8Array,
  { signal, onBlock }: { signal: AbortSignal; onBlock: (unpacked_bytes: number) => void },
): Promise<Stream> {
  // The ROM erases at the begin and writes before it answers: there is nothing to hide behind the wire.
  const forStub = loader.IS_STUB ? { address, baud: loader.transport.baudrate } : undefined;
  const stream = compress(data, loader.FLASH_WRITE_SIZE, forStub);
  await loader.flashDeflBegin(data.length, stream.packed_bytes, address);
  let before_bytes = 0;
  let last_bytes = 0;
  for (const [seq, block] of stream.blocks.entries()) {
    throwIfInterrupted(signal);
    const bytes = block.unpacked_bytes - before_bytes;
    // The stub answers before it writes, so a block waits for the one before it; the ROM writes first.
    const timeout_ms = loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, Math.max(bytes, last_bytes));
    await sendBlock(loader, block.data, seq, timeout_ms);
    before_bytes = block.unpacked_bytes;
    last_bytes = bytes;
    onBlock(block.unpacked_bytes);
  }
  // An answer comes when the last block is in the flash; what is small is there before the MD5 loses its patience.
  if (loader.IS_STUB && data.length >= BLOCK_BYTES)
    await loader.readReg(
      loader.CHIP_DETECT_MAGIC_REG_ADDR,
      loader.timeoutPerMb(loader.ERASE_WRITE_TIMEOUT_PER_MB, last_bytes),
    );
  return stream;
}

async function verify(loader: BoardLoader, { name, address, data }: Region): Promise<void> {
  const whole = padded(data);
  if ((await md5OfFlash(loader, address, whole.length)) !== md5Of(whole))
    throw new VerifyMismatch(`${name} in the flash is not what was sent`);
}

async function writeRegion(
  plan: RegionPlan,
  options: WriteOptions,
  pace: Pace,
): Promise<{ packed_bytes: number; written_bytes: number }> {
  const { device, signal } = options;
  const { region } = plan;
  const sum = { packed_bytes: 0, written_bytes: 0 };
  let runs: RegionPlan['runs'] | undefined = plan.runs;
  await device.over(`writing ${region.name}`, async (loader) => {
    // After a link that failed nobody knows what arrived: the blocks are compared again.
    runs ??= (await planRegion(region, (at, length) => md5OfFlash(loader, at, length))).runs;
    const now = runs;
    runs = undefined;
    pace.restart(now.reduce((bytes, { data }) => bytes + data.length, 0));
    for (const { address, data } of now) {
      const onBlock = (bytes: number): void => {
        if (bytes >= BLOCK_BYTES) device.gotAhead();
        pace.at(bytes);
      };
      const { packed_bytes } = await writeRun(loader, address, data, { signal, onBlock });
      sum.packed_bytes += packed_bytes;
      sum.written_bytes += data.length;
      pace.next(data.length);
    }
    await verify(loader, region);
  });
  return sum;
}

/**
 * Writes the regions in the order in which they come, and of each what differs.
 *
 * @throws Failure with EXIT_LINK_LOST, EXIT_VERIFY_FAILED, EXIT_INTERRUPTED
 */
export async function writeRegions(regions: readonly Region[], options: WriteOptions): Promise<WriteReport> {
  const { device, emit, now_ms } = options;
  const plans = await told(emit, 'compare', async () => await compare(regions, device), compareText);
  const image_bytes = regions.reduce((sum, { data }) => sum + data.length, 0);
  const changed = plans.filter((plan) => plan.changed > 0);
  const to_write = changed.reduce((sum, plan) => sum + runBytes(plan), 0);
  const report = { image_bytes, skipped_bytes: Math.max(0, image_bytes - to_write), written_bytes: 0, packed_bytes: 0 };
  for (const { region, changed: blocks } of plans) {
    if (blocks === 0) emit({ type: 'step:skipped', step: `write ${region.name}`, why: 'it is there already' });
  }
  const pace = new Pace(to_write, emit, now_ms);
  for (const plan of changed) {
    const step = `write ${plan.region.name}`;
    pace.begin(step, runBytes(plan));
    const part = await told(
      emit,
      step,
      async () => await writeRegion(plan, options, pace),
      ({ written_bytes, packed_bytes }) =>
        `${grouped(written_bytes)} bytes at 0x${plan.region.address.toString(16)}, ${grouped(packed_bytes)} compressed, ` +
        `${pace.text()}, verified`,
    );
    pace.finish();
    report.written_bytes += part.written_bytes;
    report.packed_bytes += part.packed_bytes;
  }
  return report;
}

/** Which regions differ from what the flash holds. */
export async function findDifferences(regions: readonly Region[], device: Device): Promise<RegionPlan[]> {
  return (await compare(regions, device)).filter(({ changed }) => changed > 0);
}
