/** What the server needs of the gateway's core: it asks, and never reaches further in. */
import type { Snapshot } from '../view.ts';

/** A key over time, column by column, oldest first; all columns are of one length. Null stands for a gap. */
export interface HistoryColumns {
  time_ms: number[];
  agreed: (number | null)[];
  spread: (number | null)[];
  own: (number | null)[];
}

export interface SnapshotFeed {
  /** Null until the first cycle. */
  latest: () => Snapshot | null;
  /** Calls back with each new snapshot. Returns what ends it. */
  subscribe: (take: (snapshot: Snapshot) => void) => () => void;
}

export interface KeyHistory {
  /**
   * At most `points` points of `[from_ms, to_ms]`. Null when there is no such key.
   * @param points 1 to 20,000
   */
  query: (
    key: string,
    from_ms: number,
    to_ms: number,
    points: number,
  ) => Promise<HistoryColumns | null> | HistoryColumns | null;
}

/** Whether the process works, or can be of use: `ok` decides the status, the rest says why. */
export interface Condition {
  ok: boolean;
  [detail: string]: unknown;
}

export interface PageOptions {
  /** An address of this machine, or a name that stands for one. */
  bind: string;
  /** 0 for any that is free. */
  port: number;
  /** Already read from its file or the environment. Only a loopback address goes without. */
  password: string | null;
  /** Addresses whose X-Forwarded-For is believed. */
  proxies?: readonly string[];
  snapshots: SnapshotFeed;
  history: KeyHistory;
  /**
   * Throws away a share of the incoming datagrams for a while.
   * @param loss 0 to 1; 0 ends what runs
   * @param seconds 1 to 600
   */
  whatIf: (loss: number, seconds: number) => void | Promise<void>;
  /** Reads the configuration again. `problems` says line by line why the old one is kept; none when it was taken. */
  reload: () => Promise<{ problems: string[] }>;
  /** In the text format of Prometheus. */
  metrics: () => Promise<string>;
  health: () => Condition;
  ready: () => Condition;
  /** Hears of what should not happen: a client gets only a sentence. */
  onFault?: (error: unknown) => void;
  /** Where the built page lies: build/page. */
  page_dir: string;
}

export interface PageServer {
  /** @throws Failure when the port cannot be had */
  listen: () => Promise<void>;
  /** Ends every connection, streams among them. */
  close: () => Promise<void>;
  /** Where it listens; the port is 0 before `listen`. */
  readonly address: { host: string; port: number; url: string };
}
