/** TypeScript programs for the files of a check: one for each tsconfig.json that the files belong to. */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { Failure } from '../cli/errors.ts';
import { pathFrom } from './zones.ts';

export interface Project {
  program: ts.Program;
  files: readonly string[];
}

function textOf(diagnostic: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
}

function readConfig(path: string): ts.ParsedCommandLine {
  const fail = (diagnostic: ts.Diagnostic): never => {
    throw new Failure(`${path}: ${textOf(diagnostic)}; mend it, or run \`npm run types\` to see more`);
  };
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  if (parsed === undefined) throw new Failure(`${path}: it cannot be read`);
  if (parsed.errors.length > 0) fail(parsed.errors[0]);
  return parsed;
}

/** What does not parse cannot be checked, and the compiler says it better. */
function refuseSyntaxErrors(program: ts.Program, files: readonly string[], root: string): void {
  for (const file of files) {
    const source = program.getSourceFile(file);
    if (source === undefined) continue;
    const first = program.getSyntacticDiagnostics(source).at(0);
    if (first === undefined) continue;
    const { line, character } = source.getLineAndCharacterOfPosition(first.start);
    const place = `${pathFrom(root, file)}:${line + 1}:${character + 1}`;
    throw new Failure(`${place}: this does not parse (${textOf(first)}); mend it first, and check again`);
  }
}

function openProject(config: string | undefined, files: readonly string[], root: string): Project {
  const parsed = config === undefined ? undefined : readConfig(config);
  // The firmware's config lists the whole firmware, so that what is cycle code is known; the project's would list the tests.
  const rest = config === undefined || config === join(root, 'tsconfig.json') ? [] : (parsed?.fileNames ?? []);
  const program = ts.createProgram([...new Set([...files, ...rest])], {
    ...(parsed?.options ?? { target: ts.ScriptTarget.ES2022, strict: true }),
    noEmit: true,
  });
  refuseSyntaxErrors(program, files, root);
  return { program, files };
}

export function openProjects(files: readonly string[], root: string): Project[] {
  const byConfig = new Map<string | undefined, string[]>();
  for (const file of files) {
    const config = ts.findConfigFile(dirname(file), (path) => ts.sys.fileExists(path), 'tsconfig.json');
    byConfig.set(config, [...(byConfig.get(config) ?? []), file]);
  }
  return [...byConfig].map(([config, own]) => openProject(config, own, root));
}
