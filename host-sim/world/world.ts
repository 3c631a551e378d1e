/** The world: nodes that run the firmware bundle, on networks that lose what they send, in virtual time. A seed replays it bit for bit. */

import { createHash } from 'node:crypto';
import { Medium } from '../network/medium.ts';
import { buildNetworks, type Networks } from '../network/topology.ts';
import type { LinkTable } from '../scenario/links.ts';
import type { ReadingTable } from '../scenario/readings.ts';
import { Actor } from './actor.ts';
import { FALSE_READINGS, falseReading } from './attacks/contributions.ts';
import { type Knowledge, stealthValue } from './attacks/knowledge.ts';
import { Tamperer } from './attacks/outgoing.ts';
import type { Bundle } from './bundle.ts';
import { Inputs } from './inputs.ts';
import { EventQueue } from './kernel.ts';
import { drawMembers, type Members } from './members.ts';
import { type Measured, measureKey, Tracker } from './measures.ts';
import type { CreateNode, WorldNode } from './node.ts';
import { createRandom, type Random } from './random.ts';
import type { CycleReport, Summary } from './report.ts';
import type { Scenario } from './scenario.ts';
import { settingsOf, toQ16 } from './settings.ts';

export interface Data {
  links: LinkTable | null;
  readings: ReadingTable | null;
}

export interface World {
  readonly cycle: number;
  /** Runs one cycle of virtual time. */
  step(): CycleReport;
  summary(): Summary;
}

/** Streams of randomness, so that one more draw in one place moves nothing elsewhere. */
const STREAM_TOPOLOGY = 1;
const STREAM_MEMBERS = 2;
const STREAM_INPUTS = 3;
const STREAM_LAN = 4;
const STREAM_MEDIUM = 5;
const STREAM_CUTS = 6;
const STREAM_CLOCKS = 7;
const STREAM_STORES = 8;
const STREAM_SHARED_TAGS = 9;
const STREAM_NODE = 1000;
const STREAM_ATTACK = 1_000_000;

const INVENTED_TAGS = 20;

/** `createNode` says where the nodes run; without it they run here. */
export function createWorld(bundle: Bundle, scenario: Scenario, data: Data, createNode?: CreateNode): World {
  return new SimulatedWorld(bundle, scenario, data, createNode ?? bundle.api.createNode);
}

class SimulatedWorld implements World {
  cycle = 0;
  private readonly queue = new EventQueue();
  private readonly random: Random;
  private readonly networks: Networks;
  private readonly members: Members;
  private readonly inputs: Inputs;
  private readonly actors: Actor[] = [];
  private readonly up: Uint8Array;
  private readonly lan: Medium;
  private readonly medium: Medium | null;
  private readonly tamperers: (Tamperer | null)[];
  private readonly know: Knowledge;
  private readonly stealth: number[];
  private readonly measured: Measured[];
  private readonly digests: Int32Array;
  private readonly tracker = new Tracker();
  private readonly trace = createHash('sha256');
  private readonly storeRandom: Random;
  private readonly cutLinks: Uint8Array[];
  private falseVerdicts = 0;
  private nodeCycles = 0;
  private relayedByGone = 0;
  private sentByGone = 0;
  private wall_ms = 0;
  private readonly dropsOfGone: number[];

  private readonly bundle: Bundle;
  private readonly scenario: Scenario;

