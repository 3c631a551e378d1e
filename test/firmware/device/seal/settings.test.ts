import { describe, expect, it } from 'vitest';
import { SettingsReader } from '../../../../firmware/device/config/reader.ts';
import { readSeal, type SealSettings } from '../../../../firmware/device/seal/settings.ts';

const KEY = new Uint8Array(32).fill(1).buffer;
const OLD = new Uint8Array(32).fill(2).buffer;

function read(nvs: Record<string, unknown>): SealSettings | null {
  return readSeal(new SettingsReader([(name) => nvs[name]]));
}

describe('readSeal', () => {
  it('finds an open swarm where there is no key', () => {
    expect(read({})).toBeNull();
    expect(read({ private: 0 })).toBeNull();
  });

  it('takes one key, or two with the newer one first', () => {
    expect(read({ swarm_key: KEY })).toEqual({ keys: [KEY], private: false });
    expect(read({ swarm_key: KEY, swarm_key_old: OLD })).toEqual({ keys: [KEY, OLD], private: false });
  });

  it.each([
    [true, true],
    [1, true],
    ['1', true],
    ['true', true],
    [false, false],
    [0, false],
    ['0', false],
    ['false', false],
  ])('takes private as NVS or a command line has it (%j)', (value, is) => {
    expect(read({ swarm_key: KEY, private: value })?.private).toBe(is);
  });

  it.each([
    [{ swarm_key: new ArrayBuffer(31) }, 'swarm_key is 31 bytes; it must be 32 bytes in NVS'],
    [{ swarm_key: 'c2VjcmV0' }, 'swarm_key is no bytes; it must be 32 bytes in NVS'],
    [{ swarm_key: KEY, swarm_key_old: new ArrayBuffer(0) }, 'swarm_key_old is 0 bytes; it must be 32 bytes in NVS'],
    [{ swarm_key_old: OLD }, 'swarm_key_old is there without swarm_key; give the board both'],
    [{ private: true }, 'private needs swarm_key; give the board the key of its swarm'],
    [{ swarm_key: KEY, private: 'yes' }, 'private must be 0 or 1'],
  ])('refuses what cannot be a key, without showing it', (nvs, message) => {
    expect(() => read(nvs)).toThrow(new RangeError(message));
  });
});
