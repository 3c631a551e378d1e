/** Refused datagrams by reason: most of them say something of the network, some of an attacker. */
import type { Snapshot } from '../../../view.ts';
import { html, type Row, Rows, setAttribute, setText } from '../dom.ts';
import * as format from '../format.ts';
import { panel } from './panel.ts';
import { bar } from './peers.ts';

/** Reasons as docs/protocol.md has them, in words. Others are shown by their name. */
const WORDS: Readonly<Partial<Record<string, string>>> = {
  short: 'too short',
  magic: 'not of this protocol',
  version: 'another version',
  flags: 'unknown flags',
  swarm: 'another swarm',
  length: 'wrong length',
  type: 'unknown message',
  value: 'impossible value',
  rate: 'too many at once',
  seal: 'wrong seal',
  echo: 'our own, come back',
  source: 'known from another address',
  stale: 'older than what we have',
  full: 'no room for more',
  range: 'out of range',
  ignored: 'relay ignored',
  replay: 'sent again later',
  'what-if': 'thrown away by the what-if',
};

interface Drop {
  reason: string;
  count: number;
  most: number;
}

function dropRow(): Row<Drop> {
  const words = html('dt');
  const amount = bar();
  const element = html('div', { class: 'drop' }, words, html('dd', {}, amount.element));
  return {
    element,
    update: ({ reason, count, most }) => {
      setText(words, WORDS[reason] ?? reason);
      setAttribute(words, 'title', reason);
      amount.show(count / most, format.count(count));
    },
  };
}

export function dropsPart(): (snapshot: Snapshot) => void {
  const { element, note } = panel('drops', 'Refused datagrams');
  const list = html('dl', { class: 'drops' });
  element.append(list);
  const rows = new Rows<Drop>(list, ({ reason }) => reason, dropRow);
  return ({ drops }) => {
    const counted = Object.entries(drops).filter(([, count]) => count > 0);
    const most = Math.max(1, ...counted.map(([, count]) => count));
    const all = counted.reduce((sum, [, count]) => sum + count, 0);
    setText(note, all === 0 ? 'None since the start.' : `${format.count(all)} since the start, by reason.`);
    rows.show(
      counted.map(([reason, count]) => ({ reason, count, most })).sort((one, other) => other.count - one.count),
    );
  };
}
