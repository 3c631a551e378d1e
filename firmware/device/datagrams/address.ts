/** IPv4 addresses as text, and the places that datagrams go to. */

const DOT = 46;
const DIGIT_0 = 48;
const PARTS = 4;

/** The address as an int32, big-endian; -1 when it is none. (255.255.255.255 is -1 too: no sender has that address.) */
export function ipv4(text: string): number {
  let word = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || parts === PARTS) return -1;
      word = (word << 8) | part;
      part = 0;
      digits = 0;
      parts++;
    } else {
      const digit = code - DIGIT_0;
      part = 10 * part + digit;
      if (digit < 0 || digit > 9 || ++digits > 3 || part > 255) return -1;
    }
  }
  return parts === PARTS && digits > 0 ? (word << 8) | part : -1;
}

/** A number for the sender that is never 0: its address, or a hash of what is no IPv4 address. */
export function sourceOf(address: string): number {
  const word = ipv4(address);
  if (word !== -1) return word === 0 ? 1 : word;
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return hash === 0 ? 1 : hash;
}

export interface Target {
  address: string;
  port: number;
}

/**
 * Reads `192.168.1.20:19542,192.168.1.21`.
 * @throws RangeError naming the first entry that is none
 */
export function readTargets(text: string, port: number): Target[] {
  const targets: Target[] = [];
  for (const entry of text.split(',')) {
    const colon = entry.indexOf(':');
    const address = (colon < 0 ? entry : entry.slice(0, colon)).trim();
    const own = colon < 0 ? port : Number(entry.slice(colon + 1));
    if (ipv4(address) === -1 || !Number.isInteger(own) || own < 1 || own > 65535) {
      throw new RangeError(
        `peers has "${entry.trim()}"; it must be an IPv4 address, with :port where it is not ${port}`,
      );
    }
    targets.push({ address, port: own });
  }
  return targets;
}
