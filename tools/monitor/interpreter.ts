/**
 * Lines in, events out: what each says in words, what it means, and where in the TypeScript it was. Knows no port, no
 * terminal and no clock, so a log that somebody mailed in is read by the same code as a board on the desk.
 */
import type { FrameEvent, LineEvent, MonitorEvent, NoticeEvent } from './events.ts';
import { notice } from './events.ts';
import { DEBUG_BUILD, DEBUGGER_BAUD } from './explain/debugger.ts';
import { Explainer } from './explain/explainer.ts';
import type { Knowledge } from './explain/explanation.ts';
import type { Build } from './frames/bundles.ts';
import { Changed } from './frames/changed.ts';
import { BUNDLE_PLACE, parseFrame, type XsFrame } from './frames/parse.ts';
import { provenance } from './frames/provenance.ts';
import { originalPlace, Translator } from './frames/translate.ts';
import { nodeWords } from './lines/node-words.ts';
import { type ParsedLine, parseLine } from './lines/parse.ts';
import { StatusColumns } from './lines/status.ts';
import { readXsbug } from './lines/xsbug.ts';
import { isUnreadable, NoiseMeter, printable, withoutNoiseAhead } from './text/noise.ts';
import type { SplitLine } from './text/line-splitter.ts';

export interface InterpreterOptions {
  root: string;
  build: Build;
  knowledge: Knowledge;
  /** 0 where it comes from no port. */
  baud: number;
  /** Called when the log names a board that nobody had named: gives what is known of it, or null. */
  onBoard: (board: string) => Knowledge | null;
}

/** From the first line of a panic to the restart everything is part of it. */
const PANIC_STARTS =
  /Guru Meditation Error|abort\(\) was called|^assert failed: |^assertion "|\*\*\*ERROR\*\*\*|Stack smashing protect/;
