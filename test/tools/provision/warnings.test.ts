import { afterEach, describe, expect, it } from 'vitest';
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

describe('a sensor', () => {
  it.each([
    ['m5stack-core2', 16, 'it belongs to the PSRAM on the esp32 (16 to 17)'],
    ['xiao-esp32s3', 20, 'it belongs to the chip’s own USB port (19 and 20)'],
    ['lilygo-t-display', 14, 'the battery of the board is on it'],
    ['qtpy-esp32s2', 38, 'the lamp of the board is on it'],
  ])('is refused for what %s has on GPIO %i', async (board, pin, says) => {
    const { code, err } = await sit().run(['--board', board, '--out', 'x.bin', '--sensor', `a=counter,pin=${pin}`]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it('on another’s pin is taken with a warning', async () => {
    const sensors = ['--sensor', 'a=analog,pin=33', '--sensor', 'b=analog,pin=33'];
    const { code, err } = await sit().run(['--board', 'm5atom', '--out', 'x.bin', ...sensors]);
    expect(code).toBe(0);
    expect(err).toContain('b and a both read GPIO 33: the chip opens a pin once, so b gets no readings');
  });
});

describe('settings with which the board does not run as it is meant', () => {
  it('are taken with a warning: no network', async () => {
    const { code, err } = await sit().run(['--board', 'm5atom', '--out', 'x.bin', '--swarm', 'attic']);
    expect(code).toBe(0);
    expect(err).toContain('no wifi_ssid: the board waits for one, and says so on its console');
    expect(err).not.toContain('bytes of RAM');
  });

  it('are taken with a warning: a table that does not fit the chip', async () => {
    const { code, err } = await sit().run(['--board', 'm5atom', '--out', 'x.bin', '--set', 'table=1000']);
    expect(code).toBe(0);
    expect(err).toMatch(
      /a node with a table of 1,000 peers and 1 key takes [\d,]+ bytes of RAM, and the chip has 75,088/,
    );
    expect(err).toMatch(/; set table to at most \d+, or take fewer keys/);
  });
});
