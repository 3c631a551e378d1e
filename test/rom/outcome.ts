/** What a command comes to: its answer, and when. */
import type { Answer } from './packets.ts';

export interface Outcome extends Answer {
  /** When the answer is ready, in the model's time; the moment the command was there, if not given. */
  ready_us?: number;
  /** No answer at all. */
  silent?: boolean;
  /** What happens once the answer is out. @returns until when the device is busy with it, if it is */
  then?: (sent_us: number) => number | undefined;
}
