/** The firmware as a receiver of vectors: a node of the bundle, and what it must hold after it heard one. */
import { expect } from 'vitest';
import type { SealPort } from '../../../firmware/node.ts';
import { mix32 } from '../../../firmware/fixed/hash.ts';
import { TAG } from '../../../firmware/types/table.ts';
import type { DecodeCase, Fields, Mean, RefuseCase, VectorSettings } from '../../vectors/format.ts';
import { firmwareSettings } from '../../vectors/load.ts';
import { encode, shardOf, vectorSeal } from '../../vectors/reference-codec.ts';
import type { Harness } from '../harness.ts';
import { api, createHarness } from '../harness.ts';
import { peerOf, peersOf, claimOf } from '../inspect.ts';

const SOURCE = 1;

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(Uint8Array.from(bytes).buffer);
}

export function hexOf(view: DataView): string {
  return Buffer.from(view.buffer).toString('hex');
}

export function reason(number: number): string {
  return api.DROP_NAMES[number];
}

function sealOf({ seal_bytes }: VectorSettings): SealPort {
  const tagOf = (view: DataView, length: number): Uint8Array =>
    vectorSeal(new Uint8Array(view.buffer, view.byteOffset, length), seal_bytes);
  return {
    overhead_bytes: seal_bytes,
    close: (view, length) => tagOf(view, length).forEach((byte, i) => view.setUint8(length + i, byte)),
    open: (view, length) => tagOf(view, length).every((byte, i) => byte === view.getUint8(length + i)),
  };
}

export function receiverOf(settings: VectorSettings): Harness {
  return createHarness({
    settings: firmwareSettings(settings),
    gateway: settings.site !== '',
    ...(settings.seal_bytes > 0 ? { seal: sealOf(settings) } : {}),
  });
}

/** A node listens to nobody before it knows him by a state diff, so that is what the sender says first. */
function introduce(harness: Harness, { tag, cycle, clock_s }: Fields, settings: VectorSettings): void {
  const hello: Fields = { flags: [], tag, cycle: (cycle - 1) | 0, held: 0, mean_age: 0, pace: 1, messages: [] };
  if (settings.seal_bytes > 0) {
    hello.flags.push('sealed');
    hello.clock_s = clock_s ?? 0;
  }
  const missing = settings.keys
    .filter(({ name }) => shardOf(name, settings.shards) === 0)
    .map(({ name }) => ({ key: name, c: null, b: null }));
  hello.messages.push({ type: 'sdm', shard_id: 0, drift_weight: 65_536, diff_vector: missing });
  expect(reason(harness.deliver(viewOf(encode(hello, settings)), SOURCE))).toBe('none');
}

const NO_MEAN: Mean = { value: api.NONE, weight: 0 };

function expectTaken(harness: Harness, one: DecodeCase, { keys }: VectorSettings): void {
  const { parts } = harness.node;
  const { sensors, claims, relayed, range } = one.takes;
  const sender = peerOf(parts, one.fields.tag);
  expect(harness.dropped('range')).toBe(range);
  expect(sender?.c).toEqual(keys.map(({ name }) => sensors?.[name].c ?? null));
  expect(sender?.b).toEqual(keys.map(({ name }) => sensors?.[name].b ?? null));
  keys.forEach(({ name }, key) => {
    if (claims?.[name] !== undefined) expectMean(parts.transport.gateways, key, claims[name]);
  });
  for (const { tag, cycle, first_hand, age, values } of relayed ?? []) {
    const c = keys.map(({ name }) => values[name]);
    expect(peerOf(parts, tag)).toMatchObject({ cycle, firstHand: first_hand, age, c });
  }
  expect(peersOf(parts), 'nobody else').toHaveLength(2 + (relayed?.length ?? 0));
}

function expectMean(gateways: Harness['node']['parts']['transport']['gateways'], key: number, mean: Mean | null): void {
  const held = claimOf(gateways, key, 0);
  const { value, weight } = mean ?? { ...NO_MEAN, weight: held[1] };
  expect(held).toEqual([value, weight]);
}

function expectHeader(harness: Harness, { tag, cycle, held, pace, flags, messages }: Fields): void {
  const { transport, state } = harness.node.parts;
  const sender = peerOf(harness.node.parts, tag);
  expect(sender).toMatchObject({ directCycle: cycle, holds: held, pace });
  expect(transport.asked).toBe(flags.includes('hello'));
  for (const message of messages) {
    if (message.type === 'beacon') expect(sender?.nonce).toBe(message.nonce | 0);
    if (message.type !== 'ep') continue;
    const stamp = Number(BigInt.asIntN(32, BigInt(message.timestamp)));
    expect(sender?.entropyStamp).toBe(stamp);
    const words = message.entropy_vector.map((word, i) => mix32(mix32(word) ^ i));
    expect([...state.entropyCache.subarray(0, state.entropyCount)]).toEqual(words);
  }
}

function expectSite(harness: Harness, one: DecodeCase, { keys }: VectorSettings): void {
  const { federation } = harness.node.parts;
  expect(federation?.count).toBe(1);
  keys.forEach(({ name }, key) => {
    if (federation !== null) expectMean(federation.tables[0], key, one.takes.site?.[name] ?? null);
  });
}

export function decodeByFirmware(one: DecodeCase, settings: VectorSettings): void {
  const harness = receiverOf(settings);
  const view = viewOf(bytesOf(one.bytes));
  if (one.takes.site !== undefined) {
    expect(reason(harness.deliverMedium(view, SOURCE))).toBe('none');
    expectSite(harness, one, settings);
    return;
  }
  introduce(harness, one.fields, settings);
  expect(reason(harness.deliver(view, SOURCE))).toBe('none');
  if (one.fields.flags.includes('leaving')) {
    expect(peersOf(harness.node.parts)).toHaveLength(1);
    return;
  }
  expectHeader(harness, one.fields);
  expectTaken(harness, one, settings);
}

export function refuseByFirmware(one: RefuseCase, settings: VectorSettings): void {
  const harness = receiverOf(settings);
  const { transport, federation } = harness.node.parts;
  if (one.own_tag !== undefined) transport.tag = transport.table.rows[TAG] = one.own_tag | 0;
  const deliver = (hex: string, source: number): string => {
    const view = viewOf(bytesOf(hex));
    return reason(one.medium === true ? harness.deliverMedium(view, source) : harness.deliver(view, source));
  };
  for (const { bytes, source, times } of one.before ?? []) {
    for (let i = 0; i < times; i++) expect(deliver(bytes, source)).toBe('none');
  }
  const held = (): string => {
    const peers = peersOf(harness.node.parts).map((peer) => ({ ...peer, staleCount: 0 }));
    return JSON.stringify([peers, transport.gateways, federation]);
  };
  const before = held();
  expect(deliver(one.bytes, one.source ?? SOURCE)).toBe(one.reason);
  expect(held(), 'it has changed nothing').toBe(before);
  expect(harness.dropped(one.reason)).toBe(1);
}
