/** Flags for what the swarm agrees on. Those for a key's settings hold for every key of the scenario. */
import { schemaAt } from '../schema.ts';
import type { Path } from '../../../tools/cli/json-path.ts';
import { FlagFault, oneField, readField } from './spec.ts';
import type { FlagSpec } from './spec.ts';

/** `LOW:HIGH`, both read as the schema at `path` wants them. */
export function readPair(text: string, low: Path, high: Path): [unknown, unknown] {
  const parts = text.split(':');
  if (parts.length !== 2) throw new FlagFault(text, 'must have the form LOW:HIGH');
  return [readField(parts[0], low, text, 'LOW'), readField(parts[1], high, text, 'HIGH')];
}

function keysFlag(): FlagSpec {
  const { maxItems = 1 } = schemaAt(['keys']);
  return {
    flag: '--keys',
    argument: 'N|NAME,NAME',
    help: 'How many keys, or their names. All take the settings of the first key that the scenario has.',
    read: (texts) => {
      const text = texts[texts.length - 1];
      const names = /^[-+.\d]/.test(text) ? null : text.split(',');
      const count = names?.length ?? Number(text);
      if (!Number.isInteger(count) || count < 1 || count > maxItems) {
        throw new FlagFault(text, `must be a whole number from 1 to ${maxItems}, or as many names parted by commas`);
      }
      names?.forEach((each) => readField(each, ['keys', 0, 'name'], text, 'a name'));
      return [{ path: ['keys'], value: names ?? count }];
    },
  };
}

export function keyFlags(): FlagSpec[] {
  return [
    // First: the flags after it hold for all the keys that it makes.
    keysFlag(),
    oneField('--floor', 'VALUE', ['keys', '*', 'floor']),
    oneField('--span', 'VALUE', ['keys', '*', 'span']),
    {
      flag: '--range',
      argument: 'LOW:HIGH',
      help: schemaAt(['keys', 0, 'range']).description ?? '',
      read: (texts) => {
        const bound: Path = ['keys', 0, 'range', 0];
        return [{ path: ['keys', '*', 'range'], value: readPair(texts[texts.length - 1], bound, bound) }];
      },
    },
    oneField('--reference', 'VALUE', ['keys', '*', 'reference']),
    oneField('--guard', 'on|off', ['keys', '*', 'guard']),
    oneField('--estimator', 'NAME', ['keys', '*', 'estimator']),
    oneField('--scope', 'NAME', ['keys', '*', 'scope']),
  ];
}