  constructor(bundle: Bundle, scenario: Scenario, data: Data, createNode: CreateNode) {
    this.bundle = bundle;
    this.scenario = scenario;
    const { nodes, keys } = scenario;
    this.random = createRandom(scenario.seed);
    this.networks = buildNetworks(scenario, data.links, this.random.fork(STREAM_TOPOLOGY));
    this.members = drawMembers(scenario, this.random.fork(STREAM_MEMBERS));
    this.inputs = new Inputs(scenario, data.readings, this.networks.site, this.random.fork(STREAM_INPUTS));
    this.up = new Uint8Array(nodes);
    this.digests = new Int32Array(nodes);
    this.storeRandom = this.random.fork(STREAM_STORES);
    this.dropsOfGone = new Array<number>(bundle.api.DROP_NAMES.length).fill(0);
    this.stealth = keys.map(() => 0);
    this.lan = this.createMedium(this.networks.lan, STREAM_LAN, false);
    this.medium = this.networks.medium && this.createMedium(this.networks.medium, STREAM_MEDIUM, true);
    this.cutLinks = this.drawCuts();
    this.know = {
      keys: keys.length,
      high: (key) => toQ16(keys[key].range[1]),
      stealth: (key) => this.stealth[key],
      reference: (key) => toQ16(keys[key].reference),
      victims: () => this.victims(),
    };
    this.tamperers = this.createTamperers();
    this.measured = Array.from({ length: nodes }, (_, i) => ({
      up: false,
      honest: this.members.attack[i] === null,
      sound: true,
      group: this.networks.site[i],
    }));
    this.createActors(createNode);
  }

  step(): CycleReport {
    const started_ms = performance.now();
    this.cycle++;
    this.inputs.advance(this.cycle);
    this.prepareKnowledge();
    this.applyEvents();
    this.queue.run(this.cycle * this.scenario.cycle_ms);
    const report = this.measure();
    this.tracker.add(report);
    this.wall_ms += performance.now() - started_ms;
    return report;
  }

  summary(): Summary {
    const { scenario, lan, medium } = this;
    const seconds = Math.max(this.wall_ms, 0.001) / 1000;
    const sent = lan.counts.sent + (medium?.counts.sent ?? 0);
    const delivered = lan.counts.delivered + (medium?.counts.delivered ?? 0);
    const bytes = lan.counts.bytes + (medium?.counts.bytes ?? 0);
    const { drops, relayed, ownSent } = this.countNodes();
    const minutes = (this.nodeCycles * scenario.cycle_ms) / 60_000;
    return {
      type: 'summary',
      scenario: scenario.name,
      seed: scenario.seed,
      nodes: scenario.nodes,
      keys: scenario.keys.length,
      cycles: this.cycle,
      ...this.tracker.figures(),
      datagrams_sent: sent,
      datagrams_delivered: delivered,
      bytes_per_node_per_minute: minutes === 0 ? 0 : bytes / minutes,
      relayed_entries_per_datagram: ownSent === 0 ? 0 : relayed / ownSent,
      false_verdicts: this.falseVerdicts,
      drops,
      wall_ms: this.wall_ms,
      node_cycles_per_second: this.nodeCycles / seconds,
      datagrams_per_second: delivered / seconds,
      bundle_sha256: this.bundle.sha256,
      trace_sha256: this.trace.copy().digest('hex'),
    };
  }

  private createMedium(links: Networks['lan'], stream: number, between: boolean): Medium {
    const receive = (to: number, view: DataView, from: number): void => {
      this.actors[to].deliver(view, from, between);
      this.tamperers[to]?.overhear(view);
    };
    return new Medium(this.queue, links, this.scenario, this.random.fork(stream), this.up, receive);
  }

  private createActors(createNode: CreateNode): void {
    const { scenario, bundle, members, networks } = this;
    const clocks = this.random.fork(STREAM_CLOCKS);
    const bySite = Array.from({ length: scenario.sites }, (_, site) => settingsOf(bundle, scenario, site));
    for (let i = 0; i < scenario.nodes; i++) {
      const body = {
        gateway: networks.gateway[i],
        low_power: members.low_power[i],
        skew_ms: Math.round(scenario.clock_skew_ms * (2 * clocks.uniform() - 1)),
        drift_ppm: scenario.clock_drift_ppm * (2 * clocks.uniform() - 1),
      };
      const settings = bySite[networks.site[i]] ?? bySite[0];
      this.actors.push(new Actor(i, createNode, settings, this.queue, this.random.fork(STREAM_NODE + i), this, body));
    }
  }

  private createTamperers(): (Tamperer | null)[] {
    const shared = this.random.fork(STREAM_SHARED_TAGS);
    const tags = Array.from({ length: INVENTED_TAGS }, () => shared.word() | 1);
    return this.members.attack.map((attack, i) =>
      attack === null ? null : new Tamperer(attack.kind, this.know, this.random.fork(STREAM_ATTACK + i), tags),
    );
  }

