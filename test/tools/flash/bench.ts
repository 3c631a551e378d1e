/** `npm run bench:flash`: bytes on the wire, round trips and how busy the link is, against the image's size. */
import process from 'node:process';
import { grouped } from '../../../tools/cli/numbers.ts';
import { textTable } from '../../../tools/cli/table.ts';
import type { ChipName } from '../../rom/chips.ts';
import { BAUD, bytesOf, type Cost, measure, type Measured } from './measure.ts';

const SIZE_BYTES = 1_200_000;
const CHIPS: ChipName[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];
const BUSY_MIN = 0.9;
const AGAIN_MAX = 0.1;

function row(chip: string, what: string, cost: Cost, image_bytes: number): string[] {
  return [
    chip,
    what,
    grouped(bytesOf(cost)),
    `${((100 * bytesOf(cost)) / image_bytes).toFixed(1)} %`,
    grouped(cost.round_trips),
    `${(100 * cost.busy).toFixed(1)} %`,
    cost.busyWriting === 0 ? '' : `${(100 * cost.busyWriting).toFixed(1)} %`,
    `${cost.model_s.toFixed(2)} s`,
  ];
}

function missed(chip: string, { first, esptool, again }: Measured): string[] {
  const lines: string[] = [];
  if (bytesOf(first) > bytesOf(esptool)) lines.push(`${chip}: more bytes on the wire than esptool-js`);
  if (first.busy < BUSY_MIN) lines.push(`${chip}: the link is busy less than ${100 * BUSY_MIN} % of the time`);
  if (bytesOf(again) >= AGAIN_MAX * bytesOf(first))
    lines.push(`${chip}: a second flash takes a tenth of the bytes or more`);
  return lines;
}

const rows: string[][] = [];
const faults: string[] = [];
let image_bytes = 0;
for (const chip of CHIPS) {
  const measured = await measure(chip, SIZE_BYTES);
  image_bytes = measured.image_bytes;
  rows.push(row(chip, 'first flash', measured.first, image_bytes));
  rows.push(row('', 'esptool-js', measured.esptool, image_bytes));
  rows.push(row('', 'again', measured.again, image_bytes));
  rows.push(row('', 'one byte changed', measured.oneByte, image_bytes));
  faults.push(...missed(chip, measured));
}
const columns = ['chip', 'flash', 'bytes on the wire', 'of the image', 'round trips', 'busy', 'busy writing', 'time'];
process.stdout.write(
  `An image of ${grouped(image_bytes)} bytes at ${grouped(BAUD)} baud, with the stub, in the model's time.\n\n` +
    `${textTable({ columns, rows })}\n` +
    'busy: at least one line carries bits, from the reset to the last answer, with the stub at 115,200 baud and with what the\n' +
    'chip does alone: it erases, and computes its MD5 of what was written. busy writing: from the first byte of each region\n' +
    'to its last.\n' +
    'esptool-js: its main() and writeFlash() with compression and MD5, unmodified, on the same model.\n',
);
for (const fault of faults) process.stderr.write(`bench:flash: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
