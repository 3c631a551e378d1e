/** The other verbs, words that are wrong, several boards at once, and Ctrl-C. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Board } from '../../rom/board.ts';
import { firmware, flashed } from '../../rom/firmware.ts';
import { buildImage, flash, newFolder, removeFolders } from './desk.ts';

afterAll(removeFolders);

const image = buildImage('esp32c3', { version: '2.3.4' });
const made = firmware('esp32c3', { version: '2.3.4' });
const flashedBoard = (): Board => new Board({ chip: 'esp32c3', flash: flashed(made) });

describe('verify', () => {
  test('what is there', async () => {
    const said = await flash(['verify', '--image', image.folder], [flashedBoard()]);
    expect(said.code).toBe(0);
    expect(said.err).toContain('bytes are on the board');
  });

  test('what differs, and where', async () => {
    const board = flashedBoard();
    board.flash.bytes[0x30000] ^= 1;
    const said = await flash(['verify', '--image', image.folder], [board]);
    expect(said.code).toBe(11);
    expect(said.err).toContain('application in 1 of 4 blocks, the first at 0x30000');
  });
});

describe.each([
  ['with the stub', []],
  ['without it', ['--no-stub']],
])('read, %s', (_, flags) => {
  test('a partition', async () => {
    const file = join(newFolder(), 'nvs.bin');
    const said = await flash(['read', 'nvs', file, ...flags], [flashedBoard()]);
    expect(said.code).toBe(0);
    expect(readFileSync(file).equals(flashed(made).subarray(0x9000, 0xf000))).toBe(true);
  });

  test('a piece', async () => {
    const file = join(newFolder(), 'piece.bin');
    const said = await flash(['read', '0x10003', '0x1fff', file, ...flags], [flashedBoard()]);
    expect(said.code).toBe(0);
    expect(readFileSync(file).equals(flashed(made).subarray(0x10003, 0x12002))).toBe(true);
  });
});

test('read of a partition that is not there names those that are', async () => {
  const said = await flash(['read', 'storage'], [flashedBoard()]);
  expect(said.code).toBe(2);
  expect(said.err).toContain('the board has no partition "storage"; it has nvs, factory');
});

describe('erase', () => {
  test('asks for --yes where nobody can be asked', async () => {
    const board = flashedBoard();
    const said = await flash(['erase'], [board]);
    expect(said.code).toBe(2);
    expect(said.err).toContain('say so with --yes');
    expect(board.flash.bytes.equals(flashed(made))).toBe(true);
  });

  test('asks at a terminal, and no is no', async () => {
    const board = flashedBoard();
    let question = '';
    const confirm = (text: string): Promise<boolean> => {
      question = text;
      return Promise.resolve(false);
    };
    const said = await flash(['erase'], [board], { hands: { confirm } });
    expect(question).toBe('Erase everything, settings and keys too, on /dev/ttyUSB0?');
    expect(said.code).toBe(130);
    expect(board.flash.bytes.equals(flashed(made))).toBe(true);
  });

  test.each([
    ['with the stub', []],
    ['without it', ['--no-stub']],
  ])('all of it, %s', async (_, flags) => {
    const board = flashedBoard();
    const said = await flash(['erase', '--yes', ...flags], [board]);
    expect(said.code).toBe(0);
    expect(board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
  });

  test('a partition alone', async () => {
    const board = flashedBoard();
    board.flash.bytes.fill(0, 0x9000, 0xf000);
    const expected = flashed(made);
    expect((await flash(['erase', 'nvs', '-y'], [board])).code).toBe(0);
    expect(board.flash.bytes.equals(expected)).toBe(true);
  });
});

describe('info', () => {
  test.each([
    ['the stub, many in a packet', [], 2],
    ['the ROM, one by one', ['--no-stub'], 7],
  ])('writes registers to %s', async (_, flags, packets) => {
    const trace = join(newFolder(), 'trace.txt');
    const said = await flash(['info', '--trace', trace, ...flags], [flashedBoard()]);
    expect(said.code).toBe(0);
    expect(said.out).toContain('4 MB');
    expect(readFileSync(trace, 'utf8').match(/command op:0x09 /g)).toHaveLength(packets);
  });

  test('for people', async () => {
    const said = await flash(['info'], [flashedBoard()]);
    expect(said.code).toBe(0);
    for (const word of [
      'ESP32-C3',
      '24:0a:c4:01:02:03',
      '4 MB',
      'no secure boot',
      'model 2.3.4',
      'in factory',
      'data/nvs',
    ])
      expect(said.out).toContain(word);
  });

  test('for programs', async () => {
    const said = await flash(['info', '--json'], [flashedBoard()]);
    expect(said.events().at(-1)).toMatchObject({
      type: 'result',
      verb: 'info',
      ok: true,
      chip: 'esp32c3',
      flash_bytes: 0x400000,
      security: { secureBoot: false, flashEncryption: false, secureDownload: false },
      running: { partition: 'factory', application: { version: '2.3.4' } },
    });
    expect(said.err).toBe('');
  });

  test('of an empty flash', async () => {
    const said = await flash(['info'], [new Board({ chip: 'esp32' })]);
    expect(said.code).toBe(0);
    expect(said.out).toContain('no partition table');
  });
});

test('merge makes one image, and a manifest for esp-web-tools', async () => {
  const file = join(newFolder(), 'all.bin');
  const said = await flash(['merge', file, '--image', image.folder], []);
  expect(said.code).toBe(0);
  const merged = readFileSync(file);
  expect(merged.equals(flashed(made).subarray(0, merged.length))).toBe(true);
  expect(merged.length).toBe(0x10000 + made.app.length);
  expect(JSON.parse(readFileSync(file.replace('.bin', '.manifest.json'), 'utf8'))).toEqual({
    name: 'model',
    version: '2.3.4',
    new_install_prompt_erase: true,
    builds: [{ chipFamily: 'ESP32-C3', parts: [{ path: 'all.bin', offset: 0 }] }],
  });
});

describe('words that are wrong', () => {
  test.each([
    [['inf'], 'there is no verb "inf"; there are write, erase, verify, read, info, merge; did you mean "info"?'],
    [['--bauds', '9600'], 'did you mean --baud?'],
    [['--baud', 'fast'], '--baud is "fast"; it must be a whole number from 9600 to 4000000'],
    [['--before', 'reset'], '--before is "reset"; it must be default-reset, usb-reset, no-reset'],
    [['--after', 'soft-reset'], '--after is "soft-reset"; it must be hard-reset, no-reset'],
    [['--connect-attempts', '0'], '--connect-attempts is "0"; it must be a whole number from 1 to 1000'],
    [['--all', '--port', 'COM3'], '--all and --port exclude each other'],
    [['--board', 'm5atom', '--image', '.'], '--board and --image exclude each other'],
    [['--port', 'COM3,,COM4'], '--port is "COM3,,COM4"; name a port'],
    [['--port', 'COM3,COM3'], '--port names COM3 twice'],
    [['--board', 'm5atm'], 'there is no board "m5atm"; did you mean m5atom?'],
    [['read'], 'read what? A partition, or an address and a length'],
    [['read', '0x9000'], 'a length must follow the address'],
    [['info', 'now'], '"now" is one word too many for info'],
    [['info', '--trace', '/nowhere/at/all'], '--trace /nowhere/at/all: there is no such folder'],
  ])('%j', async (words, text) => {
    const said = await flash(words, [flashedBoard()]);
    expect(said.code).toBe(2);
    expect(said.err).toContain(text);
    expect(said.err).not.toContain('    at ');
  });

  test('what the environment says is named as such', async () => {
    const said = await flash(['info'], [flashedBoard()], { env: { ESPTOOL_BAUD: 'quick' } });
    expect(said.err).toContain('ESPTOOL_BAUD is "quick"');
  });

  test('--help tells the exit codes', async () => {
    const said = await flash(['--help'], []);
    expect(said.code).toBe(0);
    expect(said.out).toContain('Exit codes: 0 done');
  });
});

test('ESPTOOL_PORT and ESPTOOL_BAUD are read', async () => {
  const boards = [flashedBoard(), new Board({ chip: 'esp32c3', path: '/dev/ttyUSB1', flash: flashed(made) })];
  const said = await flash(['info', '--json'], boards, {
    env: { ESPTOOL_PORT: '/dev/ttyUSB1', ESPTOOL_BAUD: '230400' },
  });
  expect(said.code).toBe(0);
  expect(said.out).toContain('230,400 baud');
  expect(said.events().at(-1)).toMatchObject({ port: '/dev/ttyUSB1' });
});

describe('several boards at once', () => {
  const four = (): Board[] => [
    new Board({ chip: 'esp32c3', path: '/dev/ttyUSB0' }),
    new Board({ chip: 'esp32s3', path: '/dev/ttyUSB1', serialNumber: '2' }),
    new Board({
      chip: 'esp32c3',
      path: '/dev/ttyUSB2',
      serialNumber: '3',
      faults: { unplugAfterToDevice_bytes: 50_000 },
    }),
    new Board({ chip: 'esp32c3', path: '/dev/ttyUSB3', serialNumber: '4' }),
  ];

  test('one that fails stops no other, and the table says which', async () => {
    const boards = four();
    const said = await flash(['--image', image.folder, '--all'], boards);
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/\/dev\/ttyUSB0 +ESP32-C3 .* ok/);
    expect(said.out).toMatch(/\/dev\/ttyUSB1 +ESP32-S3 .* failed \(8\)/);
    expect(said.out).toMatch(/\/dev\/ttyUSB2 +ESP32-C3 .* failed \(6\)/);
    expect(said.out).toMatch(/\/dev\/ttyUSB3 +ESP32-C3 .* ok/);
    expect(boards[0].flash.bytes.equals(image.whole)).toBe(true);
    expect(boards[3].flash.bytes.equals(image.whole)).toBe(true);
  });

  test('those that are named, no others', async () => {
    const boards = four();
    const said = await flash(['--image', image.folder, '--port', '/dev/ttyUSB0,/dev/ttyUSB3', '--json'], boards);
    expect(said.code).toBe(0);
    const results = said.events().filter(({ type }) => type === 'result');
    expect(results.map(({ port, ok }) => [port, ok])).toEqual([
      ['/dev/ttyUSB0', true],
      ['/dev/ttyUSB3', true],
    ]);
    expect(boards[1].wire.toDevice_bytes + boards[2].wire.toDevice_bytes).toBe(0);
  });

  test('where all fail alike, that is the code', async () => {
    const said = await flash(['--image', image.folder, '--port', '/dev/ttyUSB1,/dev/ttyUSB5'], four());
    expect(said.code).toBe(1);
    const alike = await flash(['--image', image.folder, '--port', '/dev/ttyUSB7,/dev/ttyUSB8'], four());
    expect(alike.code).toBe(3);
  });
});

describe('Ctrl-C', () => {
  test('in the middle: 130, the board is started again, and the next run completes', async () => {
    const board = new Board({ chip: 'esp32c3' });
    const large = buildImage('esp32c3', { size_bytes: 600_000 });
    const words = ['--image', large.folder];
    const said = await flash(words, [board], {
      onStart: (interrupt) => {
        const watch = setInterval(() => {
          if (board.wire.toDevice_bytes < 200_000) return;
          clearInterval(watch);
          interrupt();
        }, 1);
      },
    });
    expect(said.code).toBe(130);
    expect(said.err).toContain('interrupted');
    await expect.poll(() => board.mode).not.toBe('stub');
    const again = await flash(words, [board]);
    expect(again.code).toBe(0);
    expect(board.flash.bytes.equals(large.whole)).toBe(true);
  });

  test('while nothing answers: 130 as well, at once', async () => {
    const board = new Board({ chip: 'esp32c3', faults: { noAutoReset: true } });
    const said = await flash(['info', '--connect-attempts', '1000'], [board], {
      onStart: (interrupt) => setTimeout(interrupt, 300),
    });
    expect(said.code).toBe(130);
  });
});
