/** All flags of a scenario, in the order in which they are laid over it. */
import { UsageError } from '../../../tools/cli/errors.ts';
import type { Setting } from '../setting.ts';
import { faultFlags } from './faults.ts';
import { inputFlags } from './inputs.ts';
import { keyFlags } from './keys.ts';
import { FlagFault, faultLine } from './spec.ts';
import type { FlagSpec } from './spec.ts';
import { networkFlags, swarmFlags } from './swarm.ts';

export interface FlagGroup {
  title: string;
  flags: FlagSpec[];
}

export function flagGroups(cwd: string): FlagGroup[] {
  return [
    { title: 'The swarm:', flags: swarmFlags(cwd) },
    { title: 'The network:', flags: networkFlags() },
    { title: 'Faults and attacks:', flags: faultFlags() },
    { title: 'What the swarm agrees on:', flags: keyFlags() },
    { title: 'What the sensors read:', flags: inputFlags(cwd) },
  ];
}

function readFlag(spec: FlagSpec, texts: readonly string[]): Setting[] {
  try {
    return spec.read(texts).map(({ path, value }) => ({ path, value, place: `${spec.flag} ${texts.join(' ')}` }));
  } catch (error) {
    throw error instanceof FlagFault ? faultLine(spec.flag, error) : error;
  }
}

/** The settings that the given flags make; `given` maps each flag to the texts behind it. */
export function readFlags(groups: readonly FlagGroup[], given: ReadonlyMap<string, readonly string[]>): Setting[] {
  const topology = given.get('--topology')?.at(-1);
  if (given.has('--links') && topology !== undefined && topology !== 'links') {
    throw new UsageError(`--topology ${topology}: must be links, or left out, beside --links`);
  }
  const flags = groups.flatMap((group) => group.flags);
  return flags.flatMap((spec) => {
    const texts = given.get(spec.flag);
    return texts === undefined ? [] : readFlag(spec, texts);
  });
}
