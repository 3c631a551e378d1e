/** How far the writing is, how fast it goes and how long it will take: per region, and over all of them. */
import { duration, grouped } from '../cli/numbers.ts';
import type { Emit } from './events.ts';

/** Told no more often than this, so that a terminal is not flooded. */
const EVERY_MS = 100;

export class Pace {
  private readonly all_total_bytes: number;
  private readonly emit: Emit;
  private readonly now_ms: () => number;
  private step = '';
  /** The region's bytes; what is behind in it, and in all regions before it. */
  private total_bytes = 0;
  private done_bytes = 0;
  private before_bytes = 0;
  private run_bytes = 0;
  private begun_ms = 0;
  private readonly start_ms: number;
  private told_ms = -Infinity;

  constructor(all_total_bytes: number, emit: Emit, now_ms: () => number) {
    this.all_total_bytes = all_total_bytes;
    this.emit = emit;
    this.now_ms = now_ms;
    this.start_ms = now_ms();
  }

  begin(step: string, total_bytes: number): void {
    this.step = step;
    this.total_bytes = total_bytes;
    this.begun_ms = this.now_ms();
    this.restart(total_bytes);
  }

  /** The region is begun once more, with so many bytes left to do. */
  restart(left_bytes: number): void {
    this.done_bytes = Math.max(0, this.total_bytes - left_bytes);
    this.run_bytes = 0;
  }

  /** So many bytes of the run are behind. */
  at(run_bytes: number): void {
    this.run_bytes = run_bytes;
    this.tell();
  }

  next(run_bytes: number): void {
    this.done_bytes += run_bytes;
    this.run_bytes = 0;
  }

  finish(): void {
    this.before_bytes += this.total_bytes;
  }

  /** `8.1 s at 148 KB/s` */
  text(): string {
    const ms = Math.max(1, this.now_ms() - this.begun_ms);
    return `${duration(ms)} at ${grouped(this.total_bytes / ms)} KB/s`;
  }

  private tell(): void {
    const now_ms = this.now_ms();
    if (now_ms - this.told_ms < EVERY_MS) return;
    this.told_ms = now_ms;
    const done = Math.min(this.total_bytes, this.done_bytes + this.run_bytes);
    const all_done = this.before_bytes + done;
    const passed_s = (now_ms - this.start_ms) / 1000;
    const rate = passed_s > 0 ? all_done / passed_s : 0;
    this.emit({
      type: 'progress',
      step: this.step,
      done_bytes: done,
      total_bytes: this.total_bytes,
      all_done_bytes: all_done,
      all_total_bytes: this.all_total_bytes,
      bytes_per_s: Math.round(rate),
      left_s: rate > 0 ? Math.round((this.all_total_bytes - all_done) / rate) : -1,
    });
  }
}
