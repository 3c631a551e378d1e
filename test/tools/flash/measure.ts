/** Flashes a model board with this tool and with esptool-js, and counts what goes over the wire. */
import { createHash } from 'node:crypto';
import { thisSerialMachine } from '../../../tools/serial/machine.ts';
import { withDevice } from '../../../tools/flash/session.ts';
import { romBinding } from '../../rom/binding.ts';
import { Board } from '../../rom/board.ts';
import type { ChipName } from '../../rom/chips.ts';
import { esptool } from '../../rom/client.ts';
import { firmware } from '../../rom/firmware.ts';

export const BAUD = 921_600;

export interface Cost {
  toDevice_bytes: number;
  fromDevice_bytes: number;
  round_trips: number;
  /** Share of the model's time in which at least one line carried bits, from the reset to the end. */
  busy: number;
  /** The same from the first byte of the image to the last, without connecting, comparing and verifying. */
  busyWriting: number;
  model_s: number;
}

export const bytesOf = ({ toDevice_bytes, fromDevice_bytes }: Cost): number => toDevice_bytes + fromDevice_bytes;

export interface Piece {
  name: string;
  address: number;
  data: Uint8Array;
}

/** An application first, as this tool orders them. */
export function pieces(chip: ChipName, size_bytes: number): Piece[] {
  const names = ['boot loader', 'partition table', 'application'];
  const regions = firmware(chip, { size_bytes }).regions;
  return regions.map(({ address, data }, i) => ({ name: names[i], address, data: new Uint8Array(data) })).reverse();
}

function cost(board: Board, writing: { busy_us: number; elapsed_us: number }): Cost {
  const { toDevice_bytes, fromDevice_bytes, round_trips, busy_us, elapsed_us } = board.wire;
  return {
    toDevice_bytes,
    fromDevice_bytes,
    round_trips,
    busy: busy_us / elapsed_us,
    busyWriting: writing.elapsed_us === 0 ? 0 : writing.busy_us / writing.elapsed_us,
    model_s: elapsed_us / 1e6,
  };
}

/** What one flash with this tool costs; the board may hold something already. */
export async function measureOurs(board: Board, image: readonly Piece[]): Promise<Cost> {
  board.wire.reset();
  const writing = { busy_us: 0, elapsed_us: 0 };
  let begun: { busy_us: number; elapsed_us: number } | undefined;
  const now = (): { busy_us: number; elapsed_us: number } => ({
    busy_us: board.wire.busy_us,
    elapsed_us: board.wire.elapsed_us,
  });
  await withDevice(
    {
      binding: romBinding([board]),
      machine: thisSerialMachine(),
      path: board.path,
      baud: BAUD,
      patience: 0.05,
      // Every block counts, however fast the model takes them.
      now_ms: () => board.wire.elapsed_us / 1000,
      emit: (event) => {
        if (event.type === 'step:start' && event.step.startsWith('write')) begun = now();
        if (event.type !== 'progress' || begun === undefined || event.done_bytes < event.total_bytes) return;
        const ended = now();
        writing.busy_us += ended.busy_us - begun.busy_us;
        writing.elapsed_us += ended.elapsed_us - begun.elapsed_us;
        begun = undefined;
      },
    },
    async (work) => await work.writeRegions(image),
  );
  return cost(board, writing);
}

/** The same with esptool-js as it comes: its `main`, then its `writeFlash` with compression and MD5. */
export async function measureEsptool(board: Board, image: readonly Piece[]): Promise<Cost> {
  board.wire.reset();
  const { loader } = esptool({ binding: romBinding([board]), path: board.path, baud: BAUD });
  await loader.main();
  await loader.writeFlash({
    fileArray: image.map(({ address, data }) => ({ address, data })),
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (data: Uint8Array) => createHash('md5').update(data).digest('hex'),
  });
  const spent = cost(board, { busy_us: 0, elapsed_us: 0 });
  await loader.transport.disconnect();
  return spent;
}

export interface Measured {
  image_bytes: number;
  first: Cost;
  esptool: Cost;
  again: Cost;
  oneByte: Cost;
}

export async function measure(chip: ChipName, size_bytes: number): Promise<Measured> {
  const image = pieces(chip, size_bytes);
  const board = new Board({ chip });
  const first = await measureOurs(board, image);
  const again = await measureOurs(board, image);
  image[0].data[Math.floor(size_bytes / 2)] ^= 1;
  const oneByte = await measureOurs(board, image);
  const esptoolCost = await measureEsptool(new Board({ chip }), pieces(chip, size_bytes));
  const image_bytes = image.reduce((sum, { data }) => sum + data.length, 0);
  return { image_bytes, first, esptool: esptoolCost, again, oneByte };
}
