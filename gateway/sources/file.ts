/** Files that are read again and again: sysfs, a 1-Wire thermometer, or whatever another program keeps up to date. */
import { join } from 'node:path';
import { errorCode, systemReason } from '../../tools/cli/errors.ts';
import { readText } from '../../host-sim/node-platform/sensors/read-text.ts';
import type { Driver, Sink } from './driver.ts';
import { poll } from './poll.ts';

/** A reading is a number or a small JSON text, not a book. */
const READ_MAX_BYTES = 4096;

async function readTo(path: string, sink: Sink, take: (text: string) => void): Promise<void> {
  let text: string;
  try {
    text = await readText(path, READ_MAX_BYTES);
  } catch (error) {
    const why = `${path} cannot be read: ${systemReason(error)}`;
    if (errorCode(error) === 'ENOENT') sink.lost(why);
    else sink.fault(why);
    return;
  }
  take(text);
}

export function fileDriver(path: string, every_s: number, sink: Sink): Driver {
  return poll(every_s, () => readTo(path, sink, (text) => sink.text(text)));
}

/** What a DS18B20 says before it has measured for the first time (its data sheet, "power-on reset value"). */
const POWER_ON = '85000';

/** The kernel's two lines (w1_therm): the bytes with their checksum's verdict, and `t=` in thousandths of a degree. */
export function oneWireText(text: string): { celsius: string } | { why: string } {
  if (text.trim() === '') return { why: 'the thermometer does not answer' };
  if (!/\bYES\s*$/m.test(text)) return { why: 'the checksum is wrong; look at the cable and its pull-up' };
  const milli = /\bt=(-?\d+)/.exec(text)?.[1];
  if (milli === undefined) return { why: 'no temperature in what it says' };
  if (milli === POWER_ON) return { why: '85 °C is what it says before it has measured' };
  return { celsius: String(Number(milli) / 1000) };
}

export function oneWireDriver(folder: string, device: string, every_s: number, sink: Sink): Driver {
  const path = join(folder, device, 'w1_slave');
  return poll(every_s, () =>
    readTo(path, sink, (text) => {
      const found = oneWireText(text);
      if ('celsius' in found) sink.text(found.celsius);
      else sink.fault(found.why);
    }),
  );
}
