import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type NvsEntry, type NvsType, textData } from '../../../tools/provision/nvs/contents.ts';
import { decodeNvs } from '../../../tools/provision/nvs/decode.ts';
import { encodeNvs } from '../../../tools/provision/nvs/encode.ts';
import { Desk } from './desk.ts';

let desk: Desk | undefined;
afterEach(() => {
  desk?.clear();
  desk = undefined;
});

function sit(): Desk {
  desk = new Desk();
  return desk;
}

const INTO_FILE = ['--board', 'm5atom', '--out', 'image.bin'];

describe('what a board holds', () => {
  const held = (entries: NvsEntry[]): Uint8Array =>
    encodeNvs({ namespaces: new Map(), entries, last_sequence: 5, damaged: [] }, 0x4000);
  const inLvs = (key: string, type: NvsType, data: Uint8Array): NvsEntry => ({ namespace: 'lvs', key, type, data });

  it('stays as it is where nobody names it, whatever its type', async () => {
    const at = sit();
    const entries = [
      inLvs('cycle_ms', 'u64', new Uint8Array(8).fill(9)),
      inLvs('role', 'string', textData('boss')),
      inLvs('key0', 'string', textData('{"no key')),
      inLvs('future', 'blob', new Uint8Array(20).fill(7)),
    ];
    at.write('before.bin', held(entries));
    expect((await at.run([...INTO_FILE, '--image', 'before.bin', '--swarm', 'attic'])).code).toBe(0);
    expect(decodeNvs(at.read('image.bin')).entries).toEqual([...entries, inLvs('swarm', 'string', textData('attic'))]);
    const shown = await at.run(['show', '--image', 'image.bin']);
    expect(shown.out).toContain('cycle_ms  (of a type that the firmware does not read)');
    expect(shown.out).toContain('future    (set; not known to this program)');
  });

  it('is no reason to refuse another setting, and one where a setting needs it', async () => {
    const at = sit();
    at.write('before.bin', held([inLvs('private', 'u8', Uint8Array.of(1))]));
    const run = (...argv: string[]): ReturnType<Desk['run']> =>
      at.run([...INTO_FILE, '--image', 'before.bin', ...argv]);
    expect((await run('--swarm', 'attic')).code).toBe(0);
    expect((await run('--set', 'transport=peers')).err).toContain('peers is missing');
    at.write('bad.bin', held([inLvs('key0', 'string', textData('{"no key'))]));
    const mixed = await at.run([...INTO_FILE, '--image', 'bad.bin', '--sensor', 'a=none']);
    expect(mixed.err).toContain('the keys that the board holds cannot be read; give all keys in a --file instead');
  });

  it('is told where the board would not start with it, without the value of what may hide a secret', async () => {
    const at = sit();
    at.write('before.bin', held([inLvs('mqtt_url', 'string', textData('mqtts://me:hunter22@b'))]));
    const { code, err } = await at.run([...INTO_FILE, '--image', 'before.bin', '--swarm', 'attic']);
    expect(code).toBe(0);
    expect(err).toContain('the board may not start with what it holds: mqtt_url must not hold a name or password');
    expect(err).not.toContain('hunter22');
  });

  it('is shown as far as it is whole, or refused in words, whatever the damage', async () => {
    const at = sit();
    at.write('office.json', '{"wifi_ssid": "office", "cycle_ms": 500, "keys": [{"name": "a"}, {"name": "b"}]}');
    await at.run([...INTO_FILE, '--file', 'office.json']);
    const whole = at.read('image.bin');
    const damage = fc.array(fc.tuple(fc.nat(0x4ff), fc.nat(255)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        const image = Buffer.from(whole);
        for (const [where, value] of bytes) image[where] = value;
        at.write('damaged.bin', image);
        for (const argv of [
          ['show', '--image', 'damaged.bin'],
          [...INTO_FILE, '--image', 'damaged.bin', '--swarm', 'x'],
        ]) {
          const { code, err } = await at.run(argv);
          expect([0, 1]).toContain(code);
          expect(err).not.toContain('bug in the program');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is shown without what a terminal would obey', async () => {
    const at = sit();
    at.write('before.bin', held([inLvs('wifi_ssid', 'string', textData('a\u001b[2Jb'))]));
    const { out } = await at.run(['show', '--image', 'before.bin']);
    expect(out).toContain('wifi_ssid  a\\u001b[2Jb');
  });
});

describe('new-key', () => {
  it('makes another key each time, in a file of one’s own, and never writes over one', async () => {
    const at = sit();
    const first = await at.run(['new-key']);
    expect(first).toMatchObject({ code: 0, out: 'swarm.key\n' });
    const key = at.read('swarm.key').toString();
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(statSync(join(at.root, 'swarm.key')).mode & 0o777).toBe(0o600);
    expect(first.err).not.toContain(key.trim());
    const again = await at.run(['new-key']);
    expect(again.code).toBe(1);
    expect(again.err).toContain('swarm.key is there already');
    expect(at.read('swarm.key').toString()).toBe(key);
    const other = await at.run(['new-key', '--out', '-']);
    expect(other.out).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(other.out).not.toBe(key);
    expect((await at.run(['new-key', '--out', 'no/such/folder.key'])).err).toContain('there is no such folder');
  });
});
