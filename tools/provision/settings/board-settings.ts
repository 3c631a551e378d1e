/** The settings in a partition's contents, read as the firmware reads them, and new ones as it will read them. */
import { int32Data, type NvsContents, type NvsEntry, numberOf, textData, textOf } from '../nvs/contents.ts';
import { isKeyName, keyName, KEYS, KEYS_MAX, type Kind, NAMESPACE, NVS_TYPES, settingName } from './names.ts';
import { swarmKeyBytes } from './swarm-key.ts';

/** true or false, a number, text, or bytes; `keys` is a list of keys. */
export type Settings = ReadonlyMap<string, unknown>;

/** Moddable's `preference` gives a u8 as a boolean, an i32 as a number, a string as text, a blob as an ArrayBuffer. */
function valueOf(entry: NvsEntry): unknown {
  switch (entry.type) {
    case 'u8':
      return numberOf(entry) !== 0;
    case 'i32':
      return numberOf(entry);
    case 'string':
      return textOf(entry);
    case 'blob':
      return entry.data;
    default:
      return undefined;
  }
}

function fromJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? (JSON.parse(text) as unknown) : text;
  } catch {
    return text;
  }
}

/** What a board is told: names as in the table of settings, what it holds besides, and `keys`. */
export function settingsOf({ entries }: NvsContents): Settings {
  const values = new Map<string, unknown>();
  for (const entry of entries) if (entry.namespace === NAMESPACE) values.set(entry.key, valueOf(entry));
  const keys: unknown[] = [];
  // The firmware stops at the first that is missing.
  for (let i = 0; i < KEYS_MAX && values.has(keyName(i)); i++) keys.push(fromJson(values.get(keyName(i))));
  for (const name of values.keys()) if (isKeyName(name)) values.delete(name);
  if (keys.length > 0) values.set(KEYS, keys);
  return values;
}

function dataOf(kind: Kind, value: unknown): Uint8Array {
  switch (kind) {
    case 'flag':
      return Uint8Array.of(value === true ? 1 : 0);
    case 'number':
      return int32Data(Number(value));
    case 'key':
      return value instanceof Uint8Array ? value : (swarmKeyBytes(String(value)) ?? new Uint8Array());
    case 'text':
      return textData(String(value));
  }
}

/** @param value checked; `keys` gives an entry for each key */
export function entriesOf(name: string, value: unknown): NvsEntry[] {
  if (name === KEYS) {
    const list = value as readonly unknown[];
    return list.map((key, i) => ({
      namespace: NAMESPACE,
      key: keyName(i),
      type: 'string',
      data: textData(JSON.stringify(key)),
    }));
  }
  const kind = settingName(name)?.kind ?? 'text';
  return [{ namespace: NAMESPACE, key: name, type: NVS_TYPES[kind], data: dataOf(kind, value) }];
}
