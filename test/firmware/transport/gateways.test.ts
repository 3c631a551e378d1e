/** What a node keeps of its own site's gateways. */
import { claimOf, gatewaysBy } from '../inspect.ts';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../firmware/platform.ts';
import { ageGateways, createGatewayTable, hearGateway, setOwnClaim } from '../../../firmware/transport/gateways.ts';
import { GATEWAY_TAG, type GatewayTable } from '../../../firmware/types/gateways.ts';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const shared = (): Harness => createHarness({ settings: { keys: [testKey({ scope: 1 })] } });

describe('a claim', () => {
  it('is kept with its weight, and the target moves to it', () => {
    const harness = shared();
    harness.setReading(0, 20 * ONE);
    harness.cycle();
    new FakePeer(harness, 11).tell({ c: [20 * ONE], claims: [{ value: 30 * ONE, weight: 8 }] });
    harness.cycle();
    const { gateways } = harness.node.parts.transport;
    expect(gateways.count).toBe(1);
    expect(claimOf(gateways, 0, 0)).toEqual([30 * ONE, 8]);
    expect(harness.node.parts.state.target[0]).toBe((20 * ONE * 2 + 30 * ONE * 8) / 10);
    expect(harness.node.parts.state.x[0], "the site's own mean").toBe(20 * ONE);
  });

  it('of a key of scope "site" changes nothing', () => {
    const harness = createHarness();
    harness.setReading(0, 20 * ONE);
    harness.cycle();
    new FakePeer(harness, 11).tell({ c: [20 * ONE], claims: [{ value: 30 * ONE, weight: 8 }] });
    harness.cycle();
    expect(harness.node.parts.state.target[0]).toBe(20 * ONE);
  });

  it.each([
    { what: 'outside the range', claim: { value: 101 * ONE, weight: 8 } },
    { what: 'without weight', claim: { value: 30 * ONE, weight: 0 } },
    { what: 'of negative weight', claim: { value: 30 * ONE, weight: -5 } },
  ])('$what is none', ({ claim }) => {
    const harness = shared();
    harness.cycle();
    new FakePeer(harness, 11).tell({ claims: [claim] });
    expect(claimOf(harness.node.parts.transport.gateways, 0, 0)[0]).toBe(NONE);
  });

  it('weighs no more than 2^20 sensors', () => {
    const harness = shared();
    harness.cycle();
    new FakePeer(harness, 11).tell({ claims: [{ value: 30 * ONE, weight: 0x7fffffff }] });
    expect(claimOf(harness.node.parts.transport.gateways, 0, 0)[1]).toBe(2 ** 20);
  });

  it('is refused with its datagram when the sender does not say that it is a gateway', () => {
    const harness = shared();
    harness.cycle();
    expect(new FakePeer(harness, 11).tell({ flags: 0, claims: [{ value: 30 * ONE, weight: 8 }] })).toBe('value');
    expect(harness.node.parts.transport.gateways.count).toBe(0);
  });

  it("does not outlive its gateway's patience, and the site falls back to its own mean", () => {
    const harness = shared();
    harness.setReading(0, 20 * ONE);
    harness.cycle();
    new FakePeer(harness, 11).tell({ c: [20 * ONE], claims: [{ value: 30 * ONE, weight: 8 }] });
    for (let i = 0; i < 320; i++) harness.cycle();
    expect(harness.node.parts.state.target[0]).toBeGreaterThan(21 * ONE);
    harness.cycle();
    expect(harness.node.parts.state.target[0]).toBe(20 * ONE);
  });
});

describe('the table', () => {
  const tagsOf = (table: GatewayTable): number[] => gatewaysBy(table, GATEWAY_TAG);

  it('holds four gateways, and no fifth', () => {
    const table = createGatewayTable(1);
    for (let tag = 1; tag <= 4; tag++) expect(hearGateway(table, tag, 1)).toBe(tag - 1);
    expect(hearGateway(table, 5, 1)).toBe(NONE);
    expect(hearGateway(table, 3, 2), 'one that it knows').toBe(2);
  });

  it.each([
    { gap: 1, patience: 320, what: 'one that just came' },
    { gap: 100, patience: 320, what: 'one that is heard each 100 cycles' },
  ])('keeps $what for $patience cycles', ({ gap, patience }) => {
    const table = createGatewayTable(1);
    hearGateway(table, 7, 1);
    ageGateways(table, gap);
    if (gap > 1) hearGateway(table, 7, 2);
    ageGateways(table, gap > 1 ? patience : patience - gap);
    expect(tagsOf(table)).toEqual([7]);
    ageGateways(table, 1);
    expect(tagsOf(table)).toEqual([]);
  });

  it('keeps one that is heard in each cycle for 32 cycles', () => {
    const table = createGatewayTable(1);
    for (let cycle = 1; cycle <= 200; cycle++) {
      hearGateway(table, 7, cycle);
      ageGateways(table, 1);
    }
    ageGateways(table, 31);
    expect(tagsOf(table)).toEqual([7]);
    ageGateways(table, 1);
    expect(tagsOf(table)).toEqual([]);
  });

  it('has room again when one fell silent, and keeps the values of the others', () => {
    const table = createGatewayTable(2);
    const values = (tag: number): Int32Array => Int32Array.of(10 * tag, 100 * tag);
    for (let tag = 1; tag <= 4; tag++) setOwnClaim(table, tag, 1, values(tag), Int32Array.of(tag, tag));
    for (let i = 0; i < 321; i++) {
      ageGateways(table, 1);
      for (const tag of [1, 3, 4]) hearGateway(table, tag, 2);
    }
    expect(tagsOf(table).sort()).toEqual([1, 3, 4]);
    tagsOf(table).forEach((tag, slot) => {
      expect(claimOf(table, 0, slot), `tag ${tag}`).toEqual([10 * tag, tag]);
      expect(claimOf(table, 1, slot), `tag ${tag}`).toEqual([100 * tag, tag]);
    });
    const fresh = hearGateway(table, 9, 1);
    expect(claimOf(table, 0, fresh)[0], 'nothing of the one before').toBe(NONE);
  });
});
