/** The same board behind a pseudo-terminal, with the native driver of serialport and as a program of its own. */
import { autoDetect } from '@serialport/bindings-cpp';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { Board } from './board.ts';
import { esptool, write } from './client.ts';
import { codeLike } from './firmware.ts';
import { serveOnPty } from './pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'rom-'));
afterAll(() => rmSync(folder, { recursive: true }));

const IMAGE = codeLike(50_000, 12);

describe.skipIf(process.platform !== 'linux')('a pseudo-terminal', () => {
  test('esptool-js writes by the native driver, at a higher rate', async () => {
    const board = new Board({ chip: 'esp32c6' });
    const served = await serveOnPty(board);
    const { loader } = esptool({ binding: autoDetect(), path: served.path, baud: 921_600 });
    await loader.main('no_reset');
    await write(loader, 0x10000, IMAGE);
    expect(board.flash.bytes.subarray(0x10000, 0x10000 + IMAGE.length).equals(IMAGE)).toBe(true);
    await loader.transport.disconnect();
    await served.close();
  });

  test('opened again, the board is in its loader again; served so, it runs', async () => {
    const board = new Board({ chip: 'esp32' });
    const served = await serveOnPty(board, { onOpen: 'run' });
    const binding = autoDetect();
    const port = await binding.open({ path: served.path, baudRate: 115_200 });
    const buffer = Buffer.alloc(1000);
    const { bytesRead } = await port.read(buffer, 0, buffer.length);
    expect(buffer.toString('latin1', 0, bytesRead)).toMatch(/^ets Jul 29 2019/);
    expect(board.mode).toBe('app');
    await port.close();
    await served.close();
  });

  test('a link stays while the terminal behind it goes and comes', async () => {
    const board = new Board({ chip: 'esp32c3', faults: { vanishesOnReset: { for_ms: 20 } } });
    const link = join(folder, 'ttyBOARD');
    const served = await serveOnPty(board, { onOpen: 'leave', link });
    const binding = autoDetect();
    const port = await binding.open({ path: link, baudRate: 115_200 });
    const ended = expect(port.read(Buffer.alloc(10), 0, 10)).rejects.toThrow();
    await vi.waitFor(() => expect(board.isOpen).toBe(true));
    board.press('reset');
    await ended;
    await port.close();
    await vi.waitFor(async () => {
      const again = await binding.open({ path: link, baudRate: 115_200 });
      await again.close();
    });
    await served.close();
  });

  test('as a program: prints its path, obeys, and leaves the flash in a file', async () => {
    const flash = join(folder, 'flash.bin');
    writeFileSync(flash, Buffer.alloc(16, 0x42));
    const words = [
      'test/rom/serve.mjs',
      '--chip',
      'esp32s3',
      '--flash',
      flash,
      '--size',
      '8',
      '--fault',
      'secureBoot=true',
    ];
    const child = spawn(process.execPath, words, { cwd: projectRoot(), stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const path = String((await lines.next()).value);
    const { loader } = esptool({ binding: autoDetect(), path });
    await loader.main('no_reset');
    expect((await loader.getSecurityInfo()).parsedFlags.SECURE_BOOT_EN).toBe(true);
    await write(loader, 0x10000, IMAGE);
    child.stdin.write('wire\n');
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ mode: 'stub' });
    await loader.transport.disconnect();
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    const left = readFileSync(flash);
    expect(left).toHaveLength(0x800000);
    expect(left.subarray(0, 17)).toEqual(Buffer.from([...Array.from({ length: 16 }, () => 0x42), 0xff]));
    expect(left.subarray(0x10000, 0x10000 + IMAGE.length).equals(IMAGE)).toBe(true);
  });
});
