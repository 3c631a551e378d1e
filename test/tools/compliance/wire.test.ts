/** The tool's codec and seal against the vectors, which were made without it. */
import { describe, expect, it } from 'vitest';
import { authenticSeal, privateSeal, swarmSeal } from '../../../tools/compliance/wire/seal.ts';
import { decode } from '../../../tools/compliance/wire/decode.ts';
import { encodeBeacon, encodeEP, encodeHeader, encodeSDM } from '../../../tools/compliance/wire/encode.ts';
import { shardOf, swarmIdOf } from '../../../tools/compliance/wire/hash.ts';
import type { Fields, Message } from '../../vectors/format.ts';
import { loadIds, loadVectors } from '../../vectors/load.ts';
import { loadSealVectors } from '../../vectors/seal-file.ts';

const FLAGS = ['sealed', 'leaving', 'hello', 'gateway'];

function encodeMessageOf(message: Message): Buffer | null {
  switch (message.type) {
    case 'sdm':
      return encodeSDM(message.shard_id, message.diff_vector, message.drift_weight);
    case 'ep':
      return encodeEP(message.timestamp, message.node_load, message.entropy_vector);
    case 'beacon':
      return encodeBeacon(message.nonce, message.cycle_ms, message.earlier);
    default:
      return null;
  }
}

/** Null where the tool never says such a thing. */
function encoded(fields: Fields, swarm_id: number): Buffer | null {
  const messages = fields.messages.map(encodeMessageOf);
  if (messages.includes(null)) return null;
  const flags = fields.flags.reduce((bits, flag) => bits | (1 << FLAGS.indexOf(flag)), 0);
  return Buffer.concat([encodeHeader({ ...fields, swarm_id, flags }), ...messages.filter((one) => one !== null)]);
}

it('swarm ids and shards are those of the vectors', () => {
  for (const { swarm, keys, shards, swarm_id, shard_of } of loadIds().swarms) {
    expect(swarmIdOf(swarm, keys, shards), swarm).toBe(swarm_id);
    expect(
      keys.map(({ name }) => shardOf(name, shards)),
      swarm,
    ).toEqual(shard_of);
  }
});

it('what honest nodes send is read without a fault, and written to the same bytes', () => {
  let [read, written] = [0, 0];
  for (const [file, { settings, cases }] of loadVectors()) {
    for (const one of cases) {
      if (one.kind !== 'encode' || one.fields.messages.some(({ type }) => type === 'site')) continue;
      const bytes = Buffer.from(one.bytes, 'hex');
      const heard = decode(bytes, settings.seal_bytes);
      expect(heard.fault, `${file}: ${one.name}`).toBe('');
      expect([heard.tag, heard.cycle, heard.held, heard.pace]).toEqual([
        one.fields.tag,
        one.fields.cycle,
        one.fields.held,
        one.fields.pace,
      ]);
      read++;
      const again = settings.seal_bytes === 0 ? encoded(one.fields, settings.swarm_id) : null;
      if (again === null) continue;
      expect(again.toString('hex'), `${file}: ${one.name}`).toBe(one.bytes);
      written++;
    }
  }
  expect(read).toBeGreaterThan(15);
  expect(written).toBeGreaterThan(8);
});

describe('the seal', () => {
  const { keys, cases } = loadSealVectors();

  it.each(cases.map((one) => [one.kind, one.name, one] as const))('%s: %s', (_kind, _name, one) => {
    const own = one.keys.map((name) => Buffer.from(keys[name].swarm_key, 'hex'));
    const seal = one.mode === 'private' ? privateSeal(own) : authenticSeal(own);
    const sealed = Buffer.from(one.sealed, 'hex');
    if (one.kind === 'close') {
      const plain = Buffer.from(one.plain ?? '', 'hex');
      // What is private has a nonce of its own each time, so it is opened again.
      if (one.mode === 'authentic') expect(seal.close(plain).toString('hex')).toBe(one.sealed);
      else expect(seal.open(seal.close(plain))?.subarray(0, plain.length)).toEqual(plain);
      return;
    }
    const opened = seal.open(sealed);
    if (one.kind === 'refuse') expect(opened).toBeNull();
    else expect(opened?.subarray(0, -seal.bytes).toString('hex')).toBe(one.plain);
  });

  it('is of the kind that the first datagram shows', () => {
    const found = cases.find(({ kind, mode }) => kind === 'open' && mode === 'private');
    const seal = swarmSeal((found?.keys ?? []).map((name) => Buffer.from(keys[name].swarm_key, 'hex')));
    expect(seal.open(Buffer.from(found?.sealed ?? '', 'hex'))).not.toBeNull();
    expect([seal.name, seal.bytes]).toEqual(['private', 28]);
  });
});
