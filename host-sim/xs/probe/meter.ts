/** Counts bytecode steps from inside XS, for code between `begin` and `end`. */
import type { Spans } from './spans.ts';

/** XS's own: sets the limit (0: none) and the count, and gives the count as it was. */
declare function resetMeter(limit: number, count: number): number;

export class Meter {
  /** With an instrumented bundle the steps go to its functions instead. */
  private readonly spans: Spans | null;
  private counted = 0;

  constructor(spans: Spans | null) {
    this.spans = spans;
  }

  begin(): void {
    this.counted = 0;
    this.spans?.open();
    resetMeter(0, 0);
  }

  /** The steps since `begin`, less those that were paused. */
  end(): number {
    const steps = this.counted + resetMeter(0, 0);
    this.spans?.close(steps);
    return steps;
  }

  /** What ports do is the platform's, not the node's. */
  pause(): void {
    const steps = resetMeter(0, 0);
    this.counted += steps;
    this.spans?.add(steps);
  }

  resume(): void {
    resetMeter(0, 0);
  }
}
