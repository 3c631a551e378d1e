/** Reads a vector: lines of `address: bytes`, in hexadecimal, `ff*19` for 19 times the same; what no line says is erased. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

function bytesOf(word: string): number[] {
  const [byte, count = '1'] = word.split('*');
  return Array.from({ length: Number(count) }, () => Number.parseInt(byte, 16));
}

export function loadNvsVector(name: string): Uint8Array {
  let image = new Uint8Array();
  for (const line of readFileSync(join(FOLDER, `${name}.hex`), 'utf8').split('\n')) {
    const [code] = line.split('#');
    const [head, rest = ''] = code.split(':');
    if (head.trim() === '') continue;
    if (head === 'size') image = new Uint8Array(Number.parseInt(rest, 16)).fill(0xff);
    else image.set(rest.trim().split(/\s+/).flatMap(bytesOf), Number.parseInt(head, 16));
  }
  return image;
}
