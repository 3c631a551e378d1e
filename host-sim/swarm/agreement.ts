/** How far a swarm of processes agrees, by the simulator's measure (host-sim/world/measures.ts). */

/** What the processes last said of themselves, for one key. */
export interface NodeView {
  agreed: number | null;
  input: number | null;
}

export interface Agreement {
  /** Largest difference between two agreed values, and of their mean from the inputs' mean: in % of the inputs' spread. */
  spread_pct: number;
  bias_pct: number;
}

const BOUND_PCT = 1;

/** Null until every node has a value and an input. */
export function agreementOf(nodes: readonly NodeView[]): Agreement | null {
  const agreed = nodes.map((node) => node.agreed).filter((value) => value !== null);
  const inputs = nodes.map((node) => node.input).filter((value) => value !== null);
  if (agreed.length < nodes.length || inputs.length < nodes.length || nodes.length === 0) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const width = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const whole = width(inputs);
  if (whole === 0) return { spread_pct: 0, bias_pct: 0 };
  return { spread_pct: (100 * width(agreed)) / whole, bias_pct: (100 * (mean(agreed) - mean(inputs))) / whole };
}

/** Since when all have agreed to 1 %; a bound that is lost again does not count. */
export class AgreementWatch {
  #since_ms: number | null = null;

  note(now_ms: number, agreement: Agreement | null): void {
    const holds = agreement !== null && agreement.spread_pct <= BOUND_PCT && Math.abs(agreement.bias_pct) <= BOUND_PCT;
    if (!holds) this.#since_ms = null;
    else this.#since_ms ??= now_ms;
  }

  /** Whole cycles from `start_ms` until agreement; null while there is none. */
  cycles(start_ms: number, cycle_ms: number): number | null {
    return this.#since_ms === null ? null : Math.max(1, Math.ceil((this.#since_ms - start_ms) / cycle_ms));
  }
}
