/** Finds what is known about a line, and tells it in full once. */
import type { ExplanationEvent } from '../events.ts';
import { BOOT_PATTERNS } from './boot.ts';
import type { ExplainedLine, Explanation, Knowledge, Pattern } from './explanation.ts';
import { NODE_PATTERNS } from './node.ts';
import { PANIC_PATTERNS } from './panics.ts';
import { Restarts } from './restarts.ts';
import { Slots } from './slots.ts';
import { XS_PATTERNS } from './xs.ts';

export const PATTERNS: readonly Pattern[] = [...PANIC_PATTERNS, ...XS_PATTERNS, ...BOOT_PATTERNS, ...NODE_PATTERNS];

/** `rst:0x1 (POWERON_RESET),boot:0x13 (...)`; ESP-IDF's documents show the same with and without `_RESET`. */
const ROM_RESET = /^rst:0x[0-9a-f]+ \((\w+)\)/;

/** A repetition is worth a word at the 2nd, 4th, 8th ... time. */
const isPowerOfTwo = (times: number): boolean => (times & (times - 1)) === 0;

export class Explainer {
  readonly knowledge: Knowledge;
  readonly restarts = new Restarts();
  readonly #slots = new Slots();
  readonly #times = new Map<string, number>();
  /** Title of the last error that was explained: what a loop of restarts likely comes from. */
  #cause = '';

  constructor(knowledge: Knowledge) {
    this.knowledge = knowledge;
  }

  /** @param at_ms when the line came, null where nobody knows */
  explain(line: ExplainedLine, at_ms: number | null): ExplanationEvent[] {
    const events = [...this.#restart(line, at_ms), ...this.#slot(line)];
    for (const { id, test, explain } of PATTERNS) {
      const match = test.exec(line.text);
      const explanation = match === null ? null : explain(match, this.knowledge);
      if (explanation === null) continue;
      if (explanation.level === 'E') this.#cause = explanation.title;
      events.push(...this.tell(id, explanation));
      break;
    }
    if (line.speaker === 'node' && line.name === 'status') {
      this.restarts.ranWell();
      this.#cause = '';
    }
    return events;
  }

  /** In full the first time, now and then after that. */
  tell(id: string, explanation: Explanation): ExplanationEvent[] {
    const key = `${id} ${explanation.title}`;
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, times);
    return isPowerOfTwo(times) ? [{ type: 'explanation', id, ...explanation, times }] : [];
  }

  #restart({ text, speaker, name, fields }: ExplainedLine, at_ms: number | null): ExplanationEvent[] {
    const rom = ROM_RESET.exec(text)?.[1];
    let loop: Explanation | null = null;
    if (rom !== undefined) loop = this.restarts.rom(rom, at_ms, this.#cause);
    else if (speaker === 'node' && name === 'boot')
      loop = this.restarts.application(Object.hasOwn(fields, 'reset') ? fields.reset : '', at_ms, this.#cause);
    return loop === null ? [] : this.tell('boot-loop', loop);
  }

  #slot({ text }: ExplainedLine): ExplanationEvent[] {
    const found = this.#slots.hear(text);
    return found === null ? [] : this.tell(found.id, found.explanation);
  }
}
