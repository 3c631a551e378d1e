import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../tools/cli/errors.ts';
import { monitorDesk, runningBoard } from './desk.ts';

/** What a board says when it is switched on is gone by then. */
const STARTED_MS = 50;

describe('a board on the desk', () => {
  it('is listened to: the only port that looks like one is taken, and named', async () => {
    const board = runningBoard();
    const { around, keyboard, ended, until } = monitorDesk([board]);
    await until('listening to /dev/ttyUSB0 (the only port that looks like a board) at 115200 baud');
    board.say('lvs I started a=2');
    await until('I started         runs, with 2 keys');
    keyboard.press('q');
    expect(await ended).toBe(0);
    expect(around.out()).not.toContain('listening');
  });

  it('is not reset by being listened to', async () => {
    for (const adapter of ['cp2102', 'usb-serial-jtag'] as const) {
      const board = runningBoard({ chip: 'esp32c3', adapter, output: ['lvs I boot hardware=esp32 reset=power-on'] });
      await sleep(STARTED_MS);
      const { around, keyboard, ended, until } = monitorDesk([board]);
      await until('listening to');
      board.say('hello');
      await until('hello');
      expect(around.out(), adapter).not.toContain('starts on esp32');
      keyboard.press('q');
      expect(await ended).toBe(0);
    }
  });

  it('is reset by the key r and by --reset, which starts its application', async () => {
    const board = runningBoard({ output: ['lvs I boot hardware=esp32 reset=power-on'] });
    await sleep(STARTED_MS);
    const { around, keyboard, ended, until } = monitorDesk([board], ['--reset']);
    await until('starts on esp32');
    keyboard.press('r');
    await until(/starts on esp32[^]*starts on esp32/);
    expect(around.err().match(/reset the board/g)).toHaveLength(2);
    expect(board.mode).toBe('app');
    keyboard.press('q');
    expect(await ended).toBe(0);
  });

  it('may be reset as often as one likes without being called a loop', async () => {
    const board = runningBoard({ output: ['lvs I boot hardware=esp32 reset=power-on'] });
    const { around, keyboard, ended, until } = monitorDesk([board]);
    await until('listening');
    for (let times = 1; times <= 5; times++) {
      keyboard.press('r');
      await until(new RegExp(`(?:starts on esp32[^]*){${times}}`));
    }
    expect(around.out()).not.toContain('again and again');
    keyboard.press('q');
    await ended;
  });

  it('that keeps restarting is called a loop, with its likely reason', async () => {
    const board = runningBoard({ output: ['lvs I boot hardware=esp32 reset=panic'] });
    const { around, keyboard, ended, until } = monitorDesk([board]);
    await until('listening');
    for (let times = 1; times <= 4; times++) {
      board.panic(
        "Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.\r\nRebooting...\r\n",
      );
      await until(new RegExp(`(?:Rebooting[^]*starts on esp32[^]*){${times}}`));
      around.pass(3000);
    }
    await until('4 times in a row in');
    expect(around.out()).toContain(
      'What was explained last is the likely reason: The program touched memory that is not there',
    );
    keyboard.press('q');
    await ended;
  });

  it('says a line without an end, once it has fallen silent', async () => {
    const board = runningBoard();
    const { keyboard, ended, until } = monitorDesk([board]);
    await until('listening');
    board.panic('Password: ');
    await until('Password:');
    keyboard.press('q');
    await ended;
  });
});

describe('a port that vanishes', () => {
  it('is waited for, and read on', async () => {
    const board = runningBoard({ chip: 'esp32c3', adapter: 'usb-serial-jtag', path: '/dev/ttyACM0' });
    board.faults.vanishesOnReset = { for_ms: 300 };
    const { keyboard, ended, until } = monitorDesk([board]);
    await until('listening');
    board.press('reset');
    await until(/\/dev\/ttyACM0 vanished: .*; waiting for it/);
    await until(/\/dev\/ttyACM0 is back after \d/);
    board.say('here again');
    await until('here again');
    keyboard.press('q');
    expect(await ended).toBe(0);
  });

  it('is found under its new name by its serial number', async () => {
    const board = runningBoard({ path: '/dev/ttyACM0', serialNumber: 'AB12' });
    const other = runningBoard({ path: '/dev/ttyACM1', serialNumber: 'CD34' });
    board.faults.vanishesOnReset = { for_ms: 50, comesBackAs: '/dev/ttyACM7' };
    const { keyboard, ended, until } = monitorDesk([board, other], ['-p', '/dev/ttyACM0']);
    await until('listening to /dev/ttyACM0 (named)');
    board.press('reset');
    await until('/dev/ttyACM0 is now /dev/ttyACM7, and is back');
    board.say('under a new name');
    await until('under a new name');
    keyboard.press('q');
    await ended;
  });

  it('is not mistaken for another board that took its name', async () => {
    const board = runningBoard({ path: '/dev/ttyUSB0', serialNumber: 'AB12' });
    const boards = [board];
    const { keyboard, ended, until } = monitorDesk(boards);
    await until('listening');
    board.unplug();
    boards.push(runningBoard({ path: '/dev/ttyUSB0', serialNumber: 'CD34' }));
    await until('/dev/ttyUSB0 is now another device (serial CD34): still waiting for serial AB12');
    keyboard.press('q');
    expect(await ended).toBe(0);
  });

  it('ends the monitor with --no-reconnect, with a code of its own', async () => {
    const board = runningBoard();
    const { around, ended, until } = monitorDesk([board], ['--no-reconnect', '--json']);
    await until('listening');
    board.unplug();
    const failure = await ended.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining('/dev/ttyUSB0 vanished') as string });
    expect(JSON.parse(around.out().trim().split('\n').at(-1) ?? '')).toMatchObject({ type: 'fail' });
  });

  it('may be given up with q and Ctrl-C', async () => {
    const board = runningBoard();
    const { keyboard, ended, until } = monitorDesk([board]);
    await until('listening');
    board.unplug();
    await until('waiting for it');
    keyboard.press('r');
    await until('the port is not there, so the board cannot be reset');
    keyboard.press('\u0003');
    expect(await ended).toBe(130);
  });
});

