/**
 * The ports: everything that a node needs from outside, and nothing else. A platform (the simulator, Node.js, an ESP32)
 * fills them in; the node never reaches past them. Every number that crosses a port is a 32-bit integer unless it says
 * otherwise, every duration is in milliseconds, every value of a key is Q16.16 and never negative.
 */

/** Stands wherever a value may be missing: values are never negative, so no value is ever mistaken for it. */
export const NONE = -1;

export interface ClockPort {
  /** Milliseconds since any moment, as a wrapping int32: only differences mean something. */
  ticks_ms(): number;
  /** Milliseconds since 1970 as an integer below 2^53, or 0 while the platform does not know the time. */
  epoch_ms(): number;
}

export interface DatagramPort {
  /**
   * Offers `view[0..length)` once to everyone who can hear. False when the platform could not take it: the node counts
   * it and goes on, as it does with a datagram lost on the way. The view is the node's and is written again next cycle.
   */
  send(view: DataView, length: number): boolean;
}

export interface StorePort {
  /** Copies slot 0 or 1 into `into` and tells its length; 0 when there is nothing there or it cannot be read. */
  read(slot: number, into: DataView): number;
  /** Replaces slot 0 or 1. False when it could not. A power cut may tear this slot, never the other one. */
  write(slot: number, from: DataView, length: number): boolean;
}

export interface RandomPort {
  /** 32 bits of hardware randomness. */
  word(): number;
}

export interface SensorPort {
  /** The newest reading for the key at this index of the settings, Q16.16, or NONE when there is none now. */
  read(key: number): number;
}

/**
 * Makes datagrams authentic, and private where it is to. A node without one runs an open swarm. The first six bytes of a
 * datagram stay as they are, because a receiver reads them before it spends anything on the seal.
 */
export interface SealPort {
  /** Bytes that `close` adds and `open` takes away, 1 to 32. */
  readonly overhead_bytes: number;
  /** Seals `view[0..length)`, in place where it encrypts, and writes the tag to `view[length..length + overhead_bytes)`. */
  close(view: DataView, length: number): void;
  /** True when the tag behind `view[0..length)` is right, which is then plain again. */
  open(view: DataView, length: number): boolean;
}

export interface VitalsPort {
  /** Charge left, 0 to 65,536 (full); NONE on mains. */
  battery(): number;
  /** Share of the processor that is busy, 0 to 65,536; NONE when the platform cannot tell. */
  load(): number;
}

export interface LogPort {
  /** Something worth telling: an `EVENT_` number of `runtime/events.ts` and two integers that belong to it. */
  event(code: number, a: number, b: number): void;
}

export interface Platform {
  clock: ClockPort;
  datagrams: DatagramPort;
  /** The second medium, over which gateways join sites; null on every node that is no gateway. */
  medium: DatagramPort | null;
  store: StorePort;
  random: RandomPort;
  sensors: SensorPort;
  seal: SealPort | null;
  vitals: VitalsPort;
  log: LogPort;
}
