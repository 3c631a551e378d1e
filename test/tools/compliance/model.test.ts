/** The tool's model against the reference of the drift cycle, which shares nothing with it but the document. */
import { expect, it } from 'vitest';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Rules } from '../../../tools/compliance/model/band.ts';
import { KeyModel } from '../../../tools/compliance/model/key-model.ts';
import { ReferenceNode } from '../../compliance/reference-cycle.ts';

const ONE = 65_536;
const NONE = -1;
const KEY = { floor: ONE / 64, span: 4 * ONE, low: 0, high: 100 * ONE };
const CYCLES = 150;
const SEEDS = Array.from({ length: 24 }, (_, i) => 4100 + i);

/** How much the forecasts allow, in all, and how many there were. */
interface Tally {
  checked: number;
  exact: number;
}

function compare(seed: number, guard: boolean, tally: Tally): void {
  const random = createRandom(seed);
  const rules: Rules = { ...KEY, floor: [KEY.floor, KEY.floor], zero: 0, guard, huber: true };
  const reference = new ReferenceNode([{ ...KEY, guard }]);
  const model = new KeyModel(rules, false);
  const peers = random.below(12);
  const width = seed % 2 === 0 ? 3 * ONE : ONE / 256;
  const near = (): number => 20 * ONE + random.below(width);
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    for (let tag = 1; tag <= peers; tag++) {
      if (random.below(4) === 0) continue;
      const kind = random.below(30);
      const c = kind === 0 ? NONE : kind === 1 ? random.below(120 * ONE) : near();
      const b = random.below(3) === 0 ? NONE : near();
      reference.receive(tag, [c], [b]);
      model.receive(tag, c === NONE ? null : c, b === NONE || b > KEY.high ? null : b);
    }
    const own = near();
    const said = reference.cycle([own], [BigInt(random.below(1 << Number(reference.shift())))]);
    const b = said.b[0] === null ? null : Number(said.b[0]);
    const forecast = model.forecast(own, 1);
    const place = `seed ${seed}, cycle ${cycle}`;
    expect(forecast, place).not.toBeNull();
    if (forecast === null) return;
    if (b === null) expect(forecast.may_hide, place).toBe(true);
    else {
      expect(b, place).toBeGreaterThanOrEqual(forecast.low);
      expect(b, place).toBeLessThanOrEqual(forecast.high);
    }
    tally.checked++;
    if (forecast.high - forecast.low <= 1) tally.exact++;
    model.observe(b, forecast, true);
  }
}

it.each([true, false])(
  'guard %s: whatever the reference comes to, the model allows, and mostly nothing else',
  (guard) => {
    const tally = { checked: 0, exact: 0 };
    for (const seed of SEEDS) compare(seed, guard, tally);
    expect(tally.checked).toBe(SEEDS.length * CYCLES);
    expect(tally.exact / tally.checked, 'share of forecasts to the lsb').toBeGreaterThan(0.6);
  },
);
