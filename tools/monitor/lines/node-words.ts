/**
 * What the node's lines mean, in words (firmware/device/README.md). Its events carry two numbers, a and b; what they are
 * stands in firmware/runtime/events.ts.
 */
import { duration, grouped } from '../../cli/numbers.ts';

export type Fields = Readonly<Record<string, string>>;

/** `{name}` is the field as it came, `{name:form}` the field in one of the forms below. */
const WORDS: Readonly<Record<string, string>> = {
  boot: 'starts on {hardware}; before: {reset:reset}',
  settings:
    'board {board}, swarm {swarm}, keys {keys}, a cycle every {cycle_ms:time}, sleep {sleep}, UDP port {port} to {to}',
  'network-up': 'the network is there',
  'network-down': 'the network is gone; it looks for it by itself',
  'network-failed': 'no network: {reason}; next try in {retry_ms:time}',
  'time-unknown': '{server} did not tell the time',
  started: 'runs, with {a:keys}',
  stopped: 'stopped after {a:cycles}',
  'session-renewed': 'goes by a new tag from now on',
  'state-loaded': 'took up the state that it had stored, number {a:count}',
  'state-corrupt': 'what it had stored is damaged; it takes its values from the peers',
  'store-failed': 'its state could not be stored',
  'low-power-entered': 'low power, for {a:power}: one cycle in eight from now on',
  'low-power-left': 'full power again; it was low because {a:power}',
  'recovery-entered': "{a:key}: its own value is not to be trusted, the peers' is taken",
  'recovery-left': '{a:key}: its own value holds again',
  'liar-caught': 'node {a:tag} relayed what nobody had said; its relays are no longer heard',
  'send-failed': 'a datagram could not be sent; so far: {a:count}',
  'cycle-late': 'no cycle for {late_ms:time}; if none comes, the watchdog restarts the chip',
  'deep-sleep': 'sleeps for {time_ms:time}, then starts anew',
  crashed: 'the run before ended in cycle {cycle:count}: {reason} (crashes so far: {count:count})',
};

/** REASON_ numbers of firmware/runtime/power.ts. */
const POWER_REASONS: readonly string[] = [
  '?',
  'the battery is low',
  'the processor is too busy',
  'the peers are hard to hear',
];

/** Names of firmware/device/esp32/hardware.ts, RESET_REASONS. */
const RESETS: Fields = {
  'power-on': 'no power',
  external: 'its reset button',
  software: 'it restarted itself',
  panic: 'a panic',
  'interrupt-watchdog': 'the interrupt watchdog bit',
  'task-watchdog': 'the task watchdog bit',
  watchdog: 'a watchdog bit',
  'deep-sleep': 'deep sleep',
  'brown-out': 'its supply sagged (brown-out)',
  usb: 'a reset over USB',
  jtag: 'a reset over JTAG',
  'power-glitch': 'a glitch of its supply',
  'cpu-lockup': 'its processor locked up',
};

const whole = (text: string, write: (value: number) => string): string => {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? write(value) : text;
};

type Form = (text: string, keys: readonly string[]) => string;

const some =
  (word: string): Form =>
  (text) =>
    whole(text, (value) => `${grouped(value)} ${word}${value === 1 ? '' : 's'}`);

const FORMS: Readonly<Record<string, Form>> = {
  count: (text) => whole(text, grouped),
  time: (text) => whole(text, duration),
  keys: some('key'),
  cycles: some('cycle'),
  /** 32 bits, which the device prints as an int32. */
  tag: (text) => whole(text, (value) => (value >>> 0).toString(16).padStart(8, '0')),
  power: (text) => POWER_REASONS.at(Number(text)) ?? `reason ${text}`,
  key: (text, keys) => keys.at(Number(text)) ?? `key ${text}`,
  reset: (text) => (Object.hasOwn(RESETS, text) ? RESETS[text] : text),
};

const GAP = /\{(\w+)(?::(\w+))?\}/g;

/**
 * @param keys names of the node's keys, as far as its settings line was seen
 * @returns '' for a name that this monitor does not know: the firmware is newer, and the line is shown as it came
 */
export function nodeWords(name: string, fields: Fields, keys: readonly string[]): string {
  if (!Object.hasOwn(WORDS, name)) return '';
  return WORDS[name].replaceAll(GAP, (_gap, field: string, form: string | undefined) => {
    const text = Object.hasOwn(fields, field) ? fields[field] : '?';
    return form === undefined ? text : FORMS[form](text, keys);
  });
}
