/** Puts a span around each function of the bundle, so that the probe can tell where a cycle's steps go. */
import { SourceMap } from 'node:module';
import type { SourceMapPayload } from 'node:module';
import { parseAst } from 'rollup/parseAst';
import { PHASES, phaseOf } from './phases.ts';
import type { PhaseOrCaller } from './phases.ts';

export interface FirmwareFunction {
  name: string;
  /** Under firmware/, without its ending. */
  file: string;
  parameters: number;
  phase: PhaseOrCaller;
}

export interface Instrumented {
  code: string;
  functions: FirmwareFunction[];
}

const CALIBRATION_ROUNDS = 100;

/** @param map the bundle's own source map, as JSON */
export function instrument(code: string, map: string): Instrumented {
  const functions = functionsOf(code, new SourceMap(JSON.parse(map) as SourceMapPayload));
  const most = Math.max(0, ...functions.map(({ parameters }) => parameters));
  const noops = Array.from({ length: most + 1 }, (_, parameters) => ({
    name: `lvsNoop${parameters}`,
    parameters,
    phase: 'rest' as const,
  }));
  const all = [...functions, ...noops];
  const parts = [
    code,
    ...noops.map(({ name, parameters }) => `function ${name}(${names(parameters)}) {}`),
    ...noops.map(({ name }) => `const ${name}Bare = ${name};`),
    ...all.map(({ name, parameters }, index) => wrapper(name, parameters, index)),
    `globalThis.lvsInstruments = {`,
    `  functions: {`,
    `    arities: [${all.map(({ parameters }) => parameters).join()}],`,
    `    phases: [${all.map(({ phase }) => (phase === 'caller' ? -1 : PHASES.indexOf(phase))).join()}],`,
    `  },`,
    `  noops: [${noops.map(({ name, parameters }) => loops(name, parameters)).join()}],`,
    `};`,
  ];
  return { code: parts.join('\n'), functions };
}

function functionsOf(code: string, map: SourceMap): FirmwareFunction[] {
  const lines = lineStarts(code);
  return parseAst(code).body.flatMap((statement) => {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type !== 'FunctionDeclaration') return [];
    const { start } = node as unknown as { start: number };
    const line = lines.findLastIndex((from) => from <= start);
    const entry = map.findEntry(line, start - lines[line]);
    const source = 'originalSource' in entry ? entry.originalSource : '';
    const file = /firmware\/(.*)\.ts$/.exec(source)?.[1] ?? '';
    const { name } = node.id;
    return [{ name, file, parameters: node.params.length, phase: phaseOf(name, file) }];
  });
}

function lineStarts(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function names(parameters: number): string {
  return Array.from({ length: parameters }, (_, i) => `p${i}`).join();
}

/** Function declarations are bindings like any other: whoever calls by the name calls the wrapper from now on. */
function wrapper(name: string, parameters: number, index: number): string {
  const list = names(parameters);
  const call = `lvsSpans.enter(${index}); const result = inner(${list}); lvsSpans.leave(); return result;`;
  return `{ const inner = ${name}; ${name} = function (${list}) { ${call} }; }`;
}

function loops(name: string, parameters: number): string {
  const args = new Array<number>(parameters).fill(1).join();
  const loop = (body: string): string => `() => { for (let i = 0; i < ${CALIBRATION_ROUNDS}; i++) { ${body} } }`;
  return `{ rounds: ${CALIBRATION_ROUNDS}, loop: ${loop('')}, bare: ${loop(`${name}Bare(${args});`)}, wrapped: ${loop(`${name}(${args});`)} }`;
}
