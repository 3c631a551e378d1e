/** The active drift cycle (blueprint 4.2 and 6; drift.md, "The cycle"). It allocates nothing. */

import { applyDrift, computeLocalDiff } from '../drift/apply.ts';
import { chooseVoters, computeDriftFromDiffs } from '../drift/from-diffs.ts';
import { computeDriftFromEntropy } from '../drift/from-entropy.ts';
import { calculateLoad, ENTROPY_WORDS, generateEntropy, mixEntropyCache } from '../entropy/engine.ts';
import { draw } from '../entropy/pool.ts';
import { ageSites, claimSites } from '../federation/federation.ts';
import { publishSite } from '../federation/medium.ts';
import { DIFF_NONE } from '../fixed/diff.ts';
import { isTurn } from '../fixed/words.ts';
import { NONE } from '../platform.ts';
import { rebalanceShards } from '../shards/assign.ts';
import { keepClock } from '../transport/freshness.ts';
import { ageGateways, setOwnClaim } from '../transport/gateways.ts';
import { agePeers, learnTrust, networkAge } from '../transport/peers.ts';
import { renewBudget } from '../transport/rate.ts';
import { chooseCounted } from '../transport/relay-choice.ts';
import { beginDatagram, flush, sendBeacon, sendClaims, sendEP, sendRelays, sendSDM } from '../transport/send.ts';
import { FLAG_GATEWAY } from '../transport/wire.ts';
import { correctAnomaly, learnEnergy, openWindow, validateDrift } from '../vaultguard/limits.ts';
import { checkInvariants, triggerRecoveryMode, watchAgreement } from '../vaultguard/recovery.ts';
import { EVENT_RECOVERY_ENTERED, EVENT_RECOVERY_LEFT, EVENT_SEND_FAILED } from './events.ts';
import type { Pull } from '../types/pull.ts';
import type { ShardState } from '../types/state.ts';
import type { Parts } from './parts.ts';
import { chooseCoefficients } from './coefficients.ts';
import { watchPower } from './power.ts';
import { watchSession } from './session.ts';

/** Runs from one entropy packet, and one beacon, to the next. */
const ENTROPY_RUNS = 8;
const BEACON_RUNS = 16;
/** Runs from one look at the peers' trust and the node's power to the next. */
const REVIEW_RUNS = 4;

/**
 * One run of the cycle, `periods` nominal cycles after the one before (1, or 8 in low-power mode).
 * @cycle
 */
export function runCycle(node: Parts, periods: number): void {
  const { transport, state, settings } = node;
  const { table } = transport;
  transport.periods = periods;
  transport.cycle = (transport.cycle + periods) | 0;

  receiveEntropy(node);
  receiveSDMs(node, periods);
  readSensors(node);
  joinFederation(node, periods);

  for (let key = 0; key < state.keys; key++) if (state.held[key] === 1) driftKey(node, key);

  computeLocalDiff(state, table, settings.keys);
  broadcast(node);
  watchSession(node, periods);
  if (isTurn(transport.cycle, REVIEW_RUNS, periods)) {
    learnTrust(table, REVIEW_RUNS, periods);
    watchPower(node, networkAge(table));
  }
  if (state.shards > 1 && isTurn(transport.cycle, BEACON_RUNS, periods)) {
    rebalanceShards(table, state, node.session.nonce, settings.replicas);
  }
}

function receiveEntropy(node: Parts): void {
  const { transport, power } = node;
  if (transport.seal !== null) keepClock(transport.freshness, node.platform.clock);
  mixEntropyCache(node.pool, node.platform.random, node.state);
  power.load = calculateLoad(node.platform.vitals, transport.handled, transport.rate.limit);
  transport.handled = 0;
  renewBudget(transport.rate, node.schedule.pace);
}

function receiveSDMs(node: Parts, periods: number): void {
  const { transport, drift, settings } = node;
  agePeers(transport.table, transport.cycle, periods);
  ageGateways(transport.gateways, periods);
  chooseCounted(transport.table, settings.relay);
  chooseCoefficients(transport.table, settings.relay, periods, drift.coefficients);
  chooseVoters(drift);
  transport.held = transport.table.count - 1;
}

