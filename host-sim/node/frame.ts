/** The live view as text. Draws and nothing else: what it shows comes in as an argument. */
import type { Colours } from '../../tools/cli/colour.ts';
import { duration, grouped, percent } from '../../tools/cli/numbers.ts';
import type { KeyStatus } from '../node-platform/inspect.ts';
import type { NodeStatus } from './status.ts';

/** Below it there is no picture worth drawing. */
const WIDTH_MIN = 16;
const LABEL = 10;

/** A value with as many places as Q16.16 carries for its size. */
function valueText(value: number | null): string {
  return value === null ? '-' : value.toFixed(Math.abs(value) >= 1000 ? 1 : 3);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

interface Column {
  name: string;
  of: (key: KeyStatus) => string;
}

const COLUMNS: readonly Column[] = [
  { name: 'agreed', of: ({ agreed, recovering }) => (recovering ? `(${valueText(agreed)})` : valueText(agreed)) },
  { name: 'own input', of: ({ input }) => valueText(input) },
  { name: 'sensors', of: ({ sensors }) => String(sensors) },
];

/** As many columns as fit; the agreed value always does, because the names give way to it. */
function keyLines(keys: readonly KeyStatus[], width: number, colours: Colours): string[] {
  const cells = COLUMNS.map(({ name, of }) => {
    const texts = keys.map(of);
    const size = Math.max(name.length, ...texts.map((text) => text.length)) + 2;
    return { size, all: [name, ...texts].map((text) => text.padStart(size)) };
  });
  const names = ['key', ...keys.map(({ name }) => name)];
  const wanted = Math.max(...names.map((name) => name.length));
  let shown = cells.length;
  const room = (): number => width - cells.slice(0, shown).reduce((sum, { size }) => sum + size, 0);
  while (shown > 1 && room() < Math.min(wanted, 8)) shown--;
  const size = Math.max(3, Math.min(wanted, room()));
  return names.map((name, row) => {
    const text = cut(
      `${cut(name, size).padEnd(size)}${cells
        .slice(0, shown)
        .map(({ all }) => all[row])
        .join('')}`,
      width,
    );
    return row === 0 ? colours.dim(text) : text;
  });
}

function sealText({ seal }: NodeStatus): string {
  return { open: 'open to everybody', authentic: 'closed by a key', private: 'closed and private' }[seal];
}

function kilobytes(bytes: number): string {
  return bytes < 10_000 ? `${grouped(bytes)} B` : `${grouped(bytes / 1000, 1)} KB`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts);
  return entries.length === 0 ? 'none' : entries.map(([name, count]) => `${name} ${grouped(count)}`).join(', ');
}

function trustText({ trust }: NodeStatus): string {
  if (trust === null) return '-';
  const few = trust.distrusted === 0 ? '' : `, ${trust.distrusted} hardly trusted`;
  return `lowest ${percent(100 * trust.lowest)}, mean ${percent(100 * trust.mean)}${few}`;
}

function powerText({ low_power, load, battery, pace }: NodeStatus): string {
  const parts = [low_power === '' ? 'full' : `low (${low_power}): a cycle in ${pace}`];
  if (load !== null) parts.push(`load ${percent(Math.round(100 * load))}`);
  if (battery !== null) parts.push(`battery ${percent(Math.round(100 * battery))}`);
  return parts.join(', ');
}

/** Why a node that hears nobody may be alone, where the drops tell. */
function hint({ peers, drops, seal }: NodeStatus): string {
  if (peers > 0) return '';
  if ('seal' in drops || 'flags' in drops) {
    return seal === 'open' ? 'someone here has a key; this node has none' : 'someone here has another key, or none';
  }
  return 'swarm' in drops ? 'someone here has another swarm name, or other keys' : '';
}

function pairs(status: NodeStatus): [string, string][] {
  const { carrier } = status;
  const from = carrier.addresses.length === 0 ? 'no address' : carrier.addresses.join(', ');
  const connections = status.transport === 'tcp' ? `, ${carrier.connections} connections` : '';
  const rows: [string, string][] = [
    ['swarm', `${status.swarm}, ${sealText(status)}`],
    ['network', `${status.transport} port ${status.port} at ${from}${connections}`],
    ['peers', `${status.peers}, ${status.heard} heard directly`],
    ['trust', trustText(status)],
    ['cycle', `${grouped(status.cycle)}, each ${duration(status.cycle_ms)}, up ${duration(1000 * status.uptime_s)}`],
    ['power', powerText(status)],
    [
      'traffic',
      `${kilobytes(status.sent_bytes_per_minute)} a minute out, ${kilobytes(status.received_bytes_per_minute)} in`,
    ],
    ['drops', countsText(status.drops)],
  ];
  const why = hint(status);
  return why === '' ? rows : [...rows, ['alone', why]];
}

export function statusLines(status: NodeStatus, columns: number, colours: Colours): string[] {
  const width = Math.max(WIDTH_MIN, columns);
  return [
    ...keyLines(status.keys, width, colours),
    '',
    ...pairs(status).map(([label, text]) => {
      const name = label.padEnd(LABEL);
      return `${colours.dim(name)}${cut(text, width - LABEL)}`;
    }),
  ];
}

export interface Size {
  columns: number;
  rows: number;
}

/** @param news the last events, oldest first */
export function frame(status: NodeStatus, news: readonly string[], size: Size, colours: Colours): string {
  const width = Math.max(WIDTH_MIN, size.columns - 1);
  const lines = statusLines(status, width, colours);
  const room = Math.max(0, size.rows - lines.length - 2);
  const last = room === 0 ? [] : news.slice(-room);
  const all = last.length === 0 ? lines : [...lines, '', ...last.map((line) => cut(line, width))];
  return all.slice(0, Math.max(2, size.rows - 1)).join('\n');
}