const PANIC_ENDS = /^Rebooting|^CPU halted/;
/** Errors of ESP-IDF that are no part of a panic, and of XS. */
const LEVEL_E =
  /^(?:[A-Z]\w*)?Error(?:: |$)|^XS abort: |^stack overflow \(|^# .*(?:failed|[Ee]xception)|exception: |^invalid header: |^flash read err/;

const fieldOf = (fields: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(fields, name) ? fields[name] : '';

export class Interpreter {
  readonly #options: InterpreterOptions;
  readonly #explainer: Explainer;
  readonly #translator: Translator;
  readonly #changed: Changed;
  readonly #status = new StatusColumns();
  readonly #noise = new NoiseMeter();
  #keys: readonly string[] = [];
  #running = '';
  #panic = false;
  #placesTold = false;
  #linelessTold = false;

  constructor(options: InterpreterOptions) {
    this.#options = options;
    this.#explainer = new Explainer({ ...options.knowledge });
    this.#translator = new Translator(options.build);
    this.#changed = new Changed(options.root, options.build);
  }

  /** The user resets the chip: what follows is no crash. */
  resetAsked(): void {
    this.#explainer.restarts.asked();
  }

  /** @param at_ms when the line came; null where nobody knows */
  push({ text: heard, cut }: SplitLine, at_ms: number | null): MonitorEvent[] {
    const events: MonitorEvent[] = this.#noise.hear(heard) ? [this.#noiseNotice()] : [];
    const text = withoutNoiseAhead(heard);
    const xs = readXsbug(text);
    if (xs === null) return [...events, ...this.#line(text, cut, at_ms)];
    for (const said of xs.lines) events.push(...this.#line(said, cut, at_ms, true));
    if (xs.login) {
      events.push(...this.#explainer.tell('debug-build', DEBUG_BUILD));
    }
    return events;
  }

  #line(text: string, cut: boolean, at_ms: number | null, byXs = false): MonitorEvent[] {
    if (text.trim() === '') return [];
    const frame = parseFrame(text);
    if (frame !== null) return this.#frame(frame, text);
    const parsed = parseLine(text);
    this.#learn(parsed);
    const notices: NoticeEvent[] = [];
    const line = this.#lineEvent(parsed, text, cut, notices);
    if (byXs && line.speaker === 'chip') line.speaker = 'xs';
    const { speaker, level, name, fields } = line;
    return [...notices, line, ...this.#explainer.explain({ text, speaker, level, name, fields }, at_ms)];
  }

  /** The settings line names the board and the keys, which later lines have only as numbers; the ROM names the chip. */
  #learn({ speaker, name, fields, rest }: ParsedLine): void {
    const chip = /^ESP-ROM:(esp32\w*)/.exec(rest)?.[1] ?? (/^ets [A-Z]/.test(rest) ? 'esp32' : '');
    if (chip !== '' && this.#explainer.knowledge.chip === '') this.#explainer.knowledge.chip = chip;
    if (speaker === 'node' && name === 'boot') this.#running = fieldOf(fields, 'bundle');
    if (speaker !== 'node' || name !== 'settings') return;
    this.#keys = fieldOf(fields, 'keys').split(',');
    const { knowledge } = this.#explainer;
    const board = fieldOf(fields, 'board');
    if (knowledge.board !== '' || board === '') return;
    const known = this.#options.onBoard(board);
    if (known !== null) Object.assign(knowledge, known);
  }

  #lineEvent(parsed: ParsedLine, raw: string, cut: boolean, notices: NoticeEvent[]): LineEvent {
    const { speaker, name, rest, fields } = parsed;
    if (PANIC_STARTS.test(raw)) this.#panic = true;
    const level = parsed.level === '' && (this.#panic || LEVEL_E.test(raw)) ? 'E' : parsed.level;
    if (PANIC_ENDS.test(raw) || speaker === 'node') this.#panic = false;
    return { type: 'line', level, speaker, name, text: this.#words(parsed, rest, notices), raw, fields, cut };
  }

  #words({ speaker, name, fields }: ParsedLine, rest: string, notices: NoticeEvent[]): string {
    if (isUnreadable(rest)) return `${rest.length} characters that are no text`;
    if (speaker === 'node') {
      if (name === 'status') return this.#status.align(fields);
      const words = nodeWords(name, fields, this.#keys);
      if (words !== '') return this.#withPlaces(printable(words), notices);
    }
    return this.#withPlaces(printable(rest), notices);
  }

  #withPlaces(text: string, notices: NoticeEvent[]): string {
    return text.replaceAll(BUNDLE_PLACE, (whole, file: string, line: string, column?: string) => {
      const bundle = this.#translator.bundleOf(file);
      const place = bundle === undefined ? null : originalPlace(bundle, Number(line), Number(column ?? 0));
      if (bundle === undefined || place === null) return whole;
      const source = bundle.sources[place.source];
      notices.push(...this.#provenance(), ...this.#changed.look(source));
      return `${source}:${place.line}:${place.column}`;
    });
  }

  #frame(frame: XsFrame, text: string): MonitorEvent[] {
    const event: FrameEvent = this.#translator.frame(frame, text.trim());
    const events: MonitorEvent[] = [
      ...this.#provenance(),
      ...this.#changed.look(event.known === 'none' ? '' : event.file),
    ];
    if (event.known === 'function' && !this.#linelessTold) {
      this.#linelessTold = true;
      events.push(notice('I', 'this build knows no lines: frames show where their functions begin'));
    }
    return [...events, event];
  }

  #provenance(): NoticeEvent[] {
    if (this.#placesTold) return [];
    this.#placesTold = true;
    const { build, root } = this.#options;
    return provenance(build, root, this.#explainer.knowledge.board, this.#running);
  }

  #noiseNotice(): NoticeEvent {
    const { baud } = this.#options;
    const others = [115_200, DEBUGGER_BAUD, 74_880].filter((rate) => rate !== baud);
    const advice = `try ${others.map((rate) => `-b ${rate}`).join(', ')} (a node has 115200, a debug build ${DEBUGGER_BAUD})`;
    return notice(
      'W',
      baud === 0
        ? 'this is no text: the log was taken at another baud rate than the board has, or is no log'
        : `this is no text: at ${baud} baud the board is not understood, or two programs read the port; ${advice}`,
    );
  }
}
