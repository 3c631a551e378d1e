/** Measured links: a CSV `from,to,delivery`, the share of the datagrams of one sensor that another one heard. */
import { UsageError } from '../../tools/cli/errors.ts';
import { CsvReader } from './csv.ts';

export interface LinkTable {
  /** The file's numbers of the living sensors, ascending: node i of the world is `nodes[i]`. */
  nodes: number[];
  /** n * n shares, the sender's row by row. A link that the file does not name delivers nothing. */
  delivery: Float64Array;
}

const COLUMNS = ['from', 'to', 'delivery'];
const NODE_MAX = 65_535;
/** A link that delivers one datagram in a hundred is no link. */
const DEAD_LINK = 0.01;
/** A sensor that hears, or is heard by, no more than this many others is as good as dead and is left out. */
const DEAD_NEIGHBOURS = 3;

type Links = Map<number, Map<number, number>>;

function readLinks(file: string, text: string): Links {
  const csv = new CsvReader(file, text, COLUMNS);
  const links: Links = new Map();
  for (const row of csv.rows) {
    const from = csv.whole(row, 0, 0, NODE_MAX);
    const to = csv.whole(row, 1, 0, NODE_MAX);
    const delivery = csv.number(row, 2, 0, 1);
    if (Number.isNaN(from + to + delivery)) continue;
    const heardFrom = links.get(from) ?? new Map<number, number>();
    if (from === to) csv.fault(row, 1, 'must be another node than "from"');
    else if (heardFrom.has(to)) csv.fault(row, 1, `must be there once for "from" ${from}`);
    else links.set(from, heardFrom.set(to, delivery));
  }
  csv.end();
  return links;
}

function livingNodes(links: Links): number[] {
  const nodes = new Set<number>(links.keys());
  for (const row of links.values()) for (const to of row.keys()) nodes.add(to);
  const delivers = (from: number, to: number): boolean => (links.get(from)?.get(to) ?? 0) > DEAD_LINK;
  const all = [...nodes].sort((a, b) => a - b);
  return all.filter((node) => {
    const heard = all.filter((other) => delivers(other, node)).length;
    const hearers = all.filter((other) => delivers(node, other)).length;
    return heard > DEAD_NEIGHBOURS && hearers > DEAD_NEIGHBOURS;
  });
}

export function parseLinks(file: string, text: string): LinkTable {
  const links = readLinks(file, text);
  const nodes = livingNodes(links);
  const n = nodes.length;
  if (n === 0) {
    const rule = `hears more than ${DEAD_NEIGHBOURS} others and is heard by as many (delivery above ${DEAD_LINK})`;
    throw new UsageError(`${file}: no sensor ${rule}; a swarm needs such links`);
  }
  const delivery = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) delivery[i * n + j] = links.get(nodes[i])?.get(nodes[j]) ?? 0;
  }
  return { nodes, delivery };
}
