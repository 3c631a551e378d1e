/** What passes between sites over the medium, and what does not. */
import { describe, expect, it } from 'vitest';
import { addressTopic, readAddress, sourceOf } from '../../../gateway/federation/address.ts';
import { siteId } from '../../../gateway/federation/datagram.ts';
import { HEAD_BYTES, Signer, SIGNATURE_BYTES } from '../../../gateway/federation/envelope.ts';
import { AuthenticSeal } from '../../../host-sim/node-platform/seal/authentic.ts';
import { createSeal } from '../../../host-sim/node-platform/seal/seal.ts';
import { ONE } from '../../firmware/harness.ts';
import { BASE, KEY, testSite, twoSites, Wire, type TestSite } from './sites.ts';

const OTHER_KEY = new Uint8Array(32).fill(8);
const AT_WEIGHT = HEAD_BYTES + 18 + 3 + 4 + 4;

const refused = ({ medium }: TestSite): Record<string, number> =>
  Object.fromEntries(Object.entries(medium.facts().refused).filter(([, count]) => count > 0));

const newest = <Item>(items: readonly Item[]): Item => items[items.length - 1];

/** The last message of a site with its datagram changed, signed again with this key. */
function forged(
  wire: Wire,
  key: Uint8Array,
  change: (datagram: Buffer) => void,
  time_ms: number,
  topic?: string,
): { topic: string; payload: Buffer } {
  const last = newest(wire.log);
  const datagram = Buffer.from(last.payload.subarray(HEAD_BYTES, last.payload.length - SIGNATURE_BYTES));
  datagram.writeUInt32BE(datagram.readUInt32BE(10) + 1, 10);
  change(datagram);
  const to = topic ?? last.topic;
  return { topic: to, payload: new Signer([key]).wrap(to, datagram, time_ms, time_ms * 1000 + 900_000) };
}

/** Two sites that know each other, and one more message of the second to forge upon. */
function met(): { wire: Wire; one: TestSite; two: TestSite } {
  const wire = new Wire();
  const [one, two] = twoSites(wire);
  for (let i = 0; i < 3; i++) for (const site of [one, two]) site.cycle();
  return { wire, one, two };
}

describe('two sites', () => {
  it('come to their common mean, and show each other', () => {
    const wire = new Wire();
    const [one, two] = twoSites(wire);
    for (let i = 0; i < 20; i++) for (const site of [one, two]) site.cycle();
    for (const { gateway } of [one, two]) expect(gateway.node.parts.state.b[0]).toBe(32 * ONE);
    expect(one.medium.sites()).toMatchObject([
      { site: 'two', gateways: 1, keys: [{ name: 'room1/temp', value: 42, weight: 1 }] },
    ]);
    expect(one.medium.facts()).toMatchObject({ sent: 20, unsent: 0, taken: 20 });
    expect([refused(one), refused(two)]).toEqual([{}, {}]);
  });

  it.each([
    { what: 'authentic', seal: () => new AuthenticSeal([OTHER_KEY]) },
    { what: 'private', seal: () => createSeal([OTHER_KEY], { private: true }) },
  ])('agree in a swarm with an $what seal, too, and their weights are capped inside it', ({ seal }) => {
    const wire = new Wire();
    const [one, two] = twoSites(wire, { seal: seal() });
    const capped = testSite('three', wire, { seal: seal(), weight_max: 0 });
    for (let i = 0; i < 20; i++) for (const site of [one, two, capped]) site.cycle();
    expect(one.gateway.node.parts.state.b[0]).toBe(32 * ONE);
    expect(one.medium.sites()[1].keys).toEqual([{ name: 'room1/temp', value: 42, weight: 1 }]);
    expect(capped.medium.facts().taken).toBe(0);
  });

  it('take what is signed with the old key while the federation changes it', () => {
    const wire = new Wire();
    const one = testSite('one', wire, { keys: [OTHER_KEY, KEY] });
    const two = testSite('two', wire, { keys: [KEY] });
    two.cycle();
    one.cycle();
    expect([one.medium.facts().taken, two.medium.facts().taken]).toEqual([1, 0]);
    expect(refused(two)).toEqual({ signature: 1 });
  });

  it('forget one that falls silent', () => {
    const { one, two } = met();
    expect(one.medium.sites()).toHaveLength(1);
    for (let i = 0; i < 400; i++) one.cycle();
    expect(one.medium.sites()).toHaveLength(0);
    expect(one.gateway.node.parts.federation?.count).toBe(0);
    two.clock.now_ms = one.clock.now_ms;
    two.cycle();
    expect(one.medium.sites()).toHaveLength(1);
  });

  it('know a site with more than one gateway as one', () => {
    const wire = new Wire();
    const [one, two] = twoSites(wire);
    const again = testSite('two', wire);
    for (const site of [one, two, again]) site.cycle();
    expect(one.medium.sites()).toMatchObject([{ site: 'two', gateways: 2 }]);
    expect(refused(two), 'their own site is no other one').toEqual({});
  });
});

