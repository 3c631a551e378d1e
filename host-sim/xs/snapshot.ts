/** Reads the sizes in a heap snapshot of XS: atoms of a length, four letters and contents, inside one that holds them all. */
import { readFileSync } from 'node:fs';

const HEAD_BYTES = 8;
const CHUNKS = 'BLOC';

/** Bytes of all chunks alive when the snapshot was written, with their heads. XS collects its garbage before it writes. */
export function chunkBytes(path: string): number {
  const bytes = readFileSync(path);
  let sum = 0;
  for (let at = HEAD_BYTES; at + HEAD_BYTES <= bytes.length; at += bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + HEAD_BYTES) === CHUNKS) sum += bytes.readUInt32BE(at) - HEAD_BYTES;
  }
  if (sum === 0) throw new Error(`${path} is no heap snapshot of XS: it has no ${CHUNKS}`);
  return sum;
}
