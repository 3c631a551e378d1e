/** Each attack really attacks: what its sensor says, and what its datagrams become. */
import { describe, expect, it } from 'vitest';
import { FALSE_READINGS, falseReading } from '../../../host-sim/world/attacks/contributions.ts';
import { withEntries } from '../../../host-sim/world/attacks/datagram.ts';
import { stealthValue } from '../../../host-sim/world/attacks/knowledge.ts';
import type { Knowledge } from '../../../host-sim/world/attacks/knowledge.ts';
import { Tamperer } from '../../../host-sim/world/attacks/outgoing.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import { ATTACKS } from '../../../host-sim/world/scenario.ts';
import type { AttackKind } from '../../../host-sim/world/scenario.ts';
import { createHarness, ONE } from '../../firmware/harness.ts';

const HIGH = 1000 * ONE;
const STEALTH = 18 * ONE;
const REFERENCE = 20 * ONE;
const TRUTH = 25 * ONE;
const VICTIMS = [
  { tag: 501, cycle: 40 },
  { tag: 502, cycle: 41 },
  { tag: 503, cycle: 42 },
];
const SHARED_TAGS = Array.from({ length: 20 }, (_, i) => 9001 + i);

const KNOW: Knowledge = {
  keys: 1,
  high: () => HIGH,
  stealth: () => STEALTH,
  reference: () => REFERENCE,
  victims: () => VICTIMS,
};

const reads = (kind: AttackKind, cycles: number): number => falseReading(kind, TRUTH, 0, cycles, KNOW);

describe('an attacker’s sensor', () => {
  it('extreme: says the top of the range', () => {
    expect([reads('extreme', 0), reads('extreme', 99)]).toEqual([HIGH, HIGH]);
  });

  it('zero: says 0', () => {
    expect(reads('zero', 5)).toBe(0);
  });

  it('flip: says the top and 0 in turn', () => {
    expect([0, 1, 2, 3].map((cycle) => reads('flip', cycle))).toEqual([HIGH, 0, HIGH, 0]);
  });

  it('drain: sinks evenly from the truth to 0 within 200 cycles', () => {
    expect([0, 50, 100, 200, 900].map((cycle) => reads('drain', cycle) / TRUTH)).toEqual([1, 0.75, 0.5, 0, 0]);
  });

  it('stealth: says what lies just inside the guard', () => {
    expect(reads('stealth', 5)).toBe(STEALTH);
  });

  it('on-off: is honest for 64 cycles, extreme for 16, and again', () => {
    for (let cycle = 0; cycle < 160; cycle++) {
      const off = cycle < 64 || (cycle >= 80 && cycle < 144);
      expect(reads('on-off', cycle), `cycle ${cycle}`).toBe(off ? TRUTH : HIGH);
    }
  });

  it.each(ATTACKS.filter((kind) => !FALSE_READINGS.includes(kind)))(
    '%s: says the truth, and lies elsewhere',
    (kind) => {
      for (const cycle of [0, 1, 70, 500]) expect(reads(kind, cycle)).toBe(TRUTH);
    },
  );
});

describe('stealthValue', () => {
  it('lies 2.9 MAD below the honest median', () => {
    // Median 30, distances 20 10 0 10 20: MAD 10.
    expect(stealthValue([10, 20, 30, 40, 50])).toBe(1);
    expect(stealthValue([110, 120, 130, 140])).toBe(Math.round(125 - 29));
  });

  it('is never negative', () => {
    expect(stealthValue([1, 2, 3])).toBe(0);
  });
});

interface Entry {
  tag: number;
  cycle: number;
  firstHand: boolean;
  age: number;
  value: number;
}

/** A node's datagram, copied before and after the attacker had it, and everything that he sent. */
function tampered(kind: AttackKind, seed = 1): { honest: Uint8Array; sent: Uint8Array[]; tamperer: Tamperer } {
  const harness = createHarness({ seed: 9 });
  harness.setReading(0, TRUTH);
  for (let i = 0; i < 3; i++) harness.cycle();
  const view = harness.cycle();
  const honest = new Uint8Array(view.buffer.slice(0));
  const tamperer = new Tamperer(kind, KNOW, createRandom(seed), SHARED_TAGS);
  const sent: Uint8Array[] = [];
  for (const text of ['old one', 'old two']) {
    tamperer.overhear(new DataView(Uint8Array.from(Buffer.from(text)).buffer));
  }
  tamperer.send(harness.node, view, view.byteLength, 40, (bytes, length) => {
    sent.push(Uint8Array.from(new Uint8Array(bytes.buffer, bytes.byteOffset, length)));
  });
  return { honest, sent, tamperer };
}

/** The forged entries of one datagram, 4 bytes a value. */
function entriesOf(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer);
  const entries: Entry[] = [];
  for (let at = 18; at < bytes.length; at += 3 + view.getUint16(at + 1)) {
    if (view.getUint8(at) !== 4) continue;
    expect(view.getUint8(at + 3)).toBe(4);
    for (let entry = at + 4; entry < at + 3 + view.getUint16(at + 1); entry += 11) {
      const flags = view.getUint8(entry + 6);
      entries.push({
        tag: view.getInt32(entry),
        cycle: view.getUint16(entry + 4),
        firstHand: flags >= 0x80,
        age: flags & 0x7f,
        value: view.getInt32(entry + 7) + REFERENCE,
      });
    }
  }
  return entries;
}

