/** Commander as this project wants it: nothing is printed and nothing exits behind our back; errors are one line. */
import { Command, CommanderError } from 'commander';
import type { Help } from 'commander';
import { UsageError } from './errors.ts';

const HELP_WIDTH_MAX = 110;

/** What it would print comes back as help text or as an error. */
const ignore = (): undefined => undefined;

/** A term that is longer stands on a line of its own, with its description below. */
const TERM_WIDTH = 28;
const DESCRIPTION_WIDTH_MIN = 30;
/** Where that leaves too little for the description, every term does. */
const NARROW_INDENT = '      ';

function helpItem(term: string, description: string, width: number, helper: Help): string {
  if (width < TERM_WIDTH + 4 + DESCRIPTION_WIDTH_MIN) {
    const below = helper.boxWrap(description, width - NARROW_INDENT.length).split('\n');
    return [`  ${term}`, ...below.map((line) => `${NARROW_INDENT}${line}`.trimEnd())].join('\n');
  }
  const lines = helper.boxWrap(description, width - TERM_WIDTH - 4).split('\n');
  const [first, ...rest] = term.length <= TERM_WIDTH ? lines : ['', ...lines];
  const indent = ' '.repeat(TERM_WIDTH + 4);
  return [`  ${term.padEnd(TERM_WIDTH)}  ${first}`.trimEnd(), ...rest.map((line) => `${indent}${line}`)].join('\n');
}

export function createCommand(name: string, width: number | undefined): Command {
  const helpWidth = Math.min(width ?? HELP_WIDTH_MAX, HELP_WIDTH_MAX);
  return new Command(name)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({
      formatItem: (term, _width, description, helper) => helpItem(term, description, helpWidth, helper),
    })
    .configureOutput({ writeOut: ignore, writeErr: ignore, getOutHelpWidth: () => helpWidth });
}

function usageLine(error: CommanderError, command: Command): string {
  const [first] = command.args.slice(command.registeredArguments.length);
  const text = error.code === 'commander.excessArguments' ? `"${first}" is one word too many` : error.message;
  const line = text
    .replace(/^error: /, '')
    .replace(/\s*\(Did you mean (.*?)\?\)/, '; did you mean $1?')
    .replaceAll(/\s+/g, ' ')
    .replace(/\.$/, '');
  return line.includes('did you mean') ? line : `${line}; --help tells what there is`;
}

/** Parses. Gives the help text when the user asked for it, '' otherwise; wrong words are a UsageError. */
export function parseCommand(command: Command, argv: readonly string[]): string {
  try {
    command.parse(argv, { from: 'user' });
    return '';
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code !== 'commander.helpDisplayed') throw new UsageError(usageLine(error, command));
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    return text;
  }
}
