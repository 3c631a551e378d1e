/** What `status` tells of a node: the same to people, to programs, and in the node's own view. */
import type { HostStatus } from '../node-platform/node-host.ts';

export interface NodeStatus extends HostStatus {
  type: 'status';
  time: string;
  pid: number;
  transport: string;
  port: number;
  /** open: everybody can take part. authentic: with a key only. private: and nobody else can read it. */
  seal: 'open' | 'authentic' | 'private';
  /** The folder of the store; null for none. */
  state: string | null;
}