describe('an attacker’s datagram', () => {
  it('lie-b: changes the agreed value alone, to nine tenths of what may vote', () => {
    const { honest, sent } = tampered('lie-b');
    expect(sent).toHaveLength(1);
    const changed = [...sent[0].keys()].filter((i) => sent[0][i] !== honest[i]);
    expect(Math.min(...changed)).toBeGreaterThanOrEqual(31);
    expect(Math.max(...changed)).toBeLessThan(35);
    // One node alone: the target is its own reading, and the cap the key's span of 10.0.
    expect(new DataView(sent[0].buffer).getInt32(31) + REFERENCE).toBe(TRUTH + 9 * ONE);
  });

  it.each([
    { kind: 'poison-ahead', firstHand: true, value: HIGH, ahead: [1, 50] },
    { kind: 'poison-stealth', firstHand: true, value: STEALTH, ahead: [1, 50] },
    { kind: 'poison-collude', firstHand: false, value: STEALTH, ahead: [1, 1] },
    { kind: 'poison-own', firstHand: true, value: HIGH, ahead: [0, 0] },
  ] as const)('$kind: forges entries for every victim', ({ kind, firstHand, value, ahead }) => {
    const { sent, honest } = tampered(kind);
    expect(sent).toHaveLength(1);
    const entries = entriesOf(sent[0]);
    expect(entries.map(({ tag }) => tag)).toEqual([501, 502, 503]);
    for (const entry of entries) {
      expect(entry).toMatchObject({ firstHand, value, age: 0 });
      const victim = VICTIMS.find(({ tag }) => tag === entry.tag)?.cycle ?? NaN;
      expect(entry.cycle - victim).toBeGreaterThanOrEqual(ahead[0]);
      expect(entry.cycle - victim).toBeLessThanOrEqual(ahead[1]);
    }
    expect(sent[0].slice(0, 35), 'its own part stays honest').toEqual(honest.slice(0, 35));
  });

  it.each([
    { kind: 'invent', firstHand: true, value: HIGH },
    { kind: 'invent-stealth', firstHand: true, value: STEALTH },
    { kind: 'invent-collude', firstHand: false, value: STEALTH },
  ] as const)('$kind: forges 16 entries of tags that nobody has', ({ kind, firstHand, value }) => {
    const entries = entriesOf(tampered(kind).sent[0]);
    expect(entries).toHaveLength(16);
    expect(new Set(entries.map(({ tag }) => tag)).size).toBe(16);
    for (const entry of entries) expect(entry).toMatchObject({ firstHand, value, cycle: 40 });
  });

  it('invent: has 20 tags of its own, which take turns; invent-collude: shares them', () => {
    const tagsOf = (kind: AttackKind, seed: number): Set<number> => {
      const { tamperer } = tampered(kind, seed);
      const tags = new Set<number>();
      const harness = createHarness();
      for (let i = 0; i < 5; i++) {
        const view = harness.cycle();
        tamperer.send(harness.node, view, view.byteLength, 41, (bytes, length) => {
          const copy = Uint8Array.from(new Uint8Array(bytes.buffer, bytes.byteOffset, length));
          for (const { tag } of entriesOf(copy)) tags.add(tag);
        });
      }
      return tags;
    };
    const [one, other] = [tagsOf('invent', 1), tagsOf('invent', 2)];
    expect([one.size, other.size]).toEqual([20, 20]);
    expect([...one].filter((tag) => other.has(tag))).toEqual([]);
    expect(tagsOf('invent-collude', 1)).toEqual(new Set(SHARED_TAGS));
    expect(tagsOf('invent-collude', 2)).toEqual(new Set(SHARED_TAGS));
  });

  it('replay: sends what it overheard again, from its own address', () => {
    const { honest, sent } = tampered('replay');
    expect(sent.map((bytes) => Buffer.from(bytes).toString('latin1')).slice(1)).toEqual(['old one', 'old two']);
    expect(sent[0]).toEqual(honest);
  });

  it('malformed: sends a mutation, noise, and the honest one', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { honest, sent } = tampered('malformed', seed);
      expect(sent).toHaveLength(3);
      expect(sent[0].length).toBeLessThanOrEqual(honest.length);
      expect(sent[1].length).toBeLessThanOrEqual(300);
      expect(sent[2]).toEqual(honest);
    }
    const mutated = Array.from({ length: 50 }, (_, seed) => tampered('malformed', seed));
    const differing = mutated.filter(({ honest, sent }) => Buffer.compare(sent[0], honest) !== 0);
    expect(differing.length, 'a byte may by chance be set to what it was').toBeGreaterThan(45);
  });

  it('flood: sends 200 datagrams of rising cycles', () => {
    const { honest, sent } = tampered('flood');
    expect(sent).toHaveLength(200);
    const first = new DataView(honest.buffer).getInt32(10);
    sent.forEach((bytes, i) => {
      expect(new DataView(bytes.buffer).getInt32(10)).toBe(first + 1 + i);
    });
  });
});

describe('withEntries', () => {
  it('takes the honest entries away, and fills up to the size of a datagram', () => {
    const harness = createHarness();
    const view = harness.cycle();
    const entry = { tag: 7, cycle: 8, firstHand: true, age: 3, diffs: [9] };
    const once = withEntries(view, view.byteLength, [entry]);
    expect(entriesOf(new Uint8Array(once.buffer, 0, once.byteLength).slice())).toEqual([
      { tag: 7, cycle: 8, firstHand: true, age: 3, value: REFERENCE + 9 },
    ]);
    const twice = withEntries(once, once.byteLength, [{ ...entry, tag: 8 }]);
    expect(entriesOf(new Uint8Array(twice.buffer, 0, twice.byteLength).slice()).map(({ tag }) => tag)).toEqual([8]);
    const many = withEntries(view, view.byteLength, new Array<typeof entry>(500).fill(entry));
    expect(many.byteLength).toBeLessThanOrEqual(1232);
    expect(many.byteLength).toBeGreaterThan(1232 - 11);
  });
});
