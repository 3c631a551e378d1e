import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BoardFolder } from '../../../tools/boards/board.ts';
import { boardIds, findBoardFolder, readBoardFolder } from '../../../tools/boards/board.ts';
import { boardValidator, checkBoard } from '../../../tools/boards/check.ts';
import { CHIPS } from '../../../tools/boards/chips.ts';
import { boardsMain } from '../../../tools/boards/main.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { keepSurroundings } from '../around.ts';
import { fakeSdk } from '../fake-sdk.ts';

const ROOT = projectRoot();
const validate = boardValidator(ROOT);
const GOOD = readBoardFolder(ROOT, 'esp32-c3-devkitm');

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lvs-boards-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A good board with some fields changed. */
function changed(change: Record<string, unknown>, good = GOOD): BoardFolder {
  return { ...good, board: JSON.stringify({ ...(JSON.parse(good.board ?? '') as object), ...change }) };
}

function changedBoard(id: string, change: Record<string, unknown>): BoardFolder {
  return changed(change, readBoardFolder(ROOT, id));
}

function problems(board: BoardFolder, sdk = ''): string[] {
  return checkBoard(board, validate, sdk).problems;
}

describe('the boards of this project', () => {
  it('are those that are promised', () => {
    expect(boardIds(ROOT)).toEqual([
      'esp32-c3-devkitm',
      'esp32-c6-devkitc',
      'esp32-devkitc',
      'esp32-h2-devkitm',
      'esp32-s2-saola',
      'esp32-s3-devkitc',
      'lilygo-t-display',
      'm5atom',
      'm5stack-core2',
      'qtpy-esp32s2',
      'xiao-esp32c3',
      'xiao-esp32s3',
    ]);
  });

  it.each(boardIds(ROOT))('%s has nothing wrong with it, and says where its facts come from', (id) => {
    const board = readBoardFolder(ROOT, id);
    expect(problems(board)).toEqual([]);
    expect(board.readme).toContain('## Where the facts come from');
    expect(board.readme).toContain(`npm run build -- --board ${id}`);
  });

  it('refuse the one chip without Wi-Fi, with the reason', () => {
    const refused = boardIds(ROOT).filter(
      (id) => checkBoard(readBoardFolder(ROOT, id), validate, '').board?.refused !== undefined,
    );
    expect(refused).toEqual(['esp32-h2-devkitm']);
  });
});

