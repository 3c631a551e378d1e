/** What the schema cannot say of the swarm and its keys. Ranges are those of firmware/settings.ts. */
import { isIP } from 'node:net';
import { UsageError } from '../../tools/cli/errors.ts';
import { DEFAULT_GROUP, parseEndpoint } from '../../host-sim/node-platform/address.ts';
import type { KeyConfig } from './config.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { Problem } from './fault.ts';
import type { RawSwarm } from './raw.ts';

function isGroup(address: string): boolean {
  if (isIP(address) === 4) return /^2(2[4-9]|3\d)\./.test(address);
  return isIP(address) === 6 && /^ff/i.test(address);
}

function peerProblem(peer: string, port: number): string {
  try {
    parseEndpoint('peer', peer, port);
    return '';
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return `"${peer}" must be an address or a name, with :PORT where it is not ${port}, such as 192.168.1.20:19542`;
  }
}

export function swarmProblems(swarm: RawSwarm): Problem[] {
  const problems: Problem[] = [];
  const need = (fine: boolean, field: keyof RawSwarm, says: string): void => {
    if (!fine) problems.push({ path: ['swarm', field], says });
  };
  const { transport, peers, group, key_file, key_file_old, port } = swarm;
  need(!swarm.private || key_file !== undefined, 'private', 'needs a key: name its file as key_file');
  need(key_file_old === undefined || key_file !== undefined, 'key_file_old', 'needs the new key beside it, key_file');
  need(
    group === undefined || transport === 'multicast',
    'group',
    `is for transport multicast, and this is ${transport}`,
  );
  need(group === undefined || isGroup(group), 'group', `must be a multicast address, such as ${DEFAULT_GROUP}`);
  need(transport !== 'peers' || peers.length > 0, 'transport', 'peers needs whom to send to: name them in peers');
  peers.forEach((peer, i) => {
    const says = peerProblem(peer, port);
    if (says !== '') problems.push({ path: ['swarm', 'peers', i], says });
  });
  return problems;
}

function keyProblems(key: KeyConfig, index: number, keys: readonly KeyConfig[]): Problem[] {
  const problems: Problem[] = [];
  const need = (fine: boolean, field: keyof KeyConfig, says: string): void => {
    const path: Path = ['keys', index, field];
    if (!fine) problems.push({ path, says });
  };
  const [low, high] = key.range;
  need(keys.findIndex(({ name }) => name === key.name) === index, 'name', `"${key.name}" is there twice`);
  need(low < high, 'range', `is [${low}, ${high}]; the first must be below the second`);
  need(key.reference <= high, 'reference', `${key.reference} must be at most the end of range, ${high}`);
  need(key.span >= key.floor, 'span', `${key.span} must be at least floor, ${key.floor}`);
  return problems;
}

export function keysProblems(keys: readonly KeyConfig[]): Problem[] {
  return keys.flatMap((key, index) => keyProblems(key, index, keys));
}
