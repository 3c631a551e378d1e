/** GCM's hash as NIST SP 800-38D writes it down, bit by bit (6.3 and 6.4). Slow, and independent of any library. */

/** x^128 + x^7 + x^2 + x + 1 with the bits in GCM's order. */
const R = 0xe1n << 120n;

function multiply(x: bigint, y: bigint): bigint {
  let z = 0n;
  let v = y;
  for (let bit = 127n; bit >= 0n; bit--) {
    if (((x >> bit) & 1n) === 1n) z ^= v;
    v = (v & 1n) === 1n ? (v >> 1n) ^ R : v >> 1n;
  }
  return z;
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex').padEnd(32, '0')}`);

/** Of what is authenticated only, then of the cipher text, each filled up to whole blocks, then of their lengths in bits. */
export function ghash(hashKey: Uint8Array, clear: Uint8Array, hidden: Uint8Array): Uint8Array {
  const h = toNumber(hashKey);
  let y = 0n;
  for (const part of [clear, hidden]) {
    for (let at = 0; at < part.length; at += 16) y = multiply(y ^ toNumber(part.subarray(at, at + 16)), h);
  }
  const lengths = (BigInt(clear.length * 8) << 64n) | BigInt(hidden.length * 8);
  y = multiply(y ^ lengths, h);
  return new Uint8Array(Buffer.from(y.toString(16).padStart(32, '0'), 'hex'));
}
