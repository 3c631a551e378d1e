/**
 * Inside XS: one node that is measured, and peers around it which send it what it handles. The peers hear each other as
 * the case says; the measured node hears every datagram of every peer, all of them between two of its cycles.
 */
import type { LvsNode, Platform, Settings } from '../../../firmware/node.ts';
import type { FirmwareApi } from '../../world/bundle.ts';
import { createRandom } from '../../world/random.ts';
import { Meter } from './meter.ts';
import type { Spans } from './spans.ts';
import { stubPorts } from './stub-ports.ts';

/** Where a datagram's cycle stands (docs/protocol.md). */
const AT_CYCLE = 10;

export interface SwarmCase {
  peers: number;
  keys: number;
  /** Share of the datagrams between peers that is lost: where much is, they pass on what they hold. */
  loss: number;
  /** Relayed entries in each datagram of the cycles that count. */
  relayed: number;
  /** How far every reading moves about from cycle to cycle, in lsb; 0 for readings that stand still. */
  noise_lsb: number;
}

/** One cycle of the measured node. */
export interface CycleSteps {
  /** For all datagrams of the cycle together, and for the cycle itself. */
  receive: number;
  wake: number;
  datagrams: number;
  /** Relayed entries in them. */
  relayed: number;
  /** What the node sent. */
  bytes: number;
}

interface Member {
  node: LvsNode;
  clock: { ticks: number };
  /** Reads every sensor anew, so that reading them costs the node nothing but the call of its port. */
  stir: () => void;
}

export class Swarm {
  private readonly members: Member[] = [];
  private readonly random = createRandom(1);
  private readonly meter: Meter;
  private readonly loss: number;
  private readonly noise_lsb: number;
  private inbox: { view: DataView; source: number }[] = [];
  private sent: DataView | null = null;
  private alone = false;

  /** @param spans where the bundle is instrumented */
  constructor(api: FirmwareApi, settings: Settings, { peers, loss, noise_lsb }: SwarmCase, spans: Spans | null) {
    this.loss = loss;
    this.noise_lsb = noise_lsb;
    this.meter = new Meter(spans);
    for (let i = 0; i <= peers; i++) this.members.push(this.join(api, settings, i));
  }

  /** Members start one a cycle, so that their rarer messages do not all fall into the same one. */
  warmUp(cycles: number): void {
    this.members.forEach(({ node }, i) => {
      node.start();
      for (const member of this.members.slice(0, i + 1)) runOne(member);
      this.deliverAll();
    });
    for (let i = 0; i < cycles; i++) this.cycle();
  }

  cycle(): CycleSteps {
    const relayed = this.relayedByPeers();
    for (const member of this.members.slice(1)) runOne(member);
    const datagrams = this.inbox.length;
    const receive = this.handleInbox();
    const wake = this.runMeasured();
    const bytes = this.sent?.byteLength ?? 0;
    this.deliverOwn();
    return { receive, wake, datagrams, relayed: this.relayedByPeers() - relayed, bytes };
  }

  /** From now on the measured node is alone with each peer's newest datagram, for `steady`. */
  leaveAlone(): void {
    for (const member of this.members.slice(1)) runOne(member);
    this.alone = true;
  }

  /** Cycles in which the same datagrams come again and again, one cycle later each time. Makes no garbage of its own. */
  steady(cycles: number): void {
    const { inbox } = this;
    const { node, clock } = this.members[0];
    for (let cycle = 0; cycle < cycles; cycle++) {
      for (let i = 0; i < inbox.length; i++) {
        const view = inbox[i].view;
        node.receive(view, view.byteLength, inbox[i].source);
        view.setInt32(AT_CYCLE, (view.getInt32(AT_CYCLE) + 1) | 0);
      }
      clock.ticks = (clock.ticks + node.untilDue()) | 0;
      node.wake();
    }
  }

  private join(api: FirmwareApi, settings: Settings, index: number): Member {
    const clock = { ticks: 0 };
    const random = this.random.fork(index + 1);
    const noise = this.random.fork(-index - 1);
    const own = settings.keys.map(({ low, high }) => Math.floor(low + (high - low) * (0.2 + 0.1 * random.uniform())));
    const readings = [...own];
    const ports: Platform = {
      ...stubPorts(),
      clock: { ticks_ms: () => clock.ticks, epoch_ms: () => 1_700_000_000_000 + clock.ticks },
      datagrams: {
        send: (view, length) => {
          if (index === 0) this.keep(view, length);
          else this.send(index, view, length);
          return true;
        },
      },
      random,
      sensors: { read: (key) => readings[key] },
    };
    const stir = (): void => {
      for (let key = 0; key < own.length; key++) {
        readings[key] = own[key] + Math.floor(this.noise_lsb * (noise.uniform() - 0.5));
      }
    };
    return { node: api.createNode(ports, settings), clock, stir };
  }

  private relayedByPeers(): number {
    return this.members.slice(1).reduce((sum, { node }) => sum + node.parts.transport.relayed, 0);
  }

  private runMeasured(): number {
    const { node, clock, stir } = this.members[0];
    clock.ticks = (clock.ticks + node.untilDue()) | 0;
    stir();
    this.meter.begin();
    node.wake();
    return this.meter.end();
  }

  /** What the measured node sends waits until nothing is measured. */
  private keep(view: DataView, length: number): void {
    if (this.alone) return;
    this.meter.pause();
    this.sent = copyOf(view, length);
    this.meter.resume();
  }

  private send(index: number, view: DataView, length: number): void {
    const datagram = copyOf(view, length);
    this.inbox.push({ view: datagram, source: index + 1 });
    this.members.forEach(({ node }, to) => {
      if (to > 0 && to !== index && this.random.uniform() >= this.loss) node.receive(datagram, length, index + 1);
    });
  }

  private handleInbox(): number {
    const { node } = this.members[0];
    let steps = 0;
    for (const { view, source } of this.inbox) {
      this.meter.begin();
      node.receive(view, view.byteLength, source);
      steps += this.meter.end();
    }
    this.inbox = [];
    return steps;
  }

  private deliverOwn(): void {
    const { sent } = this;
    this.sent = null;
    if (sent === null) return;
    for (const { node } of this.members.slice(1)) {
      if (this.random.uniform() >= this.loss) node.receive(sent, sent.byteLength, 1);
    }
  }

  private deliverAll(): void {
    this.handleInbox();
    this.deliverOwn();
  }
}

function copyOf(view: DataView, length: number): DataView {
  return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length));
}

/** Lets a member sleep until its cycle, and runs it. */
function runOne({ node, clock, stir }: Member): void {
  stir();
  clock.ticks = (clock.ticks + node.untilDue()) | 0;
  node.wake();
}
