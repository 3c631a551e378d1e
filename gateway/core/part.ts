/**
 * What a gateway is made of: parts, each of which is started, watched and, when it fails, stopped and made anew with
 * back-off. A part that fails harms no other, and the process never ends because of one.
 */
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { SealPort } from '../../firmware/node.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { Alarms } from '../ops/alarms.ts';
import type { History } from '../ops/history/history.ts';
import type { Condition } from '../ops/health.ts';
import type { TopicHub } from '../sources/topics.ts';
import type { SiteView, Snapshot } from '../view.ts';
import type { Medium } from './medium.ts';

export type Stop = () => void;

export interface Part {
  /** Resolves when it works. A rejection is told, and the part is tried again later. */
  start(): Promise<void>;
  /** Lets go of everything that it holds, also after a start that failed. */
  stop(): Promise<void>;
  /** Takes other settings without a stop. A part without it is stopped and made anew when what it `uses` changes. */
  reload?(config: GatewayConfig): Promise<void>;
}

/** What a part finds around it. */
export interface PartContext {
  /** As it was when the part was made; `reload` brings a newer one. */
  config: GatewayConfig;
  /** With the part's name in each line. */
  log: Logger;
  /** Says that the part cannot go on: it is stopped, and made anew after a while. */
  fail: (error: unknown) => void;
  gateway: GatewayPorts;
}

export interface PartSpec {
  name: string;
  /** Sections of the configuration that it goes by. */
  uses: readonly (keyof GatewayConfig)[];
  /** Whether there is anything for it to do. */
  wanted: (config: GatewayConfig) => boolean;
  create: (context: PartContext) => Part;
}

export interface ReloadResult {
  /** Why the old settings are kept, line by line; none when the new ones were taken. */
  problems: string[];
  /** What was taken: names of sections. */
  taken: string[];
  /** What needs a restart, and stays as it was until then. */
  restart: string[];
}

/** What the gateway is to its parts. */
export interface GatewayPorts {
  /** The newest; null before the first cycle. */
  snapshot: () => Snapshot | null;
  onSnapshot: (take: (snapshot: Snapshot) => void) => Stop;
  /** Trouble that somebody should look at, by id; it shows in the snapshot, in metrics and on MQTT. */
  alarms: Alarms;
  history: History;
  metrics: Registry;
  /** Sources subscribe here; whoever has a broker attaches it. */
  topics: TopicHub;
  /** The second medium of the node, between sites; whoever joins sites attaches to it. */
  medium: Medium;
  /** The swarm's seal; null for an open swarm. Its overhead stays for good, its keys may change. */
  seal: SealPort | null;
  /** Whoever joins sites gives what the snapshot shows of them; null for nobody. */
  setSites: (sites: (() => SiteView[]) | null) => void;
  /**
   * Throws away a share of the datagrams that come in, for a while.
   * @param loss 0 to 1; 0 ends what runs
   * @param seconds 1 to 600
   */
  whatIf: (loss: number, seconds: number) => void;
  /** Reads the configuration file again. */
  reload: () => Promise<ReloadResult>;
  health: () => Condition;
  ready: () => Condition;
}
