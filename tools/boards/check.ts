/** What is wrong with a board's folder, one line for each thing: file, what, and what is right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { projectRoot } from '../cli/project-root.ts';
import type { Board, BoardFolder } from './board.ts';
import { type Chip, CHIPS } from './chips.ts';
import { partitionProblems, readPartitions } from './partitions.ts';
import { pinProblems, pinRemarks } from './pins.ts';
import { sdkconfigProblems } from './sdkconfig.ts';
import { targetProblem } from './target.ts';

export interface BoardReport {
  id: string;
  /** null when board.json could not be read. */
  board: Board | null;
  problems: string[];
  /** What may be right, and is worth a look. */
  remarks: string[];
}

/** Compiled once for all boards of a run. */
export function boardValidator(root: string = projectRoot()): ValidateFunction<Board> {
  const schema = JSON.parse(readFileSync(join(root, 'boards', 'schema.json'), 'utf8')) as object;
  return new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile<Board>(schema);
}

function schemaProblem({ instancePath, keyword, params, message = '', data }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll('/', '.');
  const where = field === '' ? '' : `${field} `;
  const given = JSON.stringify(data);
  if (keyword === 'additionalProperties')
    return `${where}has a field "${String(params.additionalProperty)}" that there is not`;
  if (keyword === 'required') return `${where}lacks the field "${String(params.missingProperty)}"`;
  if (keyword === 'enum')
    return `${where}is ${given}; it must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return `${where}is ${given}; it ${message}`;
}

function parse(text: string): { value: unknown; problem: string } {
  try {
    return { value: JSON.parse(text) as unknown, problem: '' };
  } catch (error) {
    return { value: null, problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** @param sdk the SDK's folder, or '' where there is none: its target is then not looked at */
export function checkBoard(folder: BoardFolder, validate: ValidateFunction<Board>, sdk: string): BoardReport {
  const { id } = folder;
  const inFile = (file: string, problems: readonly string[]): string[] =>
    problems.map((one) => `boards/${id}/${file}: ${one}`);
  const missing = (['board', 'sdkconfig', 'partitions', 'readme'] as const).filter(
    (name) => folder[name] === undefined,
  );
  const problems = missing.map(
    (name) => `boards/${id}/${FILES[name]}: it is missing; copy it from a board with the same chip`,
  );
  if (folder.board === undefined) return { id, board: null, problems, remarks: [] };

  const { value, problem } = parse(folder.board);
  if (problem !== '' || !validate(value)) {
    const wrong = problem === '' ? (validate.errors ?? []).map(schemaProblem) : [problem];
    return { id, board: null, problems: [...problems, ...inFile('board.json', wrong)], remarks: [] };
  }
  const board = value;
  const remarks: string[] = [];
  const chip = CHIPS.find(({ name }) => name === board.chip);
  if (chip !== undefined) {
    const wrong = [...pinProblems(board, chip), ...chipProblems(board, chip), ...batteryProblems(board)];
    problems.push(...inFile('board.json', wrong));
    remarks.push(...inFile('board.json', pinRemarks(board, chip)));
  }
  problems.push(...inFile('board.json', targetProblem(board, sdk)));
  if (folder.partitions !== undefined) {
    problems.push(
      ...inFile('partitions.csv', partitionProblems(readPartitions(folder.partitions), board.flash.size_mb)),
    );
  }
  if (folder.sdkconfig !== undefined)
    problems.push(...inFile('sdkconfig.defaults', sdkconfigProblems(folder.sdkconfig, board)));
  return { id, board, problems, remarks };
}

const FILES = {
  board: 'board.json',
  sdkconfig: 'sdkconfig.defaults',
  partitions: 'partitions.csv',
  readme: 'README.md',
};

function chipProblems({ chip, refused, usb, flash }: Board, { wifi, usb: ports, flashClocks_mhz }: Chip): string[] {
  const problems: string[] = [];
  if (!wifi && refused === undefined) problems.push(`the ${chip} has no Wi-Fi; say so in "refused"`);
  if (usb.kind !== 'uart-bridge' && !ports.includes(usb.kind)) {
    const has = ports.length === 0 ? 'no USB port of its own' : ports.join(' and ');
    problems.push(`usb.kind is ${usb.kind}, and the ${chip} has ${has}`);
  }
  if (!flashClocks_mhz.includes(flash.frequency_mhz)) {
    problems.push(
      `flash.frequency_mhz is ${flash.frequency_mhz}, which the ${chip} does not have; it has ${flashClocks_mhz.join(', ')}`,
    );
  }
  return problems;
}

function batteryProblems({ battery }: Board): string[] {
  if (battery === null || battery.empty_mv < battery.full_mv) return [];
  return [
    `battery.empty_mv is ${battery.empty_mv} and battery.full_mv ${battery.full_mv}; an empty battery has the lower voltage`,
  ];
}
