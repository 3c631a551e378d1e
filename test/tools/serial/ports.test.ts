/** Which ports there are, which of them may be a board, and who holds one. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../tools/cli/errors.ts';
import type { PortInfo, SerialBinding } from '../../../tools/serial/binding.ts';
import { choosePort, everyPort } from '../../../tools/serial/choose.ts';
import { usbDeviceFiles } from '../../../tools/serial/device-files.ts';
import { openFailure } from '../../../tools/serial/faults.ts';
import { holdersOf, holdersText } from '../../../tools/serial/holders.ts';
import type { SerialMachine } from '../../../tools/serial/machine.ts';
import { listPorts, type PortList, portText } from '../../../tools/serial/ports.ts';
import { adapterOf, usbNumber } from '../../../tools/serial/vendors.ts';

function machine(changes: Partial<SerialMachine> = {}): SerialMachine {
  return {
    platform: 'linux',
    pid: 100,
    user: 'ada',
    groups: [1000],
    list: () => [],
    readLink: () => '',
    readText: () => '',
    realPath: (path) => path,
    groupOf: () => -1,
    ...changes,
  };
}

function info(path: string, vendorId?: string, productId?: string, serialNumber?: string): PortInfo {
  return { path, vendorId, productId, serialNumber, manufacturer: undefined, pnpId: undefined, locationId: undefined };
}

function binding(list: () => Promise<PortInfo[]>): SerialBinding {
  return { list, open: () => Promise.reject(new Error('nothing is opened here')) };
}

const listed = async (infos: PortInfo[], on = machine()): Promise<PortList> =>
  await listPorts(
    binding(() => Promise.resolve(infos)),
    on,
  );

describe('the list', () => {
  test('known bridges come first, then USB, then what the computer brings', async () => {
    const { ports } = await listed([
      info('/dev/ttyS0'),
      info('/dev/ttyACM10'),
      info('/dev/ttyUSB10', '10C4', 'EA60', '7'),
      info('/dev/ttyUSB2', '0x1a86', '7523'),
    ]);
    expect(ports.map(portText)).toEqual([
      '/dev/ttyUSB2 (CH340 bridge, 1a86:7523)',
      '/dev/ttyUSB10 (CP210x bridge, 10c4:ea60, serial 7)',
      '/dev/ttyACM10',
      '/dev/ttyS0',
    ]);
    expect(ports.map(({ likely }) => likely)).toEqual([true, true, true, false]);
  });

  test('on macOS the name that does not wait for a carrier', async () => {
    const { ports } = await listed([info('/dev/tty.usbserial-1', '10c4', 'ea60')], machine({ platform: 'darwin' }));
    expect(ports[0].path).toBe('/dev/cu.usbserial-1');
  });

  test('a system that does not list them: the names in /dev, and a note', async () => {
    const on = machine({ list: (folder) => (folder === '/dev' ? ['ttyUSB1', 'ttyS0', 'ttyACM0'] : []) });
    const fails = binding(() => Promise.reject(new Error('spawn udevadm ENOENT')));
    const { ports, note } = await listPorts(fails, on);
    expect(ports.map(({ path, likely }) => [path, likely])).toEqual([
      ['/dev/ttyACM0', true],
      ['/dev/ttyUSB1', true],
    ]);
    expect(note).toContain('udevadm is not installed');
  });

  test('names by system', () => {
    const list = (): string[] => ['ttyUSB0', 'ttyS1', 'cu.usbmodem1', 'cu.Bluetooth', 'cu.wchusbserial5'];
    expect(usbDeviceFiles({ platform: 'linux', list })).toEqual(['/dev/ttyUSB0']);
    expect(usbDeviceFiles({ platform: 'darwin', list })).toEqual(['/dev/cu.usbmodem1', '/dev/cu.wchusbserial5']);
    expect(usbDeviceFiles({ platform: 'win32', list })).toEqual([]);
  });
});

describe('the vendor table', () => {
  test.each([
    ['10c4', 'ea60', 'CP210x bridge', false],
    ['1a86', '55d4', 'CH9102 bridge', false],
    ['1a86', 'ffff', 'WCH bridge', false],
    ['303a', '1001', 'USB port of the chip', true],
    ['303a', '4001', 'USB port of the chip', true],
    ['0403', '6001', 'FT232R bridge', false],
  ])('%s:%s', (vendor, product, name, native) => {
    expect(adapterOf(vendor, product)).toMatchObject({ name, native });
  });

  test('a keyboard is none', () => expect(adapterOf('046d', 'c31c')).toBeUndefined());

  test.each([
    ['0x10C4', '10c4'],
    ['403', '0403'],
    [undefined, ''],
    ['', ''],
  ])('number %s', (text, number) => expect(usbNumber(text)).toBe(number));
});

describe('choosing', () => {
  const two = [info('/dev/ttyUSB0', '1a86', '7523'), info('/dev/ttyUSB1', '10c4', 'ea60')];
  const none = { wanted: '', usbIds: [], ask: undefined };

  test('a named one is taken, listed or not', async () => {
    const list = await listed(two);
    expect(await choosePort(list, { ...none, wanted: '/dev/pts/3' }, machine())).toMatchObject({ path: '/dev/pts/3' });
  });

  test('the only one is taken', async () => {
    const list = await listed([info('/dev/ttyS0'), two[0]]);
    expect(await choosePort(list, none, machine())).toMatchObject({ path: '/dev/ttyUSB0' });
  });

  test('of several none is taken without a word, not even the one that fits the board', async () => {
    const list = await listed(two);
    const choice = choosePort(list, { ...none, usbIds: ['10c4:ea60'] }, machine());
    await expect(choice).rejects.toThrow(
      'several ports may be the board: /dev/ttyUSB1 (CP210x bridge, 10c4:ea60), /dev/ttyUSB0',
    );
  });

  test('whoever is asked sees those that fit the board first', async () => {
    const list = await listed(two);
    let shown: string[] = [];
    const ask = (ports: readonly { path: string }[]): Promise<string> => {
      shown = ports.map(({ path }) => path);
      return Promise.resolve('/dev/ttyUSB0');
    };
    const choice = await choosePort(list, { wanted: '', usbIds: ['10c4:ea60'], ask }, machine());
    expect(shown).toEqual(['/dev/ttyUSB1', '/dev/ttyUSB0']);
    expect(choice.path).toBe('/dev/ttyUSB0');
  });

  test('all of them, but not those of the computer', async () => {
    const list = await listed([info('/dev/ttyS0'), ...two]);
    expect(everyPort(list, machine()).map(({ path }) => path)).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1']);
  });

  test('none: those of the computer can still be named', async () => {
    const list = await listed([info('/dev/ttyS0')]);
    await expect(choosePort(list, none, machine())).rejects.toThrow('If it is one of /dev/ttyS0, name it with --port');
  });
});

describe('who holds a port', () => {
  const on = machine({
    list: (folder) =>
      ({
        '/proc': ['1', '100', '200', '300', 'cpuinfo'],
        '/proc/200/fd': ['0', '7'],
        '/proc/100/fd': ['3'],
        '/proc/300/fd': ['1'],
      })[folder] ?? [],
    readLink: (path) => (path === '/proc/200/fd/7' || path === '/proc/100/fd/3' ? '/dev/ttyUSB0' : '/dev/null'),
    readText: (path) => (path === '/proc/200/comm' ? 'screen\n' : ''),
    realPath: (path) => (path === '/dev/serial/by-id/board' ? '/dev/ttyUSB0' : path),
  });

  test('others, not this process, and through links', () => {
    expect(holdersOf('/dev/serial/by-id/board', on)).toEqual([{ pid: 200, name: 'screen' }]);
    expect(holdersText(holdersOf('/dev/ttyUSB0', on))).toBe('screen (process 200)');
    expect(holdersOf('/dev/ttyUSB1', on)).toEqual([]);
  });

  test('not asked on other systems', () =>
    expect(holdersOf('/dev/ttyUSB0', { ...on, platform: 'darwin' })).toEqual([]));
});

describe('why a port does not open', () => {
  const empty = { ports: [], note: '' };

  test.each([
    ['linux', 'Error Resource temporarily unavailable Cannot lock port', 4, 'sudo lsof /dev/p'],
    ['darwin', 'Error: Resource busy, cannot open /dev/p', 4, '`lsof /dev/p` names it'],
    ['win32', 'Opening COM3: Access denied', 4, 'Windows does not say which'],
    ['linux', 'Error: Permission denied, cannot open /dev/p', 5, 'sudo usermod -aG dialout $USER'],
    ['darwin', 'Error: Permission denied, cannot open /dev/p', 5, 'ls -l /dev/p'],
    ['linux', 'Error: No such file or directory, cannot open /dev/p', 3, 'there is no port /dev/p'],
    ['win32', 'Opening COM9: File not found', 3, 'there is no port /dev/p'],
    ['linux', 'Error: Inappropriate ioctl for device setting custom baud rate of 115200', 3, 'is no serial port'],
    ['linux', 'Error: Something else', 3, 'does not open: Something else'],
  ] as const)('%s: %s', (platform, text, code, words) => {
    const failure = openFailure(new Error(text), '/dev/p', empty, machine({ platform }));
    expect(failure).toBeInstanceOf(Failure);
    expect(failure.exitCode).toBe(code);
    expect(failure.message).toContain(words);
  });
});
