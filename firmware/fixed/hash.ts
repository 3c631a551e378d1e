/**
 * Integer hashes for tables, shards and checksums. None of them is a defence against somebody who searches for
 * collisions: where that matters the input holds a random word that he does not know.
 */

/** MurmurHash3's 32-bit finaliser (Appleby 2011): every input bit flips each output bit with probability 1/2. */
export function mix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * One step of a hash over a vector of words, begun with a secret salt: cheap, and unlike a bare multiplication it carries a
 * difference in the top bits on to the next step, so that no two vectors collide whatever the salt.
 */
export function fold(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
}

/** FNV-1a over UTF-16 code units, low byte first (Fowler, Noll, Vo): for names, when settings are read. */
export function hashText(text: string, seed: number): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    h = Math.imul(h ^ (unit >> 8), 0x01000193);
  }
  return h;
}

/** The CRC of each four bits: a table of 16 costs 64 bytes of flash and a sixth of the steps of going bit by bit. */
const CRC_OF_NIBBLE: readonly number[] = Object.freeze([
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
]);

/** CRC-32 (IEEE 802.3, reflected, as in zlib), four bits at a time. */
export function crc32(view: DataView, start: number, end: number): number {
  let crc = -1;
  for (let i = start; i < end; i++) {
    crc ^= view.getUint8(i);
    crc = (crc >>> 4) ^ CRC_OF_NIBBLE[crc & 15];
    crc = (crc >>> 4) ^ CRC_OF_NIBBLE[crc & 15];
  }
  return ~crc;
}

/** How many bits are set. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
