import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KeyFileError, readKeyFile } from '../../../../host-sim/node-platform/seal/key-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lvs-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const OTHER = new Uint8Array(32).fill(9);
const line = (key: Uint8Array): string => Buffer.from(key).toString('base64url');
let files = 0;

function write(text: string, mode = 0o600): string {
  const path = join(folder, `key-${++files}`);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

function faultOf(path: string): KeyFileError {
  try {
    readKeyFile(path);
  } catch (error) {
    if (error instanceof KeyFileError) return error;
    throw error;
  }
  throw new Error('the key file was taken');
}

describe('readKeyFile', () => {
  it.each([
    ['with a line end', `${line(KEY)}\n`],
    ['without one', line(KEY)],
    ['as an editor of Windows writes it', `${line(KEY)}\r\n`],
  ])('reads a key %s', (_, text) => {
    expect(readKeyFile(write(text))).toEqual([KEY]);
  });

  it('reads two keys, the one that seals first', () => {
    expect(readKeyFile(write(`${line(OTHER)}\n${line(KEY)}\n`))).toEqual([OTHER, KEY]);
  });

  it('reads a file that even its owner cannot write', () => {
    expect(readKeyFile(write(line(KEY), 0o400))).toEqual([KEY]);
  });

  it.each([
    [0o640, '640'],
    [0o604, '604'],
    [0o620, '620'],
    [0o666, '666'],
    [0o610, '610'],
  ])('refuses a file that others may use (%o), and says what to do', (mode, shown) => {
    const path = write(line(KEY), mode);
    const { fault, message } = faultOf(path);
    expect(fault).toBe('others');
    expect(message).toBe(`key file ${path} is open to others (mode ${shown}); run: chmod 600 ${path}`);
  });

  it('says why a file cannot be read', () => {
    const missing = join(folder, 'missing');
    expect(faultOf(missing)).toMatchObject({
      fault: 'unreadable',
      message: `key file ${missing} cannot be read: there is no such file`,
    });
    const inner = join(folder, 'folder');
    mkdirSync(inner);
    expect(faultOf(inner)).toMatchObject({
      fault: 'unreadable',
      message: `key file ${inner} cannot be read: it is a directory`,
    });
  });

  it.each([
    ['nothing', '', 'keys', 'is empty'],
    ['a line end', '\n', 'keys', 'is empty'],
    ['three keys', `${line(KEY)}\n${line(OTHER)}\n${line(KEY)}\n`, 'keys', 'has more than 2 lines'],
    ['the same key twice', `${line(KEY)}\n${line(KEY)}\n`, 'keys', 'has the same key twice'],
    ['too short a key', line(KEY.subarray(1)), 'length', ', line 1 is no key of 32 bytes (it has 42 characters)'],
    ['too long a key', `${line(KEY)}A`, 'length', ', line 1 is no key of 32 bytes (it has 44 characters)'],
    ['a last character that no key has', `${line(OTHER).slice(0, -1)}B`, 'length', ', line 1 is no key'],
    ['padding', `${line(KEY)}=`, 'characters', ', line 1 has characters that base64url does not'],
    ['plain base64', `${'+'.repeat(43)}\n`, 'characters', ', line 1 has characters'],
    ['a blank before the second key', `${line(KEY)}\n ${line(OTHER)}`, 'characters', ', line 2 has characters'],
    ['an empty line between', `${line(KEY)}\n\n`, 'length', ', line 2 is no key of 32 bytes (it has 0 characters)'],
    ['bytes', '\x00\xff'.repeat(5000), 'characters', ', line 1 has characters'],
  ])('refuses %s', (_, text, fault, says) => {
    const path = write(text);
    const error = faultOf(path);
    expect(error.fault).toBe(fault);
    expect(error.message).toContain(`key file ${path}${says.startsWith(',') ? '' : ' '}${says}`);
    expect(error.message).toContain('provision -- new-key');
  });

  it('never shows a key or a part of it', () => {
    const wrong = line(KEY).slice(0, 41);
    expect(faultOf(write(wrong)).message).not.toContain(wrong.slice(0, 4));
    expect(faultOf(write(`${wrong}\n*`)).message).not.toContain(wrong.slice(0, 4));
  });
});
