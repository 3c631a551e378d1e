/**
 * Runs inside XS, beside the firmware bundle: what `../measure.ts` measures there. A command is JSON, a method's name and
 * its arguments, and so is the answer: evaluating text instead would leave a name of its own in the heap each time.
 */
import type { LvsNode, Platform, Settings } from '../../../firmware/node.ts';
import type { FirmwareApi } from '../../world/bundle.ts';
import { settingsFor } from './settings.ts';
import { Spans } from './spans.ts';
import type { Calibration, Functions, Noop, SpanCounts } from './spans.ts';
import { stubPorts } from './stub-ports.ts';
import { Swarm } from './swarm.ts';
import type { CycleSteps, SwarmCase } from './swarm.ts';

/** What an instrumented bundle (`../instrument.ts`) leaves behind for its spans. */
interface Instruments {
  functions: Functions;
  noops: Noop[];
}

/** XS's own: collects the garbage now. */
declare function gc(): void;

export class Probe {
  private readonly api: FirmwareApi;
  private readonly spans: Spans | null;
  private swarm: Swarm | null = null;
  private settings: Settings | null = null;
  private ports: Platform | null = null;
  private node: LvsNode | null = null;

  constructor(api: FirmwareApi, spans: Spans | null) {
    this.api = api;
    this.spans = spans;
  }

  begin(one: SwarmCase, warmUp: number): void {
    this.swarm = new Swarm(this.api, settingsFor(this.api, one.keys, one.peers), one, this.spans);
    this.swarm.warmUp(warmUp);
  }

  collect(): void {
    gc();
  }

  cycles(count: number): CycleSteps[] {
    return Array.from({ length: count }, () => this.running().cycle());
  }

  calibrate(): Calibration[] {
    return this.instrumented().calibrate(instruments()?.noops ?? []);
  }

  /** What the measured node's functions took since the last time. */
  takeCounts(): SpanCounts {
    return this.instrumented().take();
  }

  leaveAlone(): void {
    this.running().leaveAlone();
  }

  steady(cycles: number): void {
    this.running().steady(cycles);
  }

  /* Steps, so that the machine can be looked at between them. */

  makePorts(): void {
    this.ports = stubPorts();
  }

  makeSettings(keys: number, table: number): void {
    this.settings = settingsFor(this.api, keys, table);
  }

  makeNode(): void {
    if (this.ports === null || this.settings === null) throw new Error('makePorts and makeSettings come first');
    this.node = this.api.createNode(this.ports, this.settings);
  }

  runNode(): void {
    if (this.node === null) throw new Error('makeNode comes first');
    this.node.start();
    this.node.wake();
  }

  private instrumented(): Spans {
    if (this.spans === null) throw new Error('the bundle is not instrumented');
    return this.spans;
  }

  private running(): Swarm {
    if (this.swarm === null) throw new Error('begin comes first');
    return this.swarm;
  }
}

function instruments(): Instruments | undefined {
  return (globalThis as { lvsInstruments?: Instruments }).lvsInstruments;
}

export function install(api: FirmwareApi): void {
  const functions = instruments()?.functions;
  const spans = functions === undefined ? null : new Spans(functions);
  const probe = new Probe(api, spans) as unknown as Record<string, (...args: unknown[]) => unknown>;
  const handleCommand = (command: ArrayBuffer): ArrayBuffer => {
    const [method, ...args] = JSON.parse(new TextDecoder().decode(command)) as [string, ...unknown[]];
    return new TextEncoder().encode(JSON.stringify(probe[method](...args) ?? null)).buffer;
  };
  Object.assign(globalThis, { handleCommand, lvsSpans: spans });
}
