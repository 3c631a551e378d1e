/** Alarms by class, and what came and went since the last look. */

import type { Alarm } from '../view.ts';

/** The class of an alarm is what its id begins with, up to the first colon or slash: `source:room1/temp` is one of `source`. */
export function alarmClass({ id }: Alarm): string {
  return id.split(/[:/]/, 1)[0];
}

export interface AlarmChange {
  what: 'raised' | 'cleared';
  alarm: Alarm;
}

export class AlarmWatch {
  #known = new Map<string, Alarm>();

  changes(alarms: readonly Alarm[]): AlarmChange[] {
    const now = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    const raised = alarms.filter(({ id }) => !this.#known.has(id));
    const cleared = [...this.#known.values()].filter(({ id }) => !now.has(id));
    this.#known = now;
    return [
      ...raised.map((alarm): AlarmChange => ({ what: 'raised', alarm })),
      ...cleared.map((alarm): AlarmChange => ({ what: 'cleared', alarm })),
    ];
  }
}
