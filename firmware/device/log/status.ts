/** The node's state in a line, now and then: `status cycle=120 peers=7 low=0 alpha/temp=21.53`. */

import type { Parts } from '../../node.ts';
import { NONE } from '../../platform.ts';

const ONE = 65536;

export function statusLine({ transport, power, settings, state }: Parts): string {
  let line = `cycle=${transport.cycle} peers=${transport.table.count - 1} low=${power.low ? 1 : 0}`;
  for (let key = 0; key < state.keys; key++) {
    const b = state.b[key];
    line += ` ${settings.keys[key].name}=${b === NONE ? 'none' : (b / ONE).toFixed(4)}`;
  }
  return line;
}

/** True while any value is being taken from the peers. */
export function isRecovering({ state }: Parts): boolean {
  for (let key = 0; key < state.keys; key++) {
    if (state.recovering[key] === 1) return true;
  }
  return false;
}