describe('checkBoard', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a pin that the chip lacks',
      { led: { kind: 'gpio', pin: 30 } },
      'led.pin is GPIO 30, which the esp32c3 does not have; it has 0 to 21',
    ],
    [
      'a pin of the flash',
      { i2c: { data: 4, clock: 12 } },
      'i2c.clock is GPIO 12, which belongs to the flash on the esp32c3 (12 to 17); take another',
    ],
    [
      'an output that can only read',
      { chip: 'esp32', led: { kind: 'gpio', pin: 34 } },
      'led.pin is GPIO 34, which can only read on the esp32 (34 to 39 only read); take another',
    ],
    [
      'a battery off the first converter',
      { battery: { pin: 5, divider: 2, empty_mv: 3300, full_mv: 4200 }, i2c: null },
      'battery.pin is GPIO 5, which is not on the first converter of the esp32c3; that has 0 to 4',
    ],
    ['a pin twice', { i2c: { data: 8, clock: 5 } }, 'led.pin and i2c.data are both GPIO 8; one of them is wrong'],
    ['a label', { pins: { D1: 22 } }, 'pins.D1 is GPIO 22, which the esp32c3 does not have; it has 0 to 21'],
    [
      'a USB port',
      { usb: { kind: 'otg', chip: 'x', ids: ['303a:0002'] } },
      'usb.kind is otg, and the esp32c3 has serial-jtag',
    ],
    ['no Wi-Fi', { chip: 'esp32h2' }, 'the esp32h2 has no Wi-Fi; say so in "refused"'],
    ['an unknown field', { wings: 2 }, 'has a field "wings" that there is not'],
    [
      'an unknown chip',
      { chip: 'esp8266' },
      'is "esp8266"; it must be one of esp32, esp32s2, esp32s3, esp32c3, esp32c6, esp32h2',
    ],
    ['a missing field', { flash: { size_mb: 4, mode: 'dio' } }, 'flash lacks the field "frequency_mhz"'],
  ])('names %s', (_what, change, problem) => {
    expect(problems(changed(change)).join('\n')).toContain(problem);
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    [
      'the S3’s own USB',
      'xiao-esp32s3',
      { i2c: { data: 19, clock: 20 } },
      'i2c.data is GPIO 19, which belongs to the chip’s own USB port (19 and 20); take another',
    ],
    [
      'the C3’s own USB',
      'xiao-esp32c3',
      { i2c: { data: 18, clock: 7 } },
      'GPIO 18, which belongs to the chip’s own USB',
    ],
    [
      'the C6’s own USB',
      'esp32-c6-devkitc',
      { i2c: { data: 12, clock: 13 }, usb: { kind: 'serial-jtag', chip: 'ESP32-C6', ids: ['303a:1001'] } },
      'i2c.clock is GPIO 13, which belongs to the chip’s own USB port (12 and 13)',
    ],
    [
      'the console of an ESP32',
      'esp32-devkitc',
      { i2c: { data: 1, clock: 3 } },
      'i2c.clock is GPIO 3, which belongs to the console, UART0 (1 and 3); take another',
    ],
    [
      'the PSRAM of a Core2',
      'm5stack-core2',
      { i2c: { data: 16, clock: 17 } },
      'i2c.data is GPIO 16, which belongs to the PSRAM on the esp32 (16 to 17); take another',
    ],
    [
      'octal PSRAM',
      'xiao-esp32s3',
      { i2c: { data: 33, clock: 6 } },
      'GPIO 33, which belongs to the PSRAM on the esp32s3 (33 to 37)',
    ],
    [
      'a button that starts no download mode',
      'm5atom',
      { button: { name: 'Top', pin: 39, active_low: true } },
      'button.pin is GPIO 39, and the esp32 starts its download mode by GPIO 0; write null',
    ],
    [
      'a battery upside down',
      'lilygo-t-display',
      { battery: { pin: 34, enable: 14, divider: 2, empty_mv: 4300, full_mv: 4200 } },
      'battery.empty_mv is 4300 and battery.full_mv 4200; an empty battery has the lower voltage',
    ],
    [
      'a clock of another chip',
      'esp32-devkitc',
      { flash: { size_mb: 4, mode: 'qout', frequency_mhz: 48 } },
      'flash.frequency_mhz is 48, which the esp32 does not have; it has 20, 26, 40, 80',
    ],
    [
      'a mode that is not what is built',
      'esp32-devkitc',
      { flash: { size_mb: 4, mode: 'qout', frequency_mhz: 40 } },
      'CONFIG_ESPTOOLPY_FLASHMODE_QOUT=y is missing: board.json says that the flash is read in the mode qout',
    ],
  ])('names %s', (_what, id, change, problem) => {
    expect(problems(changedBoard(id, change)).join('\n')).toContain(problem);
  });

  it('lets what is free be used: PSRAM’s pins without it, the console’s beside native USB, USB’s beside a bridge', () => {
    expect(problems(changedBoard('esp32-devkitc', { i2c: { data: 16, clock: 17 } }))).toEqual([]);
    expect(problems(changedBoard('xiao-esp32s3', { i2c: { data: 43, clock: 44 } }))).toEqual([]);
    expect(problems(changedBoard('esp32-s3-devkitc', { i2c: { data: 19, clock: 20 } }))).toEqual([]);
  });

  it('remarks on strapping pins, and finds nothing wrong with them', () => {
    const report = checkBoard(changedBoard('esp32-devkitc', { i2c: { data: 12, clock: 22 } }), validate, '');
    expect(report.problems).toEqual([]);
    expect(report.remarks).toEqual([
      'boards/esp32-devkitc/board.json: i2c.data is GPIO 12, which the esp32 reads at reset (0, 2, 5, 12, 15): ' +
        'what pulls it may keep the board from starting',
    ]);
  });

  it('names files that are missing or no JSON', () => {
    expect(problems({ ...GOOD, readme: undefined, sdkconfig: undefined })).toEqual([
      'boards/esp32-c3-devkitm/sdkconfig.defaults: it is missing; copy it from a board with the same chip',
      'boards/esp32-c3-devkitm/README.md: it is missing; copy it from a board with the same chip',
    ]);
    expect(problems({ ...GOOD, board: '{' })[0]).toMatch(/^boards\/esp32-c3-devkitm\/board.json: is not JSON: /);
  });

  it('looks for the target in the SDK, where there is one', () => {
    const sdk = fakeSdk(folder);
    expect(problems(changed({}), sdk)).toEqual([]);
    expect(problems(changed({ sdk_target: 'esp32/variant' }), sdk)).toEqual([]);
    expect(problems(changed({ sdk_target: 'esp32/gone' }), sdk)).toEqual([
      'boards/esp32-c3-devkitm/board.json: sdk_target "esp32/gone" is not in the SDK; look into its folder build/devices/esp32/targets',
    ]);
    expect(problems(changed({ sdk_target: 'esp32' }), sdk)[0]).toContain(
      'sdk_target "esp32" is for the esp32, and chip is esp32c3',
    );
  });

  it('wants watchdogs, rollback and brown-out detection in sdkconfig.defaults', () => {
    const without = (name: string): string[] =>
      problems({ ...GOOD, sdkconfig: (GOOD.sdkconfig ?? '').replace(`${name}=y`, `${name}=n`) });
    for (const name of [
      'CONFIG_ESP_TASK_WDT_EN',
      'CONFIG_ESP_INT_WDT',
      'CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE',
      'CONFIG_ESP_BROWNOUT_DET',
    ]) {
      expect(without(name)).toHaveLength(1);
      expect(without(name)[0]).toContain(`boards/esp32-c3-devkitm/sdkconfig.defaults: ${name}=y is missing: `);
    }
  });

  it.each([
    'CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS',
    'CONFIG_ESP_SYSTEM_PANIC_GDBSTUB',
    'CONFIG_ESP_COREDUMP_ENABLE_TO_UART',
  ])('wants %s switched off, which the SDK has on for some chips', (name) => {
    const { sdkconfig = '' } = readBoardFolder(ROOT, 'esp32-devkitc');
    for (const instead of ['', `${name}=y`]) {
      const board = { ...readBoardFolder(ROOT, 'esp32-devkitc'), sdkconfig: sdkconfig.replace(`${name}=n`, instead) };
      expect(problems(board)).toHaveLength(1);
      expect(problems(board)[0]).toContain(`boards/esp32-devkitc/sdkconfig.defaults: ${name}=n is missing: the SDK `);
    }
  });

  it('wants the flash in sdkconfig.defaults as board.json has it', () => {
    const flash = (size_mb: number, mode: string, frequency_mhz: number): string[] =>
      problems(changed({ flash: { size_mb, mode, frequency_mhz } }));
    expect(flash(4, 'dio', 80)).toEqual([]);
    for (const [problems, name] of [
      [flash(8, 'dio', 80), 'SIZE'],
      [flash(4, 'qio', 80), 'MODE'],
      [flash(4, 'dio', 40), 'FREQ'],
    ] as const) {
      expect(problems).toHaveLength(2);
      expect(problems[0]).toMatch(new RegExp(`: CONFIG_ESPTOOLPY_FLASH${name}_\\w+=y is missing: board.json says`));
      expect(problems[1]).toMatch(new RegExp(`: CONFIG_ESPTOOLPY_FLASH${name}_\\w+=y is too much: board.json says`));
    }
  });

  it('knows each chip that a board may name', () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'boards', 'schema.json'), 'utf8')) as {
      properties: { chip: { enum: string[] } };
    };
    expect(CHIPS.map(({ name }) => name).sort()).toEqual([...schema.properties.chip.enum].sort());
  });
});

