/** Settings as people read them: secrets masked, what the board holds besides counted. */
import { EXIT_OK } from '../cli/exit-codes.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { textTable } from '../cli/table.ts';
import type { NvsContents } from './nvs/contents.ts';
import { type Settings, settingsOf } from './settings/board-settings.ts';
import { KEYS, NAMESPACE, SETTINGS, settingName } from './settings/names.ts';
import { fingerprint } from './settings/swarm-key.ts';

interface Shown {
  name: string;
  secret: boolean;
  /** For people. */
  text: string;
  /** For programs; of a secret nothing. */
  value: unknown;
  fingerprint: string;
}

const KEY_WIDTH = 100;

function shownKey(key: unknown): string {
  const text = JSON.stringify(key);
  return text.length > KEY_WIDTH ? `${text.slice(0, KEY_WIDTH - 3)}...` : text;
}

/** A name from the air or a file may hold what a terminal takes for commands. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (letter) => JSON.stringify(letter).slice(1, -1));
}

/** What is set, and never what it is. */
function shownSetting(name: string, value: unknown): Shown {
  const { secret, kind } = settingName(name) ?? { secret: false, kind: 'text' };
  const masked = (text: string, print = ''): Shown => ({ name, secret, text, value: null, fingerprint: print });
  // Of 32 random bytes it tells nothing; a password could be guessed by it.
  if (kind === 'key' && value instanceof Uint8Array) {
    const print = fingerprint(value);
    return masked(`(set; fingerprint ${print})`, print);
  }
  if (secret) return masked('(set)');
  if (value === undefined) return masked('(of a type that the firmware does not read)');
  if (value instanceof Uint8Array) return masked(`(${value.length} bytes)`);
  const text = typeof value === 'string' ? printable(value) : shownKey(value);
  return { name, secret, text, value, fingerprint: '' };
}

function inOrder(settings: Settings): Shown[] {
  const known = Object.keys(SETTINGS).filter((name) => settings.has(name));
  const shown = known.map((name) => shownSetting(name, settings.get(name)));
  const keys = (settings.get(KEYS) ?? []) as readonly unknown[];
  keys.forEach((key, i) => shown.push(shownSetting(`${KEYS}[${i}]`, key)));
  // A value that this program does not know may be a secret of a newer firmware.
  for (const name of settings.keys()) {
    if (settingName(name) !== undefined || name === KEYS) continue;
    shown.push({
      name: printable(name),
      secret: true,
      text: '(set; not known to this program)',
      value: null,
      fingerprint: '',
    });
  }
  return shown;
}

function others({ entries }: NvsContents): { namespace: string; values: number }[] {
  const counts = new Map<string, number>();
  for (const { namespace } of entries) {
    if (namespace !== NAMESPACE) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return [...counts].map(([namespace, values]) => ({ namespace: printable(namespace), values }));
}

export async function showContents(contents: NvsContents, json: boolean, around: Surroundings): Promise<number> {
  const { stdout, stderr } = around;
  const shown = inOrder(settingsOf(contents));
  if (json) {
    for (const { name, secret, value, fingerprint: print } of shown) {
      const tells = secret ? { set: true, ...(print === '' ? {} : { fingerprint: print }) } : { value };
      await writeAll(stdout, `${JSON.stringify({ type: 'setting', name, secret, ...tells })}\n`);
    }
    await writeAll(
      stdout,
      `${JSON.stringify({ type: 'kept', namespaces: others(contents), damaged: contents.damaged })}\n`,
    );
    return EXIT_OK;
  }
  if (shown.length === 0) await writeAll(stderr, 'no settings: the board was never provisioned\n');
  else
    await writeAll(
      stdout,
      textTable({ columns: ['setting', 'value'], rows: shown.map(({ name, text }) => [name, text]) }),
    );
  const rest = others(contents).map(({ namespace, values }) => `${namespace} ${values}`);
  if (rest.length > 0) await writeAll(stderr, `besides, values of others: ${rest.join(', ')}\n`);
  for (const line of contents.damaged) await writeAll(stderr, `passed over: ${line}\n`);
  return EXIT_OK;
}
