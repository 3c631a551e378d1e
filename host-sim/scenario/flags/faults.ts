/** Flags for lists of faults: each occurrence is one entry, its fields parted by colons. They replace the file's list. */
import { schemaAt } from '../schema.ts';
import { FlagFault, readField } from './spec.ts';
import type { FlagSpec } from './spec.ts';

/** Empties the list of the scenario's file. */
const NONE = 'none';

/** `FROM:TO[:SHARE]` to FROM, TO, SHARE. */
function partNames(form: string): string[] {
  return form.replaceAll(/[[\]]/g, '').split(':');
}

function readEntry(text: string, form: string, list: string, fields: readonly string[]): Record<string, unknown> {
  const required = schemaAt([list, 0]).required ?? [];
  const texts = text.split(':');
  if (texts.length < required.length || texts.length > fields.length) {
    throw new FlagFault(text, `must have the form ${form}, or be ${NONE}`);
  }
  const names = partNames(form);
  const entries = texts.map((part, i) => [fields[i], readField(part, [list, 0, fields[i]], text, names[i])]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The names that stand for a part of the form, where the form does not spell them out. */
function choicesText(form: string, list: string, fields: readonly string[]): string {
  const names = partNames(form);
  const parts = fields.map((field, i) => ({ name: names[i], choices: schemaAt([list, 0, field]).enum }));
  const unsaid = parts.filter(({ name, choices }) => choices !== undefined && name !== choices.join('|'));
  return unsaid.map(({ name, choices = [] }) => ` ${name} is one of ${choices.join(', ')}.`).join('');
}

function listFlag(flag: string, form: string, list: string, fields: readonly string[]): FlagSpec {
  return {
    flag,
    argument: form,
    help: `${schemaAt([list]).description ?? ''}${choicesText(form, list, fields)} Repeatable; ${NONE} leaves out the scenario's own.`,
    many: true,
    read: (texts) => {
      const entries = texts.filter((text) => text !== NONE).map((text) => readEntry(text, form, list, fields));
      return [{ path: [list], value: entries }];
    },
  };
}

export function faultFlags(): FlagSpec[] {
  return [
    listFlag('--partition', 'FROM:TO[:SHARE]', 'partitions', ['from_cycle', 'to_cycle', 'share']),
    listFlag('--cut', 'FROM:TO:SHARE', 'cuts', ['from_cycle', 'to_cycle', 'share']),
    listFlag('--crash', 'CYCLE:SHARE[:RESTART[:kept|lost|torn]]', 'crashes', [
      'cycle',
      'share',
      'restart_cycle',
      'store',
    ]),
    listFlag('--join', 'CYCLE:SHARE', 'joins', ['cycle', 'share']),
    listFlag('--leave', 'CYCLE:SHARE', 'leaves', ['cycle', 'share']),
    listFlag('--attack', 'KIND:SHARE[:FROM]', 'attacks', ['kind', 'share', 'from_cycle']),
    listFlag('--stuck', 'FROM:NODES:VALUE', 'stuck', ['from_cycle', 'nodes', 'value']),
  ];
}
