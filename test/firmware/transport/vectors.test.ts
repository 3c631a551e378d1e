/** The vectors of test/vectors, held against the firmware and against the reference codec, which shares no code with it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VectorCase, VectorSettings } from '../../vectors/format.ts';
import { loadIds, loadVectors } from '../../vectors/load.ts';
import { decode, encode, shardOf, siteIdOf, swarmIdOf } from '../../vectors/reference-codec.ts';
import { ReferenceReceiver, takenOf } from '../../vectors/reference-receiver.ts';
import { createHarness } from '../harness.ts';
import { sendFields } from './by-fields.ts';
import { bytesOf, decodeByFirmware, hexOf, receiverOf, refuseByFirmware } from './vector-receiver.ts';

const SOURCE = 1;

function byFirmware(one: VectorCase, settings: VectorSettings): void {
  if (one.kind === 'decode') {
    decodeByFirmware(one, settings);
  } else if (one.kind === 'encode') {
    const { transport } = receiverOf(settings).node.parts;
    expect(hexOf(sendFields(transport, one.fields))).toBe(one.bytes);
  } else {
    refuseByFirmware(one, settings);
  }
}

function byReference(one: VectorCase, settings: VectorSettings): void {
  if (one.kind === 'decode') {
    const fields = decode(bytesOf(one.bytes), settings);
    expect(fields).toEqual(one.fields);
    expect(takenOf(fields, settings)).toEqual(one.takes);
  } else if (one.kind === 'encode') {
    expect(Buffer.from(encode(one.fields, settings)).toString('hex')).toBe(one.bytes);
  } else {
    const receiver = new ReferenceReceiver(settings, one.own_tag ?? 0, 0);
    const medium = one.medium === true;
    for (const { bytes, source, times } of one.before ?? []) {
      for (let i = 0; i < times; i++) expect(receiver.receive(bytesOf(bytes), source, medium)).toBe('none');
    }
    expect(receiver.receive(bytesOf(one.bytes), one.source ?? SOURCE, medium)).toBe(one.reason);
  }
}

describe.each(loadVectors())('%s', (_name, { settings, cases }) => {
  it('gives swarm id and shards', () => {
    const { transport, state } = receiverOf(settings).node.parts;
    expect([transport.shape.swarm, [...state.shardOf]]).toEqual([settings.swarm_id, settings.shard_of]);
    expect(swarmIdOf(settings)).toBe(settings.swarm_id);
    expect(settings.keys.map(({ name }) => shardOf(name, settings.shards))).toEqual(settings.shard_of);
  });

  it('names each case once', () => {
    const names = cases.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(cases.map((one): [string, VectorCase] => [`${one.kind}: ${one.name}`, one]))(
    'firmware, %s',
    (_title, one) => {
      byFirmware(one, settings);
    },
  );

  it.each(cases.map((one): [string, VectorCase] => [`${one.kind}: ${one.name}`, one]))(
    'reference, %s',
    (_title, one) => {
      byReference(one, settings);
    },
  );
});

describe('ids.json', () => {
  const { swarms, sites } = loadIds();

  it.each(swarms)('swarm "$swarm"', ({ swarm_id, shard_of, ...given }) => {
    const keys = given.keys.map((key) => ({ ...key, low: 0, high: 1, scope: 'site' as const }));
    const settings: VectorSettings = { ...given, keys, seal_bytes: 0, relay: 'safe', site: '', swarm_id, shard_of };
    expect(swarmIdOf(settings)).toBe(swarm_id);
    expect(keys.map(({ name }) => shardOf(name, given.shards))).toEqual(shard_of);
    const { transport, state } = receiverOf(settings).node.parts;
    expect([transport.shape.swarm, [...state.shardOf]]).toEqual([swarm_id, shard_of]);
  });

  it.each(sites)('site "$name"', ({ name, site }) => {
    expect(siteIdOf(name)).toBe(site);
    expect(createHarness({ settings: { site: name }, gateway: true }).node.parts.federation?.site).toBe(site | 0);
  });
});

describe('docs/protocol.md', () => {
  it('shows the bytes of the vectors in its worked example', () => {
    const text = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
    const blocks = text
      .slice(text.indexOf('## A worked example'))
      .split('```')
      .filter((_, i) => i % 2 === 1);
    const shown = blocks.map((block) =>
      block
        .split('\n')
        .map(
          (line) => /^((?:[0-9a-f]{2})+(?: (?:[0-9a-f]{2})+)*)(?: {2}|\s*$)/.exec(line)?.[1].replaceAll(' ', '') ?? '',
        )
        .join(''),
    );
    const worked = loadVectors()
      .flatMap(([, { cases }]) => cases)
      .filter(({ name, kind }) => kind === 'decode' && name.startsWith('worked example'));
    expect(worked).toHaveLength(2);
    for (const { bytes, name } of worked) expect(shown, name).toContain(bytes);
  });
});
