/** A diagnostic for programs: as JSON, and as the annotation that GitHub shows beside the line. */
import { CODES, docsOf } from '../codes.ts';
import type { Diagnostic } from '../diagnostic.ts';

export function jsonLine(diagnostic: Diagnostic): string {
  const { code, ...rest } = diagnostic;
  return `${JSON.stringify({ type: 'diagnostic', code, title: CODES[code], ...rest, docs: docsOf(code) })}\n`;
}

/** What a workflow command may not hold as it is. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** GitHub marks columns only where the place lies in one line. */
export function annotation(diagnostic: Diagnostic): string {
  const { code, file, line, end_line, column, end_column, what, instead, chain } = diagnostic;
  const columns = line === end_line ? `,col=${column},endColumn=${end_column}` : '';
  const place = `file=${escapedProperty(file)},line=${line},endLine=${end_line}${columns}`;
  const title = escapedProperty(`${code}: ${CODES[code]}`);
  const reached = chain.length > 1 ? `\nReached: ${chain.join(' > ')}` : '';
  return `::error ${place},title=${title}::${escaped(`${what}.\n${instead}.${reached}\nSee ${docsOf(code)}`)}\n`;
}
