/** Topics of a federation: `<base>/<site>/<session>`, one for each gateway that runs. */

import { topicLevel } from '../mqtt/topic.ts';
import { hashText } from './datagram.ts';

/** Longer names make longer topics than anybody needs; the settings allow 64 characters, each of up to 3 + 3 bytes when escaped. */
const NAME_MAX = 512;
const SESSION = /^[0-9a-f]{8}$/;

export interface Address {
  site: string;
  session: string;
}

export function addressTopic(base: string, { site, session }: Address): string {
  return `${base}/${topicLevel(site)}/${session}`;
}

export function everyone(base: string): string {
  return `${base}/+/+`;
}

/** Null for a topic that none of ours has: only the one spelling of a name is right. */
export function readAddress(base: string, topic: string): Address | null {
  if (!topic.startsWith(`${base}/`)) return null;
  const levels = topic.slice(base.length + 1).split('/');
  if (levels.length !== 2 || levels[0].length > NAME_MAX || !SESSION.test(levels[1])) return null;
  const unescape = (_: string, hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
  // A single % stands for no name at all.
  const site = levels[0] === '%' ? '' : levels[0].replace(/%([0-9a-f]{2})/g, unescape);
  const address = { site, session: levels[1] };
  return addressTopic(base, address) === topic ? address : null;
}

/** What stands for a publisher in the firmware's rate limit: never 0. */
export function sourceOf(topic: string): number {
  const hash = hashText(topic, 0) | 0;
  return hash === 0 ? 1 : hash;
}
