/** Whether a datagram is lost on a link: by chance, or in bursts (Gilbert 1960, Elliott 1963). */

import type { Random } from '../world/random.ts';
import type { Links } from './links.ts';

export type Loss = (link: number, cycle: number) => boolean;

/** Each datagram is lost on its own. */
export function independentLoss(links: Links, random: Random): Loss {
  const { delivery } = links;
  return (link) => delivery[link] < 1 && random.uniform() >= delivery[link];
}

/**
 * Two states a link, stepped once a cycle: in the bad one everything is lost, and it lasts `burst` cycles on average.
 * The share of bad cycles is the link's loss, so nothing but the order of the losses differs from `independentLoss`; where
 * bursts of that length are too short for the loss, they are longer.
 */
export function burstyLoss(links: Links, burst: number, random: Random): Loss {
  const bad = Uint8Array.from(links.delivery, (share) => (random.uniform() >= share ? 1 : 0));
  const seen = new Int32Array(links.to.length);
  return (link, cycle) => {
    const loss = 1 - links.delivery[link];
    if (loss >= 1) return true;
    const enter = Math.min(1, loss / (1 - loss) / burst);
    const leave = loss > 0 ? (enter * (1 - loss)) / loss : 1;
    for (; seen[link] < cycle; seen[link]++) {
      const chance = random.uniform();
      if (bad[link] === 1 ? chance < leave : chance < enter) bad[link] ^= 1;
    }
    return bad[link] === 1;
  };
}