/** The node's own contributions; a reading outside the key's range is no reading. */
function readSensors(node: Parts): void {
  const keys = node.settings.keys;
  const sensors = node.platform.sensors;
  const table = node.transport.table;
  const values = table.values;
  const n = keys.length;
  for (let key = 0; key < n; key++) {
    const settings = keys[key];
    const value = sensors.read(key) | 0;
    const diff = value < settings.low || value > settings.high ? DIFF_NONE : value - settings.reference;
    if (diff === values[key * 2]) continue;
    values[key * 2] = diff;
    table.changed[key] = 1;
  }
}

/** A gateway's own claim is one more among those of its site. */
function joinFederation(node: Parts, periods: number): void {
  const { federation, transport, state, settings } = node;
  if (federation === null) return;
  ageSites(federation, periods);
  claimSites(federation, settings.keys, state);
  setOwnClaim(transport.gateways, transport.tag, transport.cycle, federation.value, federation.weight);
}

/** D = D1 + D2 for one key, through VaultGuard, onto the agreed value. */
function driftKey(node: Parts, key: number): void {
  const state = node.state;
  const core = node.drift;
  const pull = core.pull;
  const settings = node.settings.keys[key];
  if (!checkInvariants(state, key)) recover(node, key);
  if (state.recovering[key] === 0) openWindow(state, key);

  const known = computeDriftFromDiffs(core, key, settings, state.b[key]);
  if (!pull.recalled) noteFound(state, key, known, settings.reference, pull);
  if (!known) return;

  const floor = settings.floor;
  let asked = pull.drift;
  if (pull.remainder !== 0) asked += computeDriftFromEntropy(draw(node.pool), pull.remainder, core.coefficients);
  const drift =
    asked === 0 || validateDrift(state, key, asked, floor) ? asked : correctAnomaly(state, key, asked, floor);
  learnEnergy(state, key, asked, floor);
  applyDrift(state, key, drift);

  const recovering = state.recovering[key];
  if (watchAgreement(state, key, pull)) recover(node, key);
  else if (recovering !== state.recovering[key]) node.platform.log.event(EVENT_RECOVERY_LEFT, key, 0);
}

/** What the cycle found of a key, for whoever looks at the node from outside. */
function noteFound(state: ShardState, key: number, known: boolean, reference: number, pull: Pull): void {
  state.sensors[key] = pull.n;
  state.x[key] = pull.n === 0 ? NONE : pull.x + reference;
  state.target[key] = known ? pull.target + reference : NONE;
  state.med[key] = known ? pull.med + reference : NONE;
  state.cap[key] = pull.cap;
}

function recover(node: Parts, key: number): void {
  triggerRecoveryMode(node.state, key);
  node.platform.log.event(EVENT_RECOVERY_ENTERED, key, 0);
}

/** One datagram: the state diffs, and by turns entropy, a beacon and relayed entries. A gateway also tells the medium. */
function broadcast(node: Parts): void {
  const { transport, schedule, session, federation, platform, power } = node;
  const { periods } = transport;
  // By the tag, so that peers who started together do not all send their entropy in the same cycle.
  const turn = transport.cycle + (transport.tag >>> 28) * periods;
  const unsent = transport.unsent;
  beginDatagram(transport, federation === null ? 0 : FLAG_GATEWAY, transport.table.meanAge, schedule.pace);
  sendSDM(transport);
  if (federation !== null) sendClaims(transport, federation.value, federation.weight);
  if (isTurn(turn, ENTROPY_RUNS, periods)) {
    generateEntropy(transport.vector, node.pool, platform.random);
    sendEP(transport, transport.vector, ENTROPY_WORDS, platform.clock.epoch_ms(), power.load);
  }
  if (transport.asked || session.tellEarlier > 0 || isTurn(turn, BEACON_RUNS, periods)) {
    sendBeacon(transport, session.nonce, session.tellEarlier > 0 ? session.earlier : 0);
    transport.asked = false;
  }
  sendRelays(transport);
  flush(transport, transport.port);
  if (federation !== null && platform.medium !== null) {
    publishSite(transport, federation, platform.medium, node.state);
  }
  if (transport.unsent !== unsent) platform.log.event(EVENT_SEND_FAILED, transport.unsent, 0);
}
