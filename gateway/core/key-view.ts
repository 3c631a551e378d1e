/** What the node knows of one key, in the key's unit: for whoever looks at the gateway. */
import type { Parts } from '../../firmware/node.ts';
import type { Contribution, KeyView, Verdict } from '../view.ts';
import { fromQ16, NONE, ONE } from './settings.ts';
import { AGE, COUNTED, DIFF_NONE, DIRECT_AGE, GUARD_MIN, peerName, REJECT_CAPS, ROW, TAG } from './table.ts';

/** The guard's band, Q16.16. */
interface Band {
  middle: number;
  cap: number;
  reject: number;
}

function bandOf({ state, settings }: Parts, key: number): Band | null {
  const { guard, span } = settings.keys[key];
  const middle = state.med[key];
  if (!guard || middle === NONE || state.sensors[key] === 0) return null;
  const cap = state.cap[key];
  // With few sensors nobody is left out, only clamped: the band then ends nowhere, and is drawn as wide as it may ever be.
  const reject = state.sensors[key] < GUARD_MIN ? REJECT_CAPS * span : Math.min(REJECT_CAPS * cap, span);
  return { middle, cap, reject: Math.max(cap, reject) };
}

/** The node marks who counts only in cycles in which somebody does not. */
function isCounted(table: Parts['transport']['table'], row: number): boolean {
  return table.uncounted === 0 || table.rows[row + COUNTED] === 1;
}

function verdictOf(value: number, counted: boolean, sensors: number, band: Band | null): Verdict {
  if (!counted) return 'not-counted';
  if (band === null) return 'inside';
  const distance = Math.abs(value - band.middle);
  if (distance <= band.cap) return 'inside';
  return sensors >= GUARD_MIN && distance > band.reject ? 'left-out' : 'clamped';
}

interface Heard {
  contributions: Contribution[];
  /** Largest difference between fresh agreed values. */
  spread: number;
}

/** One pass over the table: slot 0 is this node. */
function hear({ transport, settings, state, drift }: Parts, key: number, band: Band | null): Heard {
  const { table } = transport;
  const { reference } = settings.keys[key];
  const fresh = drift.coefficients.vote_age_max;
  const contributions: Contribution[] = [];
  let least = state.b[key] === NONE ? Infinity : state.b[key];
  let most = state.b[key] === NONE ? -Infinity : state.b[key];
  for (let slot = 0; slot < table.count; slot++) {
    const row = slot * ROW;
    const at = (slot * table.keys + key) * 2;
    const own = slot === 0;
    const diff = table.values[at];
    let verdict: Verdict = 'inside';
    if (diff !== DIFF_NONE) {
      const value = diff + reference;
      verdict = verdictOf(value, own || isCounted(table, row), state.sensors[key], band);
      const peer = own ? 'own' : peerName(table.rows[row + TAG]);
      contributions.push({ peer, value: value / ONE, age_cycles: own ? 0 : table.rows[row + AGE], verdict });
    }
    const age = table.rows[row + DIRECT_AGE];
    const said = table.values[at + 1];
    // Who is left out may say what it likes of the agreed value.
    if (own || age === NONE || age > fresh || said === DIFF_NONE || verdict === 'left-out') continue;
    least = Math.min(least, said + reference);
    most = Math.max(most, said + reference);
  }
  return { contributions, spread: most < least ? 0 : (most - least) / ONE };
}

export function keyView(parts: Parts, key: number, unit: string): KeyView {
  const { state, settings } = parts;
  const band = bandOf(parts, key);
  const { contributions, spread } = hear(parts, key, band);
  const recovering = state.recovering[key] === 1;
  const own = contributions.find(({ peer }) => peer === 'own');
  return {
    name: settings.keys[key].name,
    unit,
    agreed: recovering ? null : fromQ16(state.b[key]),
    spread,
    own: own?.value ?? null,
    mean: fromQ16(state.x[key]),
    sensors: state.sensors[key],
    band: band === null ? null : { middle: band.middle / ONE, cap: band.cap / ONE, reject: band.reject / ONE },
    contributions,
    recovering,
  };
}
