import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { EXIT_NEWER_STORE, EXIT_STATE_FOLDER, NodeFailure } from '../../../host-sim/node-platform/failure.ts';
import { crc32 } from '../../../host-sim/node-platform/store/crc32.ts';
import { FileStore, type SetAside } from '../../../host-sim/node-platform/store/file-store.ts';
import { readSlot, slotBytes } from '../../../host-sim/node-platform/store/slot-file.ts';

function folder(): string {
  return join(mkdtempSync(join(tmpdir(), 'lvs-store-')), 'state');
}

function open(path: string, aside: SetAside[] = []): FileStore {
  return new FileStore({
    folder: path,
    epoch_ms: () => Date.UTC(2026, 0, 31, 23, 59, 59),
    onSetAside: (slot) => aside.push(slot),
    onError: () => undefined,
  });
}

function write(store: FileStore, slot: number, bytes: number[]): boolean {
  return store.write(slot, new DataView(Uint8Array.from(bytes).buffer), bytes.length);
}

function read(store: FileStore, slot: number): number[] {
  const into = new DataView(new ArrayBuffer(64));
  return [...new Uint8Array(into.buffer, 0, store.read(slot, into))];
}

function failure(act: () => unknown): NodeFailure {
  try {
    act();
  } catch (error) {
    if (error instanceof NodeFailure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('CRC-32', () => {
  it('gives the check value of IEEE 802.3, in one piece or two', () => {
    const bytes = Buffer.from('123456789');
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
  });

  it.runIf(typeof zlibCrc32 === 'function')('agrees with zlib', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });
});

describe('the store on a folder', () => {
  it('keeps two slots over a restart, for its owner only', () => {
    const path = folder();
    const store = open(path);
    expect(read(store, 0)).toEqual([]);
    expect(write(store, 0, [1, 2, 3])).toBe(true);
    expect(write(store, 1, [4])).toBe(true);
    expect(write(store, 0, [5, 6])).toBe(true);
    const later = open(path);
    expect([read(later, 0), read(later, 1)]).toEqual([[5, 6], [4]]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'slot0')).mode & 0o777).toBe(0o600);
    expect(readdirSync(path).sort()).toEqual(['slot0', 'slot1']);
  });

  it('knows every file that was cut or changed, and never takes it', () => {
    const whole = slotBytes(Uint8Array.from({ length: 40 }, (_, i) => i));
    expect(readSlot(whole).kind).toBe('whole');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, bits, cut) => {
        const bytes = cut
          ? whole.subarray(0, at)
          : Buffer.from(whole.map((byte, i) => (i === at ? byte ^ bits : byte)));
        // A changed version may be a newer one; nothing else is anything but corrupt.
        return ['corrupt', at === 4 || at === 5 ? 'newer' : 'corrupt'].includes(readSlot(bytes).kind);
      }),
    );
  });

  it('sets a broken slot aside, says so, and goes on with the other', () => {
    const path = folder();
    const store = open(path);
    write(store, 0, [1, 2, 3]);
    write(store, 1, [7]);
    const broken = readFileSync(join(path, 'slot0'));
    broken[broken.length - 1] ^= 1;
    writeFileSync(join(path, 'slot0'), broken);
    const aside: SetAside[] = [];
    const later = open(path, aside);
    expect(read(later, 1)).toEqual([7]);
    expect(aside).toHaveLength(1);
    expect(aside[0].path).toBe(join(path, 'slot0.corrupt-20260131T235959000Z'));
    expect(readFileSync(aside[0].path)).toEqual(broken);
    // The firmware is given something that is no state, so that it knows that it lost one.
    expect(read(later, 0)).toHaveLength(1);
    expect(write(later, 0, [9])).toBe(true);
    expect(read(open(path), 0)).toEqual([9]);
  });

  it('sets aside what is whole as a file and no state to the firmware', () => {
    const path = folder();
    write(open(path), 1, [1, 2, 3]);
    const aside: SetAside[] = [];
    open(path, aside).distrust();
    expect(aside).toHaveLength(1);
    expect(readdirSync(path)).toEqual(['slot1.corrupt-20260131T235959000Z']);
  });

  it('refuses the store of a newer version, and leaves it as it is', () => {
    const path = folder();
    write(open(path), 0, [1]);
    const newer = readFileSync(join(path, 'slot0'));
    newer.writeUInt16BE(2, 4);
    writeFileSync(join(path, 'slot0'), newer);
    const error = failure(() => open(path));
    expect(error.exit_code).toBe(EXIT_NEWER_STORE);
    expect(error.message).toContain('format 2');
    expect(readFileSync(join(path, 'slot0'))).toEqual(newer);
  });

  it('takes no notice of what a killed process had begun to write', () => {
    const path = folder();
    write(open(path), 0, [1, 2]);
    writeFileSync(join(path, 'slot0.new'), 'LVSF');
    const aside: SetAside[] = [];
    const later = open(path, aside);
    expect([read(later, 0), aside]).toEqual([[1, 2], []]);
    expect(write(later, 0, [3])).toBe(true);
  });

  it('says which folder cannot be used', () => {
    const path = folder();
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'a file');
    const error = failure(() => open(path));
    expect(error.exit_code).toBe(EXIT_STATE_FOLDER);
    expect(error.message).toContain(path);
  });
});

/** Cuts off a process that saves without end, after a random time. */
async function killWhileSaving(path: string, wait_ms: number): Promise<string> {
  const child = spawn(process.execPath, [join(projectRoot(), 'build/bin/store-saver.mjs'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready')) setTimeout(() => child.kill('SIGKILL'), wait_ms);
    });
    child.on('close', () => resolve());
  });
  return said;
}

describe('a node killed while it saves', () => {
  it('finds a whole state every time', { timeout: 60_000 }, async () => {
    const path = folder();
    const seed = Date.now() % 100_000;
    for (let kill = 0; kill < 20; kill++) {
      const wait_ms = ((seed + kill) * 7.31) % 12;
      expect(await killWhileSaving(path, wait_ms), `seed ${seed}, kill ${kill}`).toBe('ready\n');
      const kinds = ['slot0', 'slot1'].map((slot) => readSlot(readFileSync(join(path, slot))).kind);
      expect(kinds, `seed ${seed}, kill ${kill}`).toEqual(['whole', 'whole']);
    }
  });
});
