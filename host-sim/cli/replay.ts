/** Reads a record and holds a new run against it, cycle by cycle and node by node. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemReason, UsageError } from '../../tools/cli/errors.ts';
import { DIGEST_DIGITS, digestText, RECORD_FORMAT } from './record.ts';
import type { RecordHeader } from './record.ts';
import type { Watcher } from './runner.ts';

export interface Difference {
  cycle: number;
  node: number;
  /** Digests of the node's state, in hexadecimal. */
  recorded: string;
  now: string;
}

export interface RunRecord {
  /** As the user named it. */
  file: string;
  bundle_sha256: string;
  data_sha256: Readonly<Record<string, unknown>>;
  /** Not checked yet: a record may have been edited. */
  scenario: unknown;
  /** One text for each cycle. */
  digests: readonly string[];
}

const WHOLE_DIGESTS = new RegExp(`^(?:[0-9a-f]{${DIGEST_DIGITS}})+$`);

type Fields = Readonly<Record<string, unknown>>;

function readLine(text: string, place: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Said below: what the parser says of a line that was cut off helps nobody.
  }
  throw new UsageError(`${place}: this is not a line of a record; make one with --record FILE`);
}

function readHeader(text: string, file: string): Omit<RunRecord, 'digests' | 'file'> {
  const header = readLine(text, `${file}:1`) as Fields & Partial<RecordHeader>;
  if (header.type !== 'header')
    throw new UsageError(`${file}:1: this is not the header of a record; make one with --record FILE`);
  if (header.format !== RECORD_FORMAT) {
    const text_of_format = JSON.stringify(header.format);
    throw new UsageError(
      `${file}:1: the record has format ${text_of_format}; this program reads format ${RECORD_FORMAT}`,
    );
  }
  const { bundle_sha256, data_sha256, scenario } = header;
  if (typeof bundle_sha256 !== 'string' || typeof scenario !== 'object') {
    throw new UsageError(`${file}:1: the header lacks bundle_sha256 or scenario; make a record with --record FILE`);
  }
  return { bundle_sha256, data_sha256: data_sha256 ?? {}, scenario };
}

/** `digits` is how many the first cycle has: every cycle has the same nodes. */
function readCycle(text: string, place: string, cycle: number, digits: number | undefined): string {
  const { cycle: said, digests } = readLine(text, place);
  if (said !== cycle) {
    throw new UsageError(`${place}: cycle is ${JSON.stringify(said)}; it must be ${cycle}: cycles follow each other`);
  }
  if (typeof digests === 'string' && WHOLE_DIGESTS.test(digests) && digests.length === (digits ?? digests.length)) {
    return digests;
  }
  const length = digits === undefined ? '' : `, ${digits} in all`;
  throw new UsageError(`${place}: digests must be ${DIGEST_DIGITS} hexadecimal digits for each node${length}`);
}

export function parseRecord(file: string, text: string): RunRecord {
  const [first, ...lines] = text.trimEnd().split('\n');
  const header = readHeader(first, file);
  if (lines.length === 0) throw new UsageError(`${file}: the record holds no cycle; make one with --record FILE`);
  const digests: string[] = [];
  for (const line of lines) {
    const cycle = digests.length + 1;
    digests.push(readCycle(line, `${file}:${cycle + 1}`, cycle, digests.at(0)?.length));
  }
  return { file, ...header, digests };
}

export function readRecord(file: string, cwd: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--replay ${file}: cannot be read: ${systemReason(error)}`);
  }
  return parseRecord(file, text);
}

export interface Comparer extends Watcher {
  /** The first one, or null so far. */
  difference(): Difference | null;
}

export function createComparer(record: RunRecord): Comparer {
  let difference: Difference | null = null;
  return {
    difference: () => difference,
    cycle({ cycle, node_digests }) {
      const row = record.digests[cycle - 1];
      for (let node = 0; node < node_digests.length; node++) {
        const recorded = row.slice(node * DIGEST_DIGITS, (node + 1) * DIGEST_DIGITS);
        const now = digestText(node_digests[node]);
        if (recorded === now) continue;
        difference = { cycle, node, recorded, now };
        return 'stop';
      }
      return undefined;
    },
  };
}
