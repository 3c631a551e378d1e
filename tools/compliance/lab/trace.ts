/** Turns of one clause, and what they come to. */
import type { Finding } from '../clauses/clause.ts';
import { ONE } from '../wire/format.ts';
import type { Turn } from './lab.ts';
import { valueText } from './swarm.ts';

export class Trace {
  readonly turns: Turn[] = [];

  add(turn: Turn): Turn {
    this.turns.push(turn);
    return turn;
  }

  get clean(): Turn[] {
    return this.turns.filter(({ clean }) => clean);
  }

  get miss(): Turn | undefined {
    return this.clean.find(({ ok }) => !ok);
  }

  /** `followed in 12 of 12 cycles, each to within 1 lsb` */
  followed(): string {
    const { clean } = this;
    const width = Math.max(0, ...clean.map(({ forecast }) => (forecast === null ? 0 : forecast.high - forecast.low)));
    const fits = clean.filter(({ ok }) => ok).length;
    return `b where the rules put it in ${fits} of ${clean.length} cycles, to within ${width < 1000 ? `${width} lsb` : (width / ONE).toFixed(4)}`;
  }

  /** Fails with the first cycle that does not fit; not observable when too few of the turns can be used. */
  verdict(evidence: string): Finding {
    const { miss, turns, clean } = this;
    if (miss !== undefined) return { verdict: 'fail', evidence: missText(miss) };
    if (turns.every(({ b, forecast }) => b === null && forecast !== null)) {
      return {
        verdict: 'fail',
        evidence: `no agreed value was said in ${turns.length} cycles, though there are contributions`,
      };
    }
    if (clean.length * 2 < turns.length || clean.length === 0) {
      return {
        verdict: 'none',
        disturbed: true,
        evidence: `only ${clean.length} of ${turns.length} cycles came whole: too many datagrams are lost, late, or the target holds peers that are not ours`,
      };
    }
    return { verdict: 'pass', evidence };
  }
}

export function missText({ cycle, before, b, forecast, cell }: Turn): string {
  const text = (diff: number | null): string => valueText(diff, cell);
  if (forecast === null) return `cycle ${cycle}: b is ${text(b)} though nobody has said anything of this key`;
  const { low, high, n, votes, band } = forecast;
  return (
    `cycle ${cycle}: b went from ${text(before)} to ${text(b)}; the rules allow ${text(low)} to ${text(high)} ` +
    `(${n} contributions with a mean of ${text(band.x)}, ${votes} votes)`
  );
}
