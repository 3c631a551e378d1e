/** Who is heard, and how far each is trusted. */
import type { PeerView, Snapshot } from '../../../view.ts';
import { html, type Row, Rows, setAttribute, setText, table } from '../dom.ts';
import * as format from '../format.ts';
import { panel } from './panel.ts';

/** Below this a peer stands before the others: the guard leaves out a good part of what it says. */
const DOUBTED = 0.75;

/** A bar and its figure. */
export function bar(): { element: HTMLElement; show: (share: number, text: string) => void } {
  const fill = html('span', { class: 'bar-fill' });
  const text = html('span', { class: 'bar-text' });
  return {
    element: html('span', { class: 'bar' }, html('span', { class: 'bar-track', 'aria-hidden': 'true' }, fill), text),
    show: (share, words) => {
      fill.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
      setText(text, words);
    },
  };
}

function peerRow(): Row<PeerView> {
  const trust = bar();
  const name = html('th', { scope: 'row', class: 'code' });
  const cells = [html('td'), html('td'), html('td')] as const;
  const element = html('tr', {}, name, html('td', {}, trust.element), ...cells);
  return {
    element,
    update: (peer) => {
      setText(name, peer.peer);
      trust.show(peer.trust, format.percent(peer.trust));
      setAttribute(element, 'data-doubted', String(peer.trust < DOUBTED));
      setText(cells[0], format.count(peer.age_cycles));
      setText(cells[1], format.count(peer.holds));
      setText(cells[2], format.count(peer.pace));
    },
  };
}

function order(one: PeerView, other: PeerView): number {
  const doubt = Number(one.trust >= DOUBTED) - Number(other.trust >= DOUBTED);
  return doubt !== 0 ? doubt : one.peer < other.peer ? -1 : 1;
}

export function peersPart(): (snapshot: Snapshot) => void {
  const { element, note } = panel('peers', 'Peers and trust');
  const figures = table('Peers', ['Peer', 'Trust', 'Age', 'Holds', 'Pace']);
  element.append(figures.element);
  const rows = new Rows<PeerView>(figures.body, ({ peer }) => peer, peerRow);
  return ({ peers }) => {
    const doubted = peers.filter(({ trust }) => trust < DOUBTED).length;
    const about = doubted === 0 ? 'all trusted' : `${format.count(doubted)} in doubt`;
    setText(
      note,
      peers.length === 0
        ? 'Nobody else is heard.'
        : `${format.count(peers.length)} heard, ${about}. Age and pace are in cycles.`,
    );
    rows.show([...peers].sort(order));
    figures.element.hidden = peers.length === 0;
  };
}
