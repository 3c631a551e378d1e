/** What came of it: a table for people, lines of JSON, and JUnit's XML. */
import { textTable } from '../cli/table.ts';
import { groupOf, inReportOrder } from './clauses/all.ts';
import { GROUPS, type Verdict } from './clauses/clause.ts';
import type { Result } from './examine.ts';

const WORDS: Readonly<Record<Verdict, string>> = { pass: 'pass', fail: 'FAIL', none: 'not observable' };

export interface Summary {
  pass: number;
  fail: number;
  not_observable: number;
}

export function summarise(results: readonly Result[]): Summary {
  const count = (verdict: Verdict): number => results.filter(({ finding }) => finding.verdict === verdict).length;
  return { pass: count('pass'), fail: count('fail'), not_observable: count('none') };
}

export function clauseLine({ clause, finding }: Result): string {
  const { name, text } = clause;
  const verdict = finding.verdict === 'none' ? 'not observable' : finding.verdict;
  return `${JSON.stringify({ type: 'clause', name, section: GROUPS[groupOf(clause)], text, verdict, evidence: finding.evidence })}\n`;
}

/** Breaks at spaces; a longer word stands alone. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}`).join('\n');
}

const WIDTH_MIN = 60;
const WIDTH_MAX = 110;

/** The table reads on 80 columns; the evidence follows it. */
export function humanReport(results: readonly Result[], columns: number | undefined): string {
  const width = Math.min(Math.max(columns ?? 80, WIDTH_MIN), WIDTH_MAX);
  const byClause = new Map(results.map((result) => [result.clause, result]));
  const ordered = inReportOrder(results.map(({ clause }) => clause)).flatMap((clause) => byClause.get(clause) ?? []);
  const parts = Object.entries(GROUPS).flatMap(([group, title]) => {
    const own = ordered.filter(({ clause }) => groupOf(clause) === group);
    if (own.length === 0) return [];
    const rows = own.map(({ clause, finding }) => [`  ${clause.name}`, WORDS[finding.verdict]]);
    return [[title, rows] as const];
  });
  const name = Math.max(...parts.flatMap(([, rows]) => rows.map((row) => row[0].length)));
  const table = parts.map(([title, rows]) => `${title}\n${textRows(rows, name)}`).join('');
  const evidence = ordered.map(({ clause, finding }) => {
    const head = `${clause.name}: ${WORDS[finding.verdict]}`;
    return `${head}\n${wrap(clause.text, width, '  ')}\n${wrap(finding.evidence, width, '    ')}\n`;
  });
  const { pass, fail, not_observable } = summarise(results);
  return `${table}\n${pass} pass, ${fail} fail, ${not_observable} not observable\n\nEvidence\n\n${evidence.join('')}`;
}

function textRows(rows: readonly string[][], width: number): string {
  const lines = textTable({ columns: [''.padEnd(width), ''], rows })
    .split('\n')
    .slice(1);
  return lines.join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function junitReport(results: readonly Result[], target: string): string {
  const { fail, not_observable } = summarise(results);
  const cases = results.map(({ clause, finding }) => {
    const said = escaped(finding.evidence);
    const inside = {
      pass: `<system-out>${said}</system-out>`,
      fail: `<failure message="${escaped(clause.text)}">${said}</failure>`,
      none: `<skipped message="${said}"/>`,
    }[finding.verdict];
    return `  <testcase classname="compliance.${groupOf(clause)}" name="${clause.name}">${inside}</testcase>\n`;
  });
  const head = `<testsuite name="compliance of ${escaped(target)}" tests="${results.length}" failures="${fail}" skipped="${not_observable}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${cases.join('')}</testsuite>\n`;
}
