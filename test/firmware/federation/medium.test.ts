/** Gateways between two sites, over the medium and into their LANs. */
import { claimOf } from '../inspect.ts';
import { describe, expect, it } from 'vitest';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const DIFF_NONE = -0x80000000;
const REFERENCE = 20 * ONE;
const AT_SITE = 21;
const AT_MEANS = 25;

function gatewayOf(site: string, seed: number, keys = [testKey({ scope: 1 })]): Harness {
  return createHarness({ seed, gateway: true, settings: { site, keys } });
}

const newest = (views: DataView[]): DataView => views[views.length - 1];

/** A site's gateway with five sensors of its LAN, its own among them, all at this value. */
function siteAt(name: string, seed: number, value: number): { gateway: Harness; step: () => void } {
  const gateway = gatewayOf(name, seed);
  gateway.setReading(0, value);
  const peers = [11, 12, 13, 14].map((tag) => new FakePeer(gateway, tag));
  return {
    gateway,
    step: () => {
      for (const peer of peers) peer.tell({ c: [value], b: [-1] });
      gateway.cycle();
    },
  };
}

describe('a gateway', () => {
  it('publishes its site’s mean and the sensors behind it, each cycle', () => {
    const { gateway, step } = siteAt('one', 1, 22 * ONE);
    step();
    step();
    const view = newest(gateway.sentMedium);
    expect(gateway.sentMedium).toHaveLength(2);
    expect(view.getUint8(18), 'a message of type SITE').toBe(5);
    expect([view.getInt32(AT_MEANS) + REFERENCE, view.getInt32(AT_MEANS + 4)]).toEqual([22 * ONE, 5]);
  });

  it('says of a key without sensors that there is none', () => {
    const gateway = gatewayOf('one', 1);
    gateway.cycle();
    expect(newest(gateway.sentMedium).getInt32(AT_MEANS)).toBe(DIFF_NONE);
  });

  it('publishes nothing of what other sites brought in', () => {
    const [one, two] = [siteAt('one', 1, 22 * ONE), siteAt('two', 2, 42 * ONE)];
    for (let i = 0; i < 10; i++) {
      one.step();
      two.step();
      one.gateway.deliverMedium(newest(two.gateway.sentMedium), 2);
    }
    const view = newest(one.gateway.sentMedium);
    expect(one.gateway.node.parts.state.target[0], 'it knows of the other site').toBe(32 * ONE);
    expect([view.getInt32(AT_MEANS) + REFERENCE, view.getInt32(AT_MEANS + 4)]).toEqual([22 * ONE, 5]);
  });

  it('claims in its LAN what the other sites say, with their weight', () => {
    const [one, two] = [siteAt('one', 1, 22 * ONE), siteAt('two', 2, 42 * ONE)];
    const listener = createHarness({ seed: 3, settings: { keys: [testKey({ scope: 1 })] } });
    listener.setReading(0, 22 * ONE);
    for (let i = 0; i < 3; i++) {
      one.step();
      two.step();
      one.gateway.deliverMedium(newest(two.gateway.sentMedium), 2);
    }
    one.step();
    listener.deliver(newest(one.gateway.sent), 1);
    const { gateways } = listener.node.parts.transport;
    expect(gateways.count).toBe(1);
    expect(claimOf(gateways, 0, 0)).toEqual([42 * ONE, 5]);
    listener.cycle();
    expect(listener.node.parts.state.target[0], 'two sensors here, five there').toBe(
      Math.round((2 * 22 * ONE + 5 * 42 * ONE) / 7),
    );
  });

  it('and its site come to the mean of both sites, each still knowing its own', () => {
    const [one, two] = [siteAt('one', 1, 22 * ONE), siteAt('two', 2, 42 * ONE)];
    for (let i = 0; i < 30; i++) {
      one.step();
      two.step();
      one.gateway.deliverMedium(newest(two.gateway.sentMedium), 2);
      two.gateway.deliverMedium(newest(one.gateway.sentMedium), 1);
    }
    for (const { gateway } of [one, two]) expect(gateway.node.parts.state.b[0]).toBe(32 * ONE);
    expect([one, two].map(({ gateway }) => gateway.node.parts.state.x[0])).toEqual([22 * ONE, 42 * ONE]);
  });

  it('falls back to its own mean when the other site falls silent', () => {
    const [one, two] = [siteAt('one', 1, 22 * ONE), siteAt('two', 2, 42 * ONE)];
    one.step();
    two.step();
    one.gateway.deliverMedium(newest(two.gateway.sentMedium), 2);
    for (let i = 0; i < 400; i++) one.step();
    expect(one.gateway.node.parts.state.target[0]).toBe(22 * ONE);
    expect(one.gateway.node.parts.federation?.count).toBe(0);
  });

  it('keeps a key of scope "site" to itself', () => {
    const keys = [testKey({ name: 'shared', scope: 1 }), testKey({ name: 'local' })];
    const [one, two] = [gatewayOf('one', 1, keys), gatewayOf('two', 2, keys)];
    for (const key of [0, 1]) {
      one.setReading(key, 22 * ONE);
      two.setReading(key, 42 * ONE);
    }
    for (let i = 0; i < 10; i++) {
      one.cycle();
      two.cycle();
      one.deliverMedium(newest(two.sentMedium), 2);
    }
    expect([...one.node.parts.state.target]).toEqual([32 * ONE, 22 * ONE]);
  });
});

