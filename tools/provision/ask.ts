/** Asks for what is missing, at a terminal. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { Failure, UsageError } from '../cli/errors.ts';
import { EXIT_INTERRUPTED } from '../cli/exit-codes.ts';
import type { Settings } from './settings/board-settings.ts';
import { crossProblems } from './settings/checks.ts';
import type { Layer, Values } from './settings/layers.ts';
import { schemaProblems } from './settings/schema.ts';
import { readSecret, writePrivate } from './settings/secret-file.ts';
import { makeSwarmKey, swarmKeyBytes } from './settings/swarm-key.ts';

/** Says what is wrong with an answer; '' when nothing is. */
export type Judge = (answer: string) => string;

export interface Asker {
  text: (message: string, initial: string, judge: Judge) => Promise<string>;
  /** Never shown while it is typed. */
  secret: (message: string, judge: Judge) => Promise<string>;
  choose: (message: string, options: readonly { value: string; label: string }[]) => Promise<string>;
  confirm: (message: string) => Promise<boolean>;
}

function answered<Answer>(answer: Answer | symbol): Answer {
  if (isCancel(answer)) throw new Failure('interrupted: nothing was written', EXIT_INTERRUPTED);
  return answer as Answer;
}

/** On stderr, for stdout is for data. */
export function terminalAsker(): Asker {
  const output = process.stderr;
  const validate =
    (judge: Judge) =>
    (answer: string | undefined): string | undefined =>
      judge(answer ?? '') || undefined;
  return {
    text: async (message, initial, judge) =>
      // An empty answer comes back as undefined.
      answered<string | undefined>(await text({ message, initialValue: initial, validate: validate(judge), output })) ??
      '',
    secret: async (message, judge) =>
      answered<string | undefined>(await password({ message, validate: validate(judge), output })) ?? '',
    choose: async (message, options) =>
      answered<string>(await select<string>({ message, options: [...options], output })),
    confirm: async (message) => answered<boolean>(await confirm({ message, output })),
  };
}

/** Judges one setting as a file's would be. */
function judgeOf(name: string, mayBeEmpty = false): Judge {
  return (answer) => {
    if (answer === '' && mayBeEmpty) return '';
    const [problem] = [
      ...schemaProblems({ [name]: answer }),
      ...crossProblems(new Map([[name, answer]]), { board: null, chip: null }),
    ];
    return (problem as { says: string } | undefined)?.says ?? '';
  };
}

const KEY_FILE = 'swarm.key';

/** @returns the key's text, or '' for none */
async function askKey(asker: Asker, cwd: string): Promise<string> {
  const fresh = { value: 'new', label: `a new one, into ${KEY_FILE}: this is the first board of the swarm` };
  const options = [
    ...(existsSync(resolve(cwd, KEY_FILE)) ? [] : [fresh]),
    { value: 'file', label: 'the one in a file: the swarm has one already' },
    { value: 'none', label: 'none: anyone in the network may take part' },
  ];
  const choice = await asker.choose('The swarm key?', options);
  if (choice === 'none') return '';
  if (choice === 'new') {
    const key = makeSwarmKey();
    writePrivate(resolve(cwd, KEY_FILE), KEY_FILE, `${key}\n`, false);
    return key;
  }
  const read = (name: string): string => readSecret(resolve(cwd, name), name);
  const name = await asker.text('The file with the swarm key', KEY_FILE, (answer) => {
    try {
      return swarmKeyBytes(read(answer)) === undefined ? 'this file holds no swarm key' : '';
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
  });
  return read(name);
}

export interface Missing {
  held: Settings;
  layers: readonly Layer[];
  unset: readonly string[];
  /** Whether nothing at all was said: then everything is asked, and what the board holds is the suggestion. */
  everything: boolean;
  cwd: string;
}

/** The answers, as one more layer. */
export async function askMissing({ held, layers, unset, everything, cwd }: Missing, asker: Asker): Promise<Layer> {
  const values: Values = {};
  const said = (name: string): boolean =>
    layers.some((layer) => layer.values[name] !== undefined) || unset.includes(name);
  const isMissing = (name: string): boolean => !said(name) && (everything || !held.has(name));
  const suggestion = (name: string, usual: string): string => {
    const value = held.get(name);
    return typeof value === 'string' ? value : usual;
  };
  if (isMissing('wifi_ssid')) {
    values.wifi_ssid = await asker.text('The Wi-Fi network', suggestion('wifi_ssid', ''), judgeOf('wifi_ssid'));
  }
  const ssid = values.wifi_ssid ?? layers.findLast((layer) => layer.values.wifi_ssid !== undefined)?.values.wifi_ssid;
  const network = ssid ?? held.get('wifi_ssid');
  const known = held.has('wifi_password') && network === held.get('wifi_ssid');
  if (!said('wifi_password') && ssid !== undefined && (everything || !known)) {
    const empty = known ? 'empty: the one that the board has' : 'empty: an open network';
    const answer = await asker.secret(`The password of ${String(network)} (${empty})`, judgeOf('wifi_password', true));
    if (answer !== '') values.wifi_password = answer;
  }
  if (isMissing('swarm'))
    values.swarm = await asker.text("The swarm's name", suggestion('swarm', 'lvs'), judgeOf('swarm'));
  if (!said('swarm_key') && !held.has('swarm_key')) {
    const key = await askKey(asker, cwd);
    if (key !== '') values.swarm_key = key;
  }
  return { values, place: () => 'the answer' };
}
