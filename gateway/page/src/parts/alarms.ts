/** What needs a person, before everything else; nothing at all when there is nothing. */
import type { Alarm, Snapshot } from '../../../view.ts';
import { byId, html, type Row, Rows, setAttribute, setText } from '../dom.ts';
import * as format from '../format.ts';

function alarmRow(): Row<Alarm> {
  const text = html('p');
  const time = html('time');
  const element = html('li', {}, html('span', { class: 'alarm-mark', 'aria-hidden': 'true' }, '!'), text, time);
  return {
    element,
    update: (alarm) => {
      setAttribute(element, 'class', `alarm ${alarm.severity}`);
      setText(text, `${alarm.severity === 'error' ? 'Error' : 'Warning'}: ${alarm.text}`);
      setText(time, `since ${format.timeOfDay(alarm.since_ms)}`);
    },
  };
}

export function alarmsPart(): (snapshot: Snapshot) => void {
  const list = html('ul');
  byId('alarms').append(list);
  const rows = new Rows<Alarm>(list, ({ id }) => id, alarmRow);
  const rank = (alarm: Alarm): number => (alarm.severity === 'error' ? 0 : 1);
  return ({ alarms }) => {
    rows.show([...alarms].sort((one, other) => rank(one) - rank(other) || one.since_ms - other.since_ms));
  };
}