describe('a datagram of the medium', () => {
  function heardFrom(name: string): { one: Harness; view: DataView; two: Harness } {
    const [one, two] = [gatewayOf('one', 1), gatewayOf(name, 2)];
    two.setReading(0, 42 * ONE);
    two.cycle();
    return { one, two, view: newest(two.sentMedium) };
  }

  it('is taken from another site', () => {
    const { one, view } = heardFrom('two');
    expect(one.deliverMedium(view, 2)).toBe(0);
    expect(one.node.parts.federation?.count).toBe(1);
  });

  it('is refused from a gateway of the own site', () => {
    const { one, view } = heardFrom('one');
    one.deliverMedium(view, 2);
    expect([one.dropped('echo'), one.node.parts.federation?.count]).toEqual([1, 0]);
  });

  it('is refused the second time', () => {
    const { one, view } = heardFrom('two');
    one.deliverMedium(view, 2);
    one.deliverMedium(view, 2);
    expect(one.dropped('stale')).toBe(1);
  });

  it('is refused without a site’s message, as a LAN’s datagram is', () => {
    const { one, two } = heardFrom('two');
    one.deliverMedium(newest(two.sent), 2);
    expect([one.dropped('type'), one.node.parts.federation?.count]).toEqual([1, 0]);
  });

  it('is refused beyond the rate', () => {
    const { one, view } = heardFrom('two');
    for (let i = 0; i < 20; i++) {
      view.setInt32(10, 100 + i);
      one.deliverMedium(view, 2);
    }
    expect(one.dropped('rate')).toBe(4);
  });

  it('is refused when it is malformed', () => {
    const { one, view } = heardFrom('two');
    view.setUint16(19, 3);
    one.deliverMedium(view, 2);
    expect([one.dropped('length'), one.node.parts.federation?.count]).toEqual([1, 0]);
  });

  it('names the site by a hash of its name, which is the same for all of its gateways', () => {
    const nameIn = (site: string, seed: number): number => {
      const gateway = gatewayOf(site, seed);
      gateway.cycle();
      return newest(gateway.sentMedium).getInt32(AT_SITE);
    };
    expect(nameIn('north', 1)).toBe(nameIn('north', 2));
    expect(nameIn('north', 1)).not.toBe(nameIn('south', 1));
  });

  it('does nothing to a node that is no gateway', () => {
    const { view } = heardFrom('two');
    const plain = createHarness({ settings: { keys: [testKey({ scope: 1 })] } });
    const before = plain.node.digest();
    expect(plain.deliverMedium(view, 2)).toBe(0);
    expect(plain.node.digest()).toBe(before);
  });
});
