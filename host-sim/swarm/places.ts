/** Where the nodes of a local swarm are: each has an address of its own in 127.0.0.0/8, and all have the same port. */

/** 127.86.83.1 and so on: "VS", so that other programs on 127.0.0.1 are left alone. */
const NETWORK = '127.86.83';
export const NODES_MAX = 64;

/** @param node from 0 */
export function nodeAddress(node: number): string {
  return `${NETWORK}.${node + 1}`;
}
