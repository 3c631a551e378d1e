/** Flags for what the sensors read. */
import { didYouMean } from '../../../tools/cli/nearest.ts';
import { nearFile } from '../data.ts';
import { schemaAt } from '../schema.ts';
import { readPair } from './keys.ts';
import { FlagFault, oneField, readField } from './spec.ts';
import type { FlagSpec } from './spec.ts';

const FORM = 'uniform|constant:VALUE|step[:CYCLE]|ramp:RATE|noise:SIGMA|FILE.csv';

/** The field that the number behind the colon fills. */
const NUMBER: Readonly<Record<string, string | undefined>> = {
  constant: 'low',
  step: 'at_cycle',
  ramp: 'rate',
  noise: 'sigma',
};
const NUMBER_OPTIONAL = 'step';

function readInputs(text: string, cwd: string): Record<string, unknown> {
  if (text.toLowerCase().endsWith('.csv')) return { kind: 'csv', file: nearFile(text, cwd) };
  const [kind, ...numbers] = text.split(':');
  const field = NUMBER[kind];
  if (kind !== 'uniform' && field === undefined) {
    const hint = didYouMean(kind, ['uniform', ...Object.keys(NUMBER)]);
    throw new FlagFault(text, `must be one of ${FORM.replaceAll('|', ', ')}${hint}`);
  }
  const least = field === undefined || kind === NUMBER_OPTIONAL ? 0 : 1;
  const most = field === undefined ? 0 : 1;
  if (numbers.length < least || numbers.length > most) throw new FlagFault(text, `must have the form ${FORM}`);
  if (field === undefined || numbers.length === 0) return { kind };
  return { kind, [field]: readField(numbers[0], ['inputs', field], text, field) };
}

export function inputFlags(cwd: string): FlagSpec[] {
  return [
    {
      flag: '--inputs',
      argument: 'INPUTS',
      help: `${FORM}: ${schemaAt(['inputs', 'kind']).description ?? ''}`,
      read: (texts) => {
        const fields = readInputs(texts[texts.length - 1], cwd);
        return Object.entries(fields).map(([field, value]) => ({ path: ['inputs', field], value }));
      },
    },
    {
      flag: '--input-range',
      argument: 'LOW:HIGH',
      help: 'Lowest and highest input that a node draws.',
      read: (texts) => {
        const [low, high] = readPair(texts[texts.length - 1], ['inputs', 'low'], ['inputs', 'high']);
        return [
          { path: ['inputs', 'low'], value: low },
          { path: ['inputs', 'high'], value: high },
        ];
      },
    },
    oneField('--at-s', 'SECONDS', ['inputs', 'at_s']),
    oneField('--step-cycles', 'CYCLES', ['inputs', 'step_cycles']),
    oneField('--site-offset', 'VALUE', ['inputs', 'site_offset']),
  ];
}
