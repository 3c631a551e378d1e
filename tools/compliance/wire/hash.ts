/** The hashes of docs/protocol.md: swarm id, the shard of a key, the rank of a nonce. Written from the document. */

/** FNV-1a, 32 bits, over the UTF-16 code units, the low byte first. Unsigned. */
export function hashText(text: string, seed: number): number {
  let h = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h = Math.imul(h ^ (unit & 0xff), 0x01000193);
    h = Math.imul(h ^ (unit >> 8), 0x01000193);
  }
  return h >>> 0;
}

/** 16 bits that the nodes of one swarm share. References are Q16.16. */
export function swarmIdOf(swarm: string, keys: readonly { name: string; reference: number }[], shards: number): number {
  let h = hashText(swarm, shards);
  for (const { name, reference } of keys) h = hashText(name, h ^ reference);
  return (h ^ (h >>> 16)) & 0xffff;
}

export function shardOf(key: string, shards: number): number {
  return hashText(key, 0) % shards;
}

function mix(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The highest ranks hold the shard. */
export function shardRank(nonce: number, shard: number): number {
  return mix(nonce ^ mix(shard + 1));
}
