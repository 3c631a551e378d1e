/** A diagnostic for people: the place, what is wrong, the line itself, and what to write instead. */
import type { Colours } from '../../cli/colour.ts';
import { docsOf } from '../codes.ts';
import type { Diagnostic } from '../diagnostic.ts';

const LABEL_WIDTH = 9;

/** The line before and the line at fault, with a mark under what is meant. */
function codeFrame(diagnostic: Diagnostic, lines: readonly string[], colours: Colours): string[] {
  const { line, column, end_line, end_column } = diagnostic;
  const width = String(line).length;
  const text = lines[line - 1];
  const end = end_line === line ? end_column : text.length + 1;
  const mark = colours.red('^'.repeat(Math.max(1, end - column)));
  // Tabs stay tabs, so that the mark stands under its text whatever their width is.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const gutter = (label: string): string => colours.dim(`${label.padStart(width)} |`);
  const before =
    line > 1 && lines[line - 2].trim() !== '' ? [`    ${gutter(String(line - 1))} ${lines[line - 2]}`] : [];
  return [...before, `  ${colours.red('>')} ${gutter(String(line))} ${text}`, `    ${gutter('')} ${indent}${mark}`];
}

function labelled(label: string, text: string, colours: Colours): string {
  return `    ${colours.dim(`${label}:`.padEnd(LABEL_WIDTH))}${text}`;
}

/** @param lines of the file that the diagnostic is about */
export function humanText(diagnostic: Diagnostic, lines: readonly string[], colours: Colours): string {
  const { code, file, line, column, what, instead, chain } = diagnostic;
  const place = colours.bold(`${file}:${line}:${column}`);
  return [
    `${place}  ${colours.red(code)}  ${what}.`,
    ...codeFrame(diagnostic, lines, colours),
    labelled('instead', `${instead}.`, colours),
    ...(chain.length > 1 ? [labelled('reached', chain.join(' > '), colours)] : []),
    labelled('more', docsOf(code), colours),
    '',
    '',
  ].join('\n');
}
