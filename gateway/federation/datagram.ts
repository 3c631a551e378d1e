/**
 * What a gateway has to know of a datagram of the medium, by docs/protocol.md: who sent it, and the claims of its site
 * message. Everything else is the firmware's business, which checks it once more from end to end.
 */

const HEADER_BYTES = 18;
const AT_TAG = 6;
const MESSAGE_HEAD_BYTES = 3;
const TYPE_SITE = 5;
const SITE_HEAD_BYTES = 4;
const CLAIM_BYTES = 8;
/** No value: the lowest difference. */
const DIFF_NONE = -0x80000000;

export interface SiteMessage {
  /** Site id, unsigned. */
  site: number;
  /** Where the claims begin: a difference from the key's reference and the number of sensors, 4 bytes each. */
  at: number;
  claims: number;
}

/** The sender's session as it stands in a topic: eight digits. */
export function sessionOf(view: DataView): string {
  return view.getUint32(AT_TAG).toString(16).padStart(8, '0');
}

/** @param end where the messages end: a seal's clock and trailer follow */
export function findSite(view: DataView, end: number): SiteMessage | null {
  let at = HEADER_BYTES;
  while (at + MESSAGE_HEAD_BYTES <= end) {
    const bytes = view.getUint16(at + 1);
    const body = at + MESSAGE_HEAD_BYTES;
    if (body + bytes > end) return null;
    if (view.getUint8(at) === TYPE_SITE && bytes >= SITE_HEAD_BYTES) {
      const claims = Math.floor((bytes - SITE_HEAD_BYTES) / CLAIM_BYTES);
      return { site: view.getUint32(body), at: body + SITE_HEAD_BYTES, claims };
    }
    at = body + bytes;
  }
  return null;
}

/**
 * Lowers each weight to `weight_max`.
 * @returns the largest one that was too large, 0 when none was
 */
export function capWeights(view: DataView, { at, claims }: SiteMessage, weight_max: number): number {
  let largest = 0;
  for (let claim = 0; claim < claims; claim++) {
    const place = at + claim * CLAIM_BYTES + 4;
    const weight = view.getInt32(place);
    if (weight <= weight_max) continue;
    if (weight > largest) largest = weight;
    view.setInt32(place, weight_max);
  }
  return largest;
}

/** The claims that are there, by the index of the key: difference and sensors. */
export function readClaims(
  view: DataView,
  { at, claims }: SiteMessage,
): { key: number; diff: number; weight: number }[] {
  return Array.from({ length: claims }, (_, key) => ({
    key,
    diff: view.getInt32(at + key * CLAIM_BYTES),
    weight: view.getInt32(at + key * CLAIM_BYTES + 4),
  })).filter(({ diff, weight }) => diff !== DIFF_NONE && weight > 0);
}

/** hash(text, seed) of docs/protocol.md, FNV-1a over UTF-16 code units, low byte first; unsigned. */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** A site's id in its messages. */
export function siteId(name: string): number {
  return hashText(name, 1);
}
