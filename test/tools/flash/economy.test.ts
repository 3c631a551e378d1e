/** What goes over the wire, and how busy it is, at 921,600 baud in the model. `npm run bench:flash` has all chips. */
import { expect, test } from 'vitest';
import type { ChipName } from '../../rom/chips.ts';
import { bytesOf, measure } from './measure.ts';

test.each(['esp32c6'] satisfies ChipName[])('%s', async (chip) => {
  const { image_bytes, first, esptool, again, oneByte } = await measure(chip, 1_200_000);
  expect(bytesOf(first)).toBeLessThanOrEqual(bytesOf(esptool));
  expect(first.round_trips).toBeLessThanOrEqual(esptool.round_trips);
  expect(first.busy).toBeGreaterThanOrEqual(0.9);
  expect(first.busyWriting).toBeGreaterThanOrEqual(0.95);
  expect(bytesOf(again)).toBeLessThan(0.1 * bytesOf(first));
  // One block, packed, and the stub.
  expect(oneByte.toDevice_bytes).toBeLessThan(0.75 * 0x10000 + again.toDevice_bytes);
  expect(image_bytes).toBeGreaterThan(1_200_000);
});