describe('npm run boards', () => {
  it('lists all, and says why one is refused', async () => {
    const around = keepSurroundings();
    expect(await boardsMain([], around, ROOT)).toBe(0);
    expect(around.out()).toContain('esp32-c3-devkitm  esp32c3  4 MB   uart-bridge  pixel  ok');
    expect(around.err()).toContain('esp32-h2-devkitm is refused: the ESP32-H2 has no Wi-Fi');
  });

  it('gives JSON, a board a line', async () => {
    const around = keepSurroundings();
    await boardsMain(['m5atom', '--json'], around, ROOT);
    expect(JSON.parse(around.out())).toMatchObject({
      type: 'board',
      id: 'm5atom',
      ok: true,
      problems: [],
      chip: 'esp32',
    });
  });

  it('takes a new folder for a new board, and tells what is wrong with it', async () => {
    mkdirSync(join(folder, 'boards'));
    cpSync(join(ROOT, 'boards', 'schema.json'), join(folder, 'boards', 'schema.json'));
    cpSync(GOOD.path, join(folder, 'boards', 'mine'), { recursive: true });
    const fine = keepSurroundings();
    expect(await boardsMain([], fine, folder)).toBe(0);
    expect(fine.out()).toContain('mine');
    writeFileSync(
      join(folder, 'boards', 'mine', 'board.json'),
      changed({ led: { kind: 'gpio', pin: 99 } }).board ?? '',
    );
    const wrong = keepSurroundings();
    expect(await boardsMain(['mine'], wrong, folder)).toBe(1);
    expect(wrong.err()).toContain('boards/mine/board.json: led.pin is 99; it must be <= 48');
  });

  it('shows remarks, and is content', async () => {
    mkdirSync(join(folder, 'boards'));
    cpSync(join(ROOT, 'boards', 'schema.json'), join(folder, 'boards', 'schema.json'));
    cpSync(GOOD.path, join(folder, 'boards', 'mine'), { recursive: true });
    writeFileSync(join(folder, 'boards', 'mine', 'board.json'), changed({ i2c: { data: 2, clock: 5 } }).board ?? '');
    const around = keepSurroundings();
    expect(await boardsMain([], around, folder)).toBe(0);
    expect(around.err()).toContain('boards/mine/board.json: i2c.data is GPIO 2, which the esp32c3 reads at reset');
  });

  it('says what was likely meant', () => {
    expect(() => findBoardFolder(ROOT, 'm5atm')).toThrow('there is no board "m5atm"; did you mean m5atom?');
    expect(() => findBoardFolder(ROOT, 'zzzzzzzzz')).toThrow('there are esp32-c3-devkitm, ');
  });
});