describe('a message is refused, counted and told once', () => {
  it.each([
    { reason: 'signature', change: () => undefined, key: OTHER_KEY },
    { reason: 'site', change: (datagram: Buffer) => datagram.writeUInt32BE(siteId('three'), 21), key: KEY },
    { reason: 'session', change: (datagram: Buffer) => datagram.writeUInt32BE(0x12345678, 6), key: KEY },
    { reason: 'claims', change: (datagram: Buffer) => datagram.writeUInt8(200, 18), key: KEY },
    { reason: 'node', change: (datagram: Buffer) => datagram.writeUInt16BE(0x1234, 4), key: KEY },
  ] as const)('by reason "$reason"', ({ reason, change, key }) => {
    const { wire, one } = met();
    const { topic, payload } = forged(wire, key, change, one.clock.now_ms);
    const before = [...one.gateway.node.parts.state.b];
    wire.deliver(topic, payload);
    expect(refused(one)).toEqual({ [reason]: 1 });
    expect(one.events).toHaveLength(1);
    expect(one.events[0].text).toContain('two');
    expect([...one.gateway.node.parts.state.b]).toEqual(before);
  });

  it('when it has come before', () => {
    const { wire, one } = met();
    const { topic, payload } = newest(wire.log);
    wire.deliver(topic, payload);
    wire.deliver(topic, payload);
    expect(refused(one)).toEqual({ replay: 2 });
    expect(one.events).toHaveLength(1);
  });

  it('when it is too old, also by a gateway that has just begun, and when its clock is ahead', () => {
    const { wire, one } = met();
    const { topic, payload } = newest(wire.log);
    const fresh = testSite('four', wire);
    fresh.clock.now_ms = one.clock.now_ms + 60_000;
    wire.deliver(topic, payload);
    expect(refused(fresh)).toEqual({ clock: 1 });
    expect(fresh.events[0].text).toContain('behind');
    fresh.clock.now_ms = one.clock.now_ms - 60_000;
    wire.deliver(topic, payload);
    expect(refused(fresh)).toEqual({ clock: 2 });
  });

  it('when the broker had kept it', () => {
    const { wire, one } = met();
    const { topic, payload } = forged(wire, KEY, () => undefined, one.clock.now_ms);
    wire.deliver(topic, payload, true);
    expect(refused(one)).toEqual({ retained: 1 });
  });

  it('when it was signed for another topic', () => {
    const { wire, one } = met();
    const { payload } = forged(wire, KEY, () => undefined, one.clock.now_ms);
    wire.deliver(addressTopic(BASE, { site: 'three', session: '00000001' }), payload);
    expect(refused(one)).toEqual({ signature: 1 });
  });

  it('when its topic is none of a gateway', () => {
    const { wire, one } = met();
    for (const topic of [`${BASE}/two/xyz`, `${BASE}/two/0000000g`, `${BASE}/tw%6f/00000001`])
      wire.deliver(topic, Buffer.alloc(100));
    expect(refused(one)).toEqual({ topic: 3 });
  });

  it('when a single bit of it is another', () => {
    const { wire, one } = met();
    const { topic, payload } = forged(wire, KEY, () => undefined, one.clock.now_ms);
    for (let bit = 0; bit < 8 * payload.length; bit += 5) {
      const bad = Buffer.from(payload);
      bad[bit >> 3] ^= 1 << (bit & 7);
      one.clock.now_ms += 100;
      wire.deliver(topic, bad);
    }
    expect(one.medium.facts().taken).toBe(3);
    expect(Object.keys(refused(one)).sort()).toEqual(['format', 'signature']);
  });

  it('when it is any length of noise, as fast as it comes', () => {
    const { wire, one, two } = met();
    const topic = addressTopic(BASE, { site: 'two', session: 'deadbeef' });
    for (let i = 0; i < 20_000; i++) wire.deliver(topic, Buffer.alloc(i % 1400, i));
    const { rate, size, format } = one.medium.facts().refused;
    expect(rate + size + format).toBe(20_000);
    expect(rate).toBeGreaterThan(19_000);
    expect(one.events.length).toBeLessThanOrEqual(3);
    two.clock.now_ms = one.clock.now_ms;
    two.cycle();
    expect(one.medium.facts().taken, 'one that is known is heard all the same').toBe(4);
  });
});

