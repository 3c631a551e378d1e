/** What is wrong just now, by id. Who raises one clears it; the log tells both. */
import type { Alarm } from '../view.ts';

export interface AlarmsOptions {
  now_ms: () => number;
  onRaise: (alarm: Alarm) => void;
  onClear: (alarm: Alarm, lasted_ms: number) => void;
}

/** More would not be read, and somebody who can raise them at will may not fill the memory. */
export const ALARMS_MAX = 200;

export class Alarms {
  /** Raised since the start. */
  raised = 0;
  readonly #options: AlarmsOptions;
  readonly #active = new Map<string, Alarm>();

  constructor(options: AlarmsOptions) {
    this.#options = options;
  }

  /** The same id again changes the text and tells nothing new. */
  raise(id: string, severity: Alarm['severity'], text: string): void {
    const known = this.#active.get(id);
    if (known !== undefined) {
      known.text = text;
      known.severity = severity;
      return;
    }
    if (this.#active.size >= ALARMS_MAX) return;
    const alarm: Alarm = { id, severity, text, since_ms: this.#options.now_ms() };
    this.#active.set(id, alarm);
    this.raised++;
    this.#options.onRaise(alarm);
  }

  clear(id: string): void {
    const alarm = this.#active.get(id);
    if (alarm === undefined) return;
    this.#active.delete(id);
    this.#options.onClear(alarm, this.#options.now_ms() - alarm.since_ms);
  }

  /** Clears those whose id begins so: a part that goes takes its alarms along. */
  clearAll(prefix: string): void {
    for (const id of [...this.#active.keys()]) if (id.startsWith(prefix)) this.clear(id);
  }

  has(id: string): boolean {
    return this.#active.has(id);
  }

  /** Oldest first. */
  list(): Alarm[] {
    return [...this.#active.values()].map((alarm) => ({ ...alarm }));
  }
}