  private victims(): { tag: number; cycle: number }[] {
    return this.actors.flatMap(({ node }, i) =>
      node === null || this.members.attack[i] !== null
        ? []
        : [{ tag: node.parts.transport.tag, cycle: node.parts.transport.cycle }],
    );
  }

  private drawCuts(): Uint8Array[] {
    const random = this.random.fork(STREAM_CUTS);
    return this.scenario.cuts.map(({ share }) =>
      Uint8Array.from(this.networks.lan.to, () => (random.uniform() < share ? 1 : 0)),
    );
  }

  /** Attackers that hide know where the honest inputs lie now. */
  private prepareKnowledge(): void {
    if (this.scenario.attacks.length === 0) return;
    const { keys, nodes } = this.scenario;
    for (let key = 0; key < keys.length; key++) {
      const honest: number[] = [];
      for (let i = 0; i < nodes; i++) {
        if (this.members.attack[i] === null) honest.push(this.inputs.values[i * keys.length + key]);
      }
      this.stealth[key] = stealthValue(honest);
    }
  }

  /** What the scenario has planned for the beginning of this cycle. */
  private applyEvents(): void {
    const { cycle, scenario, members } = this;
    for (let i = 0; i < scenario.nodes; i++) if (members.start_cycle[i] === cycle) this.bringUp(i);
    scenario.crashes.forEach((crash, k) => {
      for (const i of members.crashes[k]) {
        if (crash.cycle === cycle) this.takeDown(i, crash.store);
        if (crash.restart_cycle === cycle) this.bringUp(i);
      }
    });
    scenario.leaves.forEach((leave, k) => {
      for (const i of members.leaves[k]) if (leave.cycle === cycle) this.takeDown(i, 'leave');
    });
    this.blockLinks();
    for (let i = 0; i < scenario.nodes; i++) {
      const stuck = members.stuck[i];
      const attack = members.attack[i];
      const lies = attack !== null && FALSE_READINGS.includes(attack.kind) && cycle >= attack.from_cycle;
      this.measured[i].sound = !lies && (stuck === null || cycle < stuck.from_cycle);
    }
  }

  private bringUp(index: number): void {
    if (this.up[index] === 1) return;
    this.up[index] = 1;
    this.actors[index].start();
  }

  private takeDown(index: number, how: 'kept' | 'lost' | 'torn' | 'leave'): void {
    const actor = this.actors[index];
    if (actor.node === null) return;
    actor.takeDeliveries();
    this.noteGone(actor.node);
    if (how === 'leave') actor.leave();
    else actor.crash();
    if (how === 'lost') actor.store.lose();
    if (how === 'torn') actor.store.tear(this.storeRandom);
    this.up[index] = 0;
  }

  private noteGone(node: WorldNode): void {
    const { drops, relayed, sent } = node.parts.transport;
    drops.forEach((count, reason) => (this.dropsOfGone[reason] += count));
    this.relayedByGone += relayed;
    this.sentByGone += sent;
  }

  private blockLinks(): void {
    const { scenario, cycle, members, networks, lan } = this;
    if (scenario.partitions.length + scenario.cuts.length === 0) return;
    const isNow = ({ from_cycle, to_cycle }: { from_cycle: number; to_cycle: number }): boolean =>
      cycle >= from_cycle && cycle < to_cycle;
    const { off, to, nodes } = networks.lan;
    lan.blocked.fill(0);
    for (let i = 0; i < nodes; i++) {
      for (let link = off[i]; link < off[i + 1]; link++) {
        const parted = scenario.partitions.some(
          (partition, k) => isNow(partition) && members.partitions[k].has(i) !== members.partitions[k].has(to[link]),
        );
        const cut = scenario.cuts.some((one, k) => isNow(one) && this.cutLinks[k][link] === 1);
        if (parted || cut) lan.blocked[link] = 1;
      }
    }
  }

