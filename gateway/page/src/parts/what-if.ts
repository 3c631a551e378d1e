/** The what-if: throw away a share of what this node hears for a while, and watch what that does to the agreement. */
import type { KeyView, Snapshot } from '../../../view.ts';
import { html, setText } from '../dom.ts';
import * as format from '../format.ts';
import { panel } from './panel.ts';

const LOSSES = [30, 60, 90];
const TIMES_S = [30, 60, 300];
const USUAL = { loss: 60, seconds: 60 };
/** Heard this cycle or the one before. */
const FRESH_CYCLES = 1;

interface Figures {
  spread: number;
  fresh: number;
  peers: number;
}

interface Trial {
  key: string;
  started_ms: number;
  /** Null when the page was opened, or the key chosen, in the middle of it. */
  before: Figures | null;
  worst: number;
}

function choice(
  id: string,
  label: string,
  values: readonly number[],
  usual: number,
  words: (value: number) => string,
): {
  element: HTMLElement;
  select: HTMLSelectElement;
} {
  const select = html(
    'select',
    { id },
    ...values.map((value) => html('option', { value: String(value) }, words(value))),
  );
  select.value = String(usual);
  return { element: html('div', {}, html('label', { for: id }, label), select), select };
}

function timeWords(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
}

function figuresOf(snapshot: Snapshot, key: KeyView | undefined): Figures {
  const fresh = snapshot.peers.filter((peer) => peer.age_cycles <= FRESH_CYCLES * peer.pace).length;
  return { spread: key?.spread ?? 0, fresh, peers: snapshot.peers.length };
}

async function ask(loss: number, seconds: number): Promise<string> {
  try {
    const body = JSON.stringify({ loss, seconds });
    const answer = await fetch('/api/what-if', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (answer.ok) return '';
    const { error } = (await answer.json()) as { error: { what: string; next: string } };
    return `It did not start: ${error.what}; ${error.next}.`;
  } catch {
    return 'It did not start: the gateway does not answer. Try again when the page says “live”.';
  }
}

export class WhatIf {
  readonly #loss = choice('what-if-loss', 'Throw away', LOSSES, USUAL.loss, (loss) => `${loss} %`);
  readonly #time = choice('what-if-time', 'for', TIMES_S, USUAL.seconds, timeWords);
  readonly #start = html('button', { type: 'button', class: 'primary', id: 'what-if-start' });
  readonly #stop = html('button', { type: 'button', id: 'what-if-stop' }, 'Stop now');
  readonly #left = html('p', { class: 'what-if-left', role: 'timer' });
  readonly #progress = html('progress', { max: '1', 'aria-label': 'Time that has passed' });
  readonly #told = html('p', { class: 'note', role: 'status' });
  readonly #effect = html('dl', { class: 'effect' });
  readonly #form = html('div', { class: 'what-if-form' });
  readonly #running: HTMLElement;
  readonly #cells = new Map<string, HTMLElement>();
  #trial: Trial | null = null;
  #active = false;
  /** As it was when nothing ran. */
  #quiet: Figures | null = null;

  constructor() {
    const { element, note } = panel('what-if', 'What if packets get lost?');
    setText(
      note,
      'Throws away a share of what this node hears, for a while. Nothing else changes, and it ends by itself.',
    );
    this.#form.append(this.#loss.element, this.#time.element, this.#start);
    this.#running = html('div', { class: 'what-if-running' }, this.#left, this.#progress, this.#stop);
    for (const name of ['Spread before', 'Spread now', 'Largest', 'Peers heard']) {
      const cell = html('dd');
      this.#cells.set(name, cell);
      this.#effect.append(html('div', {}, html('dt', {}, name), cell));
    }
    element.append(this.#form, this.#running, this.#effect, this.#told);
    this.#running.hidden = true;
    this.#effect.hidden = true;
    this.#start.addEventListener('click', () => void this.#ask(Number(this.#loss.select.value) / 100));
    this.#stop.addEventListener('click', () => void this.#ask(0));
    for (const { select } of [this.#loss, this.#time]) select.addEventListener('change', () => this.#nameStart());
    this.#nameStart();
  }

  show(snapshot: Snapshot, key: KeyView | undefined): void {
    const name = key?.name ?? '';
    const running = snapshot.what_if;
    const now = figuresOf(snapshot, key);
    if (running === null) this.#ended();
    else {
      if (!this.#active) this.#trial = { key: name, started_ms: snapshot.time_ms, before: this.#quiet, worst: 0 };
      this.#showRunning(running.loss, running.until_ms, snapshot.time_ms);
    }
    if (this.#trial !== null && this.#trial.key !== name) {
      this.#trial = this.#active ? { ...this.#trial, key: name, before: null, worst: 0 } : null;
    }
    if (this.#trial !== null) {
      if (running !== null) this.#trial.worst = Math.max(this.#trial.worst, now.spread);
      this.#showEffect(this.#trial, now, key?.unit ?? '');
    }
    this.#effect.hidden = this.#trial === null;
    if (running === null) this.#quiet = now;
  }

  #nameStart(): void {
    setText(this.#start, `Drop ${this.#loss.select.value} % for ${timeWords(Number(this.#time.select.value))}`);
  }

  async #ask(loss: number): Promise<void> {
    const fault = await ask(loss, Number(this.#time.select.value));
    if (fault !== '') setText(this.#told, fault);
  }

  #showRunning(loss: number, until_ms: number, now_ms: number): void {
    const started_ms = this.#trial?.started_ms ?? now_ms;
    setText(this.#left, `Dropping ${format.percent(loss)}: ${format.countdown((until_ms - now_ms) / 1000)} left`);
    this.#progress.value = until_ms > started_ms ? (now_ms - started_ms) / (until_ms - started_ms) : 1;
    if (this.#active) return;
    this.#active = true;
    setText(this.#told, '');
    this.#swap(this.#form, this.#running, this.#stop);
  }

  #ended(): void {
    if (!this.#active) return;
    this.#active = false;
    setText(this.#told, 'It has ended; every packet counts again.');
    this.#swap(this.#running, this.#form, this.#start);
  }

  /** The button that was pressed goes away: the focus goes on to the one that takes its place. */
  #swap(from: HTMLElement, to: HTMLElement, button: HTMLButtonElement): void {
    const focused = from.contains(document.activeElement);
    from.hidden = true;
    to.hidden = false;
    if (focused) button.focus({ preventScroll: true });
  }

  #showEffect({ before, worst }: Trial, now: Figures, unit: string): void {
    const say = (name: string, text: string): void => {
      const cell = this.#cells.get(name);
      if (cell !== undefined) setText(cell, text);
    };
    say('Spread before', format.withUnit(format.spread(before?.spread ?? null), unit));
    say('Spread now', format.withUnit(format.spread(now.spread), unit));
    say('Largest', format.withUnit(format.spread(worst), unit));
    say('Peers heard', `${now.fresh} of ${now.peers}${before === null ? '' : `, before ${before.fresh}`}`);
  }
}
