/** CRC-32 (IEEE 802.3, reflected 0xedb88320): Node.js has it in zlib from version 22 on only. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = (word >>> 1) ^ (word & 1 ? 0xedb88320 : 0);
  return word;
});

/** @param before CRC-32 of what comes before these bytes */
export function crc32(bytes: Uint8Array, before = 0): number {
  let word = ~before;
  for (const byte of bytes) word = (word >>> 8) ^ TABLE[(word ^ byte) & 0xff];
  return ~word >>> 0;
}
