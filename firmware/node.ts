/**
 * The bundle's entry: an LVS node of six modules on the ports that a platform fills in (blueprint 2). The same bytes run
 * in the simulator, on Node.js and on an ESP32.
 */

import type { Platform } from './platform.ts';
import { digest } from './runtime/digest.ts';
import { saveState, shutdown, startNode, untilDue, wake } from './runtime/lifecycle.ts';
import { createParts, type Parts } from './runtime/parts.ts';
import { setLowPower } from './runtime/power.ts';
import { receive, receiveMedium } from './runtime/receive.ts';
import { checkSettings, type Settings } from './settings.ts';

export { EVENT_NAMES } from './runtime/events.ts';
export { NONE } from './platform.ts';
export type {
  ClockPort,
  DatagramPort,
  LogPort,
  Platform,
  RandomPort,
  SealPort,
  SensorPort,
  StorePort,
  VitalsPort,
} from './platform.ts';
export { checkSettings, defaultSettings } from './settings.ts';
export type { KeySettings, Settings } from './settings.ts';
export { DROP_NAMES } from './transport/wire.ts';
export { crc32 } from './fixed/hash.ts';
export type { Parts } from './runtime/parts.ts';

export interface LvsNode {
  /** Loads the state, draws a session and says hello. */
  start(): void;
  /** Runs a cycle when one is due. Returns the milliseconds until the next one; -1 when the node does not run. */
  wake(): number;
  /** Takes a datagram in; `source` stands for the sender's address, any number but 0. Returns 0 or a DROP_ number. */
  receive(view: DataView, length: number, source: number): number;
  /** The same for a datagram of the medium between gateways. */
  receiveMedium(view: DataView, length: number, source: number): number;
  /** Enters or leaves low-power mode on the platform's word. */
  setLowPower(low: boolean): void;
  /** Saves the state and takes leave of the peers. */
  shutdown(): void;
  /** Saves the state without taking leave: before a deep sleep, through which the peers keep what the node contributes. */
  save(): void;
  /** Milliseconds until the next cycle, without running it. */
  untilDue(): number;
  /** The node's state in 32 bits. */
  digest(): number;
  /** Everything that the node knows, to read. */
  readonly parts: Parts;
}

/** A class, so that its methods stay in flash: as closures they took 1.2 KB of each node's heap. */
class Node implements LvsNode {
  readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  start(): void {
    startNode(this.parts);
  }

  wake(): number {
    return wake(this.parts);
  }

  receive(view: DataView, length: number, source: number): number {
    return receive(this.parts, view, length, source);
  }

  receiveMedium(view: DataView, length: number, source: number): number {
    return receiveMedium(this.parts, view, length, source);
  }

  setLowPower(low: boolean): void {
    setLowPower(this.parts, low);
  }

  shutdown(): void {
    shutdown(this.parts);
  }

  save(): void {
    saveState(this.parts);
  }

  untilDue(): number {
    return untilDue(this.parts);
  }

  digest(): number {
    return digest(this.parts);
  }
}

/** @throws RangeError naming the first setting that is not allowed, and what is */
export function createNode(platform: Platform, settings: Settings): LvsNode {
  const wrong = checkSettings(settings);
  if (wrong !== '') throw new RangeError(wrong);
  return new Node(createParts(platform, settings));
}
