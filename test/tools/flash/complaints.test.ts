/** What users of such tools complain of: each provoked, and the message read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Board } from '../../rom/board.ts';
import type { Faults } from '../../rom/faults.ts';
import { buildImage, flash, MACHINE, newFolder, removeFolders, type RunOptions, type Said } from './desk.ts';

afterAll(removeFolders);

const image = buildImage('esp32');

async function flashWith(
  faults: Partial<Faults>,
  words: readonly string[] = [],
  options: RunOptions = {},
): Promise<Said & { board: Board }> {
  const board = new Board({ chip: 'esp32', faults });
  const said = await flash(['--image', image.folder, ...words], [board], options);
  return { ...said, board };
}

describe('the wrong boot mode', () => {
  test('a board that does not enter its loader: which button to press', async () => {
    const board = new Board({ chip: 'esp32', faults: { noAutoReset: true } });
    const said = await flash(['info', '--board', 'esp32-devkitc', '--connect-attempts', '2'], [board]);
    expect(said.code).toBe(7);
    expect(said.err).toMatch(/(nothing|no loader that) answers (at \/dev\/ttyUSB0 )?after 2 attempts/);
    expect(said.err).toContain('hold Boot, press and release EN, let Boot go');
  });

  test('a board that is not known: what such buttons are called', async () => {
    const said = await flashWith({ noAutoReset: true }, ['--connect-attempts', '1']);
    expect(said.code).toBe(7);
    expect(said.err).toContain('hold its BOOT button, press and release RESET');
  });

  test('a board that starts its application: it says so, and in which mode', async () => {
    const board = new Board({ chip: 'esp32', faults: { noAutoReset: true } });
    const pressing = setInterval(() => board.press('reset'), 100);
    const said = await flash(['--image', image.folder, '--connect-attempts', '2'], [board]);
    clearInterval(pressing);
    expect(said.code).toBe(7);
    expect(said.err).toMatch(/starts its application instead of the loader \(wrong boot mode, 0x1\d\)/);
    expect(said.err).toContain('BOOT button');
  });

  test('once the button was pressed, it works', async () => {
    const board = new Board({ chip: 'esp32', faults: { noAutoReset: true }, startsInDownloadMode: true });
    const said = await flash(['--image', image.folder], [board]);
    expect(said.code).toBe(0);
  });
});

describe('a rate that the cable does not bear', () => {
  test('the rate falls until the board answers', async () => {
    const { code, err, board } = await flashWith({ garbleAbove_baud: 300_000 });
    expect(err).toContain('nothing answers at 921,600 baud over this cable; going on at 460,800');
    expect(err).toContain('going on at 230,400');
    expect(code).toBe(0);
    expect(board.flash.bytes.equals(image.whole)).toBe(true);
  });

  test('a driver that refuses it: the next one that it takes', async () => {
    const { code, err } = await flashWith({ hostBaud_max: 460_800 });
    expect(err).toContain("this port's driver refuses 921,600 baud; trying 460,800");
    expect(err).toContain('460,800 baud');
    expect(code).toBe(0);
  });

  test('a link that loses bytes on the way: the rest at a lower rate, and all of it verified', async () => {
    const { code, board } = await flashWith({ drop_rate: 2e-5 });
    expect(code).toBe(0);
    expect(board.flash.bytes.equals(image.whole)).toBe(true);
  });
});

describe('a port that does not open', () => {
  test('busy: who holds it', async () => {
    const machine = {
      ...MACHINE,
      list: (folder: string) => (folder === '/proc' ? ['1', '4711', 'self'] : folder === '/proc/4711/fd' ? ['3'] : []),
      readLink: (path: string) => (path === '/proc/4711/fd/3' ? '/dev/ttyUSB0' : ''),
      readText: (path: string) => (path === '/proc/4711/comm' ? 'minicom\n' : ''),
    };
    const { code, err } = await flashWith({ openFails: 'busy' }, [], { machine });
    expect(code).toBe(4);
    expect(err).toContain('/dev/ttyUSB0 is busy: minicom (process 4711) has it open; close that program');
  });

  test('busy, by a program of another user: how to find it', async () => {
    const { code, err } = await flashWith({ openFails: 'busy' });
    expect(code).toBe(4);
    expect(err).toContain('`sudo lsof /dev/ttyUSB0` names it');
  });

  test('denied: which group, and the command that mends it', async () => {
    const machine = { ...MACHINE, groupOf: () => 20, readText: () => 'root:x:0:\ndialout:x:20:bob\n' };
    const { code, err } = await flashWith({ openFails: 'denied' }, [], { machine });
    expect(code).toBe(5);
    expect(err).toContain(
      'it belongs to the group dialout, and you are not in it; run `sudo usermod -aG dialout $USER`',
    );
  });

  test('denied, though the group is right: log in again', async () => {
    const machine = { ...MACHINE, groupOf: () => 20, readText: () => 'dialout:x:20:bob,ada\n' };
    const { code, err } = await flashWith({ openFails: 'denied' }, [], { machine });
    expect(code).toBe(5);
    expect(err).toContain('you were added to the group dialout after you logged in; log out and in again');
  });

  test('named and not there: it fails, and takes no other', async () => {
    const { code, err, board } = await flashWith({}, ['--port', '/dev/ttyUSB7']);
    expect(code).toBe(3);
    expect(err).toContain(
      'there is no port /dev/ttyUSB7; there are /dev/ttyUSB0 (CP210x bridge, 10c4:ea60, serial 0001)',
    );
    expect(board.wire.toDevice_bytes).toBe(0);
  });
});

describe('which port', () => {
  const two = (): Board[] => [
    new Board({ chip: 'esp32', path: '/dev/ttyUSB0', adapter: 'ch340' }),
    new Board({ chip: 'esp32', path: '/dev/ttyUSB1', serialNumber: '0002' }),
  ];

  test('several and nobody to ask: all are named, none is taken', async () => {
    const boards = two();
    const said = await flash(['--image', image.folder], boards);
    expect(said.code).toBe(3);
    expect(said.err).toContain('/dev/ttyUSB0 (CH340 bridge, 1a86:7523');
    expect(said.err).toContain('name the one that you mean with --port');
    expect(boards.every(({ wire }) => wire.toDevice_bytes === 0)).toBe(true);
  });

  test('several and someone to ask: that one is taken', async () => {
    const boards = two();
    const hands = { askForPort: () => Promise.resolve('/dev/ttyUSB1') };
    const said = await flash(['--image', image.folder], boards, { hands });
    expect(said.code).toBe(0);
    expect(boards.map(({ flash: { bytes } }) => bytes.equals(image.whole))).toEqual([false, true]);
  });

  test('none: what may be wrong with the cable', async () => {
    const said = await flash(['--image', image.folder], []);
    expect(said.code).toBe(3);
    expect(said.err).toContain('no board is plugged in: use a cable that carries data');
  });

  test('none on Windows: where the drivers are', async () => {
    const said = await flash(['--image', image.folder], [], { machine: { ...MACHINE, platform: 'win32' } });
    expect(said.err).toContain('a bridge may need its driver (CP210x: https://');
  });

  test('a system that cannot list them: by their names, and it says so', async () => {
    const machine = { ...MACHINE, list: (folder: string) => (folder === '/dev' ? ['ttyUSB0', 'ttyS0', 'null'] : []) };
    const said = await flashWith({}, [], { listFails: new Error('spawn udevadm ENOENT'), machine });
    expect(said.err).toContain('udevadm is not installed');
    expect(said.code).toBe(0);
  });
});

describe('what was written is not what is read back', () => {
  const AT = 5000;
  const odd = buildImage('esp32');
  odd.app[AT] |= 1;
  writeFileSync(join(odd.folder, 'app.bin'), odd.app);

  test('a bit that does not hold: verified at every rate, then told', async () => {
    const board = new Board({ chip: 'esp32' });
    const program = board.flash.program.bind(board.flash);
    board.flash.program = (address, data, start_us) => {
      const end_us = program(address, data, start_us);
      if (address <= 0x10000 + AT && 0x10000 + AT < address + data.length) board.flash.bytes[0x10000 + AT] &= 0xfe;
      return end_us;
    };
    const said = await flash(['--image', odd.folder], [board]);
    expect(said.err).toContain('application in the flash is not what was sent (921,600 baud): once more at 460,800');
    expect(said.err).toContain('not even at 115,200 baud: the cable, the supply or the flash is bad');
    expect(said.code).toBe(11);
  });

  test('a loader that finds it itself: told at once', async () => {
    const board = new Board({ chip: 'esp32' });
    const bytes = board.flash.bytes;
    Object.defineProperty(board.flash, 'bytes', {
      get: () => {
        bytes[0x10000 + AT] &= 0xfe;
        return bytes;
      },
    });
    const said = await flash(['--image', odd.folder, '--no-stub'], [board]);
    expect(said.err).toContain('the flash of the board does not take what is sent while writing application');
    expect(said.err).not.toContain('once more');
    expect(said.code).toBe(11);
  });
});

describe('a port that goes away', () => {
  test('with each reset: it is waited for', async () => {
    const { code, board } = await flashWith({ vanishesOnReset: { for_ms: 60 } });
    expect(code).toBe(0);
    expect(board.flash.bytes.equals(image.whole)).toBe(true);
  });

  test('and comes back under another name: it is followed', async () => {
    const { code, err } = await flashWith({ vanishesOnReset: { for_ms: 60, comesBackAs: '/dev/ttyUSB4' } });
    expect(err).toContain('the board came back from its reset as /dev/ttyUSB4');
    expect(code).toBe(0);
  });

  test('for good: what was being done, and that the next run goes on', async () => {
    const { code, err } = await flashWith({ unplugAfterToDevice_bytes: 60_000 });
    expect(code).toBe(6);
    expect(err).toContain('the link to /dev/ttyUSB0 was lost while writing application');
    expect(err).toContain('it goes on where it stopped');
  });
});

test('noise before the loader answers does no harm', async () => {
  expect((await flashWith({ noiseBeforeSync_bytes: 200 })).code).toBe(0);
});

test('--trace keeps the conversation, for a report', async () => {
  const file = join(newFolder(), 'trace.txt');
  const said = await flashWith({ noAutoReset: true }, ['--connect-attempts', '1', '--trace', file]);
  expect(said.code).toBe(7);
  const trace = readFileSync(file, 'utf8');
  expect(trace).toMatch(/^lvs-node flash .*\nNode\.js \d+/);
  expect(trace).toContain('/dev/ttyUSB0 Write 46 bytes');
  expect(trace).toMatch(/c000082400000000 0007071220555555/);
  expect(said.out).toBe('');
});

test.each([[[]], [['--no-stub']]])('a flash that erases slowly is waited for %j', async (flags) => {
  // A twentieth of a real board's pace, and of a real user's patience.
  const scale = 0.05;
  const board = new Board({ chip: 'esp32', pace: scale, faults: { eraseSlowdown: 15 } });
  const hands = { patience: scale };
  const said = await flash(['--image', image.folder, ...flags], [board], { hands });
  expect(said.err).not.toContain('once more');
  expect(said.code, said.err).toBe(0);
  expect(board.flash.bytes.equals(image.whole)).toBe(true);
});