describe('a weight', () => {
  const claim = (weight: number): { one: TestSite; weight: number } => {
    const { wire, one } = met();
    const { topic, payload } = forged(
      wire,
      KEY,
      (datagram) => datagram.writeInt32BE(weight, AT_WEIGHT - HEAD_BYTES),
      one.clock.now_ms,
    );
    wire.deliver(topic, payload);
    return { one, weight: one.medium.sites()[0].keys[0].weight };
  };

  it('of a million counts as the most that a site may have, and is told', () => {
    const { one, weight } = claim(1_000_000);
    expect(weight).toBe(1000);
    expect(refused(one)).toEqual({ weight: 1 });
    expect(one.events[0].text).toContain('1000000; at most 1000');
    const { federation } = one.gateway.node.parts;
    expect(federation?.tables[0].claims[1], 'the node was told the same').toBe(1000);
  });

  it('within the limit is left alone', () => {
    const { one, weight } = claim(1000);
    expect(weight).toBe(1000);
    expect(refused(one)).toEqual({});
  });

  it.each([true, false])('is lowered inside a seal, too (private: %s)', (hidden) => {
    const seal = createSeal([OTHER_KEY], { private: hidden });
    const wire = new Wire();
    const [one, two] = twoSites(wire, { seal });
    for (let i = 0; i < 3; i++) for (const site of [one, two]) site.cycle();
    const resealed = (datagram: Buffer): void => {
      const bytes = new Uint8Array(datagram);
      const view = new DataView(bytes.buffer);
      const end = bytes.length - seal.overhead_bytes;
      expect(seal.open(view, end)).toBe(true);
      view.setInt32(10, view.getInt32(10) + 1);
      view.setInt32(AT_WEIGHT - HEAD_BYTES, 1_000_000);
      seal.close(view, end);
      datagram.set(bytes);
    };
    const last = newest(wire.log);
    const datagram = Buffer.from(last.payload.subarray(HEAD_BYTES, last.payload.length - SIGNATURE_BYTES));
    resealed(datagram);
    const { now_ms } = one.clock;
    wire.deliver(last.topic, new Signer([KEY]).wrap(last.topic, datagram, now_ms, now_ms * 1000 + 900_000));
    expect(refused(one)).toEqual({ weight: 1 });
    expect(one.medium.facts().taken).toBe(4);
    expect(one.gateway.node.parts.federation?.tables[0].claims[1]).toBe(1000);
  });

  it('may be another one for a site, 0 takes nothing from it', () => {
    const wire = new Wire();
    const one = testSite('one', wire, { weight_max_of: { two: 0 } });
    const [two, three] = [testSite('two', wire), testSite('three', wire)];
    two.gateway.setReading(0, 42 * ONE);
    for (const site of [two, three]) site.cycle();
    expect(one.medium.sites().map(({ site }) => site)).toEqual(['three']);
    expect(refused(one)).toEqual({ weight: 1 });
  });
});

describe('addresses', () => {
  it.each(['house', 'Küche 2', 'a/b', 'a+b', '#', '%', '100 %', '温度', '', '$SYS'])(
    'keep the site’s name: "%s"',
    (site) => {
      const topic = addressTopic(BASE, { site, session: '0000abcd' });
      expect(topic.split('/')).toHaveLength(4);
      expect(readAddress(BASE, topic)).toEqual({ site, session: '0000abcd' });
    },
  );

  it('stand for a number that is never 0', () => {
    expect(sourceOf('a')).not.toBe(0);
    expect(sourceOf('a')).not.toBe(sourceOf('b'));
  });
});
