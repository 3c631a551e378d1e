/** Puts the page together: the stream on one side, one part for each section on the other. */
import type { KeyView, Snapshot } from '../../view.ts';
import { byId } from './dom.ts';
import { Live } from './live.ts';
import { alarmsPart } from './parts/alarms.ts';
import { contributionsPart } from './parts/contributions.ts';
import { dropsPart } from './parts/drops.ts';
import { Header } from './parts/header.ts';
import { History } from './parts/history.ts';
import { keysPart } from './parts/keys.ts';
import { peersPart } from './parts/peers.ts';
import { sitesPart } from './parts/sites.ts';
import { sourcesPart } from './parts/sources.ts';
import { WhatIf } from './parts/what-if.ts';
import { themeButton } from './theme.ts';

let latest: Snapshot | null = null;
let chosen = '';

const header = new Header();
const history = new History();
const contributions = contributionsPart();
const whatIf = new WhatIf();
const showKeys = keysPart(
  (name) => {
    chosen = name;
    if (latest !== null) show(latest);
  },
  () => chosen,
);
const others = [alarmsPart(), peersPart(), dropsPart(), sourcesPart(), sitesPart()];

function chosenKey(snapshot: Snapshot): KeyView | undefined {
  return snapshot.keys.find(({ name }) => name === chosen) ?? snapshot.keys[0];
}

function show(snapshot: Snapshot): void {
  latest = snapshot;
  const key = chosenKey(snapshot);
  chosen = key?.name ?? '';
  header.show(snapshot);
  showKeys(snapshot);
  history.show(snapshot, key);
  contributions(key);
  whatIf.show(snapshot, key);
  for (const part of others) part(snapshot);
}

themeButton(byId('theme'), () => history.recolour());
new Live({
  snapshot: show,
  live: (live) => {
    header.connected(live);
    if (!live) history.missed();
  },
  password: (set) => {
    byId('log-out').hidden = !set;
  },
}).open();
