/** What the world asks of a node and reads of it, and no more: so that the node may run here or inside another engine. */

import type { Platform, Settings } from '../../firmware/node.ts';

export interface WorldNode {
  start(): void;
  /** Milliseconds until the next cycle; asked right after `start`. */
  untilDue(): number;
  wake(): number;
  shutdown(): void;
  receive(view: DataView, length: number, source: number): void;
  receiveMedium(view: DataView, length: number, source: number): void;
  digest(): number;
  readonly parts: {
    readonly state: {
      readonly b: ArrayLike<number>;
      /** These two are asked while the node sends. */
      readonly target: ArrayLike<number>;
      readonly cap: ArrayLike<number>;
    };
    readonly transport: {
      readonly tag: number;
      readonly cycle: number;
      readonly drops: Int32Array;
      readonly relayed: number;
      readonly sent: number;
    };
  };
}

/** `index` is the node's number in the world: the same for every life that it lives there. */
export type CreateNode = (platform: Platform, settings: Settings, index: number) => WorldNode;