  private measure(): CycleReport {
    const { scenario, actors, measured, inputs, lan, medium } = this;
    const keys = scenario.keys.length;
    // First all of them: nodes inside another engine are looked at together, and everything that is taken makes that old.
    for (const actor of actors) actor.takeDeliveries();
    for (let i = 0; i < scenario.nodes; i++) {
      const { node } = actors[i];
      measured[i].up = node !== null;
      this.digests[i] = node === null ? 0 : node.digest();
      if (node !== null) this.nodeCycles++;
    }
    this.trace.update(new Uint8Array(this.digests.buffer.slice(0)));
    const reports = scenario.keys.map(({ scope, floor }, key) => {
      const groups = scope === 'site' ? scenario.sites : 1;
      const nodes = groups === 1 ? measured.map((node) => ({ ...node, group: 0 })) : measured;
      return measureKey(
        nodes,
        groups,
        toQ16(floor),
        (i) => actors[i].node?.parts.state.b[key] ?? -1,
        (i) => inputs.values[i * keys + key],
      );
    });
    const pct = (lsb: number, key: number): number => (100 * lsb) / reports[key].inputs_spread_lsb;
    const biases = reports.map((report, key) => pct(report.bias_lsb, key));
    return {
      cycle: this.cycle,
      keys: reports,
      spread_pct: Math.max(...reports.map((report, key) => pct(report.spread_lsb, key))),
      bias_pct: biases.reduce((worst, bias) => (Math.abs(bias) > Math.abs(worst) ? bias : worst), 0),
      worst_error_pct: Math.max(...reports.map((report, key) => pct(report.worst_error_lsb, key))),
      nodes_up: measured.filter(({ up }) => up).length,
      datagrams_sent: lan.counts.sent + (medium?.counts.sent ?? 0),
      datagrams_delivered: lan.counts.delivered + (medium?.counts.delivered ?? 0),
      bytes_sent: lan.counts.bytes + (medium?.counts.bytes ?? 0),
      node_digests: this.digests,
    };
  }

  private countNodes(): { drops: Record<string, number>; relayed: number; ownSent: number } {
    const counts = [...this.dropsOfGone];
    let relayed = this.relayedByGone;
    let ownSent = this.sentByGone;
    this.actors.forEach(({ node }, i) => {
      if (node === null || this.members.attack[i] !== null) return;
      node.parts.transport.drops.forEach((count, reason) => (counts[reason] += count));
      relayed += node.parts.transport.relayed;
      ownSent += node.parts.transport.sent;
    });
    const drops: Record<string, number> = {};
    counts.forEach((count, reason) => {
      if (count > 0) drops[this.bundle.api.DROP_NAMES[reason]] = count;
    });
    return { drops, relayed, ownSent };
  }

  /* What actors ask of the world. */

  send(index: number, view: DataView, length: number): void {
    const attack = this.members.attack[index];
    const tamperer = this.tamperers[index];
    const { node } = this.actors[index];
    if (attack === null || tamperer === null || node === null || this.cycle < attack.from_cycle) {
      this.lan.send(index, view, length);
      return;
    }
    tamperer.send(node, view, length, this.cycle, (bytes, count) => {
      this.lan.send(index, bytes, count);
    });
  }

  sendMedium(index: number, view: DataView, length: number): void {
    this.medium?.send(index, view, length);
  }

  reading(index: number, key: number): number {
    const truth = this.inputs.values[index * this.scenario.keys.length + key];
    const stuck = this.members.stuck[index];
    if (stuck !== null && this.cycle >= stuck.from_cycle) return toQ16(stuck.value);
    const attack = this.members.attack[index];
    if (attack === null || this.cycle < attack.from_cycle) return truth;
    return falseReading(attack.kind, truth, key, this.cycle - attack.from_cycle, this.know);
  }

  event(index: number, code: number, a: number): void {
    if (this.bundle.api.EVENT_NAMES[code] !== 'liar-caught' || this.members.attack[index] !== null) return;
    const accused = this.actors.findIndex(({ node }) => node?.parts.transport.tag === a);
    if (accused >= 0 && this.members.attack[accused] === null) this.falseVerdicts++;
  }
}