describe('a port that does not open', () => {
  it('is said with its reason and its code', async () => {
    const cases = [
      [runningBoard({ faults: { openFails: 'busy' } }), 4, 'busy'],
      [runningBoard({ faults: { openFails: 'denied' } }), 5, 'may not open'],
    ] as const;
    for (const [board, exitCode, words] of cases) {
      const { ended, keyboard } = monitorDesk([board]);
      await expect(ended).rejects.toMatchObject({ exitCode, message: expect.stringContaining(words) as string });
      expect(keyboard.isRaw).toBe(false);
    }
  });

  it('never falls back to another one when it was named', async () => {
    const { ended } = monitorDesk([runningBoard()], ['-p', '/dev/ttyUSB9']);
    await expect(ended).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('/dev/ttyUSB9') as string,
    });
  });

  it('is not chosen among several without asking', async () => {
    const boards = [runningBoard({ path: '/dev/ttyUSB0' }), runningBoard({ path: '/dev/ttyUSB1', serialNumber: '2' })];
    const { ended } = monitorDesk(boards, ['--no-input']);
    await expect(ended).rejects.toMatchObject({ exitCode: 3 });
  });

  it('is taken from ESPTOOL_PORT', async () => {
    const boards = [runningBoard({ path: '/dev/ttyUSB0' }), runningBoard({ path: '/dev/ttyUSB1', serialNumber: '2' })];
    const { keyboard, ended, until } = monitorDesk(boards, [], { env: { ESPTOOL_PORT: '/dev/ttyUSB1' } });
    await until('listening to /dev/ttyUSB1');
    keyboard.press('q');
    expect(await ended).toBe(0);
  });

  it('is opened by its name where the system cannot list ports', async () => {
    const listFails = new Error('spawn udevadm ENOENT');
    const { keyboard, ended, until } = monitorDesk([runningBoard()], ['-p', '/dev/ttyUSB0'], { listFails });
    await until('listening to /dev/ttyUSB0');
    keyboard.press('q');
    expect(await ended).toBe(0);
  });
});

describe('the terminal', () => {
  it('is given back as it was, whichever way the monitor ends', async () => {
    const ends: [string, (desk: ReturnType<typeof monitorDesk>) => void, number][] = [
      ['q', ({ keyboard }) => keyboard.press('q'), 0],
      ['Ctrl-]', ({ keyboard }) => keyboard.press('\u001d'), 0],
      ['Ctrl-C', ({ keyboard }) => keyboard.press('\u0003'), 130],
      ['SIGINT', ({ around }) => around.interrupt(), 130],
      ['SIGTERM', ({ around }) => around.terminate(143), 143],
    ];
    for (const [name, end, code] of ends) {
      const desk = monitorDesk([runningBoard()]);
      await desk.until('; ? tells the keys');
      expect(desk.keyboard.isRaw, name).toBe(true);
      end(desk);
      expect(await desk.ended, name).toBe(code);
      expect(desk.keyboard.isRaw, name).toBe(false);
      expect(desk.keyboard.paused, name).toBe(true);
      expect(desk.keyboard.listenerCount('data'), name).toBe(0);
    }
  });

  it('is given back when the port is lost', async () => {
    const board = runningBoard();
    const { keyboard, ended, until } = monitorDesk([board], ['--no-reconnect']);
    await until('listening');
    expect(keyboard.isRaw).toBe(true);
    board.unplug();
    await expect(ended).rejects.toThrow('vanished');
    expect(keyboard.isRaw).toBe(false);
  });

  it('tells the keys', async () => {
    const { keyboard, ended, until } = monitorDesk([runningBoard()]);
    await until('listening');
    keyboard.press('?');
    await until('r reset the board · c clear the screen');
    keyboard.press('q');
    await ended;
  });

  it('is left alone with --no-input', async () => {
    const { around, keyboard, ended, until } = monitorDesk([runningBoard()], ['--no-input']);
    await until('listening');
    expect(keyboard.isRaw).toBe(false);
    around.interrupt();
    expect(await ended).toBe(130);
  });
});

describe('garbage', () => {
  it('is recognised as the wrong baud rate, once', async () => {
    const board = runningBoard();
    const { around, keyboard, ended, until } = monitorDesk([board], ['-b', '74880']);
    await until('listening');
    for (let line = 0; line < 20; line++) board.say('lvs I network-up');
    await until('characters that are no text');
    keyboard.press('q');
    await ended;
    expect(around.err().match(/this is no text/g)).toHaveLength(1);
    expect(around.err()).toContain(
      'at 74880 baud the board is not understood, or two programs read the port; try -b 115200, -b 460800',
    );
  });
});
