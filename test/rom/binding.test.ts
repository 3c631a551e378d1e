/** The binding behaves as the real one, under the stream that every program uses. */
import { SerialPortStream } from '@serialport/stream';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { romBinding } from './binding.ts';
import { Board } from './board.ts';

const OPTIONS = { path: '/dev/ttyUSB0', baudRate: 115200 };

describe('list', () => {
  test('names adapters by vendor and product', async () => {
    const boards = [
      new Board({ chip: 'esp32' }),
      new Board({
        chip: 'esp32c3',
        adapter: 'usb-serial-jtag',
        path: '/dev/ttyACM0',
        serialNumber: '7C:DF:A1:00:BE:EF',
      }),
      new Board({ chip: 'esp32s3', adapter: 'ch9102', path: 'COM7' }),
    ];
    const listed = await romBinding(boards).list();
    expect(listed.map(({ path, vendorId, productId }) => `${path} ${vendorId}:${productId}`)).toEqual([
      '/dev/ttyUSB0 10c4:ea60',
      '/dev/ttyACM0 303a:1001',
      'COM7 1a86:55d4',
    ]);
  });

  test('fails where it is told to', async () => {
    await expect(romBinding([], { listFails: new Error('spawn udevadm ENOENT') }).list()).rejects.toThrow('udevadm');
  });
});

describe('a port', () => {
  test('is held by one at a time', async () => {
    const binding = romBinding([new Board({ chip: 'esp32' })]);
    const port = await binding.open(OPTIONS);
    await expect(binding.open(OPTIONS)).rejects.toThrow('Cannot lock port');
    await port.close();
    await (await binding.open(OPTIONS)).close();
    await expect(port.write(Buffer.alloc(1))).rejects.toThrow('Port is not open');
  });

  test('cancels a read when it is closed', async () => {
    const port = await romBinding([new Board({ chip: 'esp32' })]).open(OPTIONS);
    const reading = port.read(Buffer.alloc(10), 0, 10);
    const canceled = expect(reading).rejects.toMatchObject({ canceled: true });
    await port.close();
    await canceled;
  });

  test('hands out no more than was asked for, and keeps the rest', async () => {
    const board = new Board({ chip: 'esp32' });
    const port = await romBinding([board]).open(OPTIONS);
    board.press('reset');
    const buffer = Buffer.alloc(100);
    const first = await port.read(buffer, 0, 3);
    expect([first.bytesRead, buffer.toString('latin1', 0, 3)]).toEqual([3, 'ets']);
    await port.read(buffer, 3, 4);
    expect(buffer.toString('latin1', 0, 7)).toBe('ets Jul');
  });

  test('what the board says before anybody has opened it is lost', async () => {
    const board = new Board({ chip: 'esp32' });
    const port = await romBinding([board]).open(OPTIONS);
    board.say('the first that is heard');
    const buffer = Buffer.alloc(100);
    const { bytesRead } = await port.read(buffer, 0, buffer.length);
    expect(buffer.toString('latin1', 0, bytesRead)).toBe('the first that is heard\r\n');
    expect(board.wire.fromDevice_bytes).toBe(bytesRead);
  });

  test('under the stream: data comes, a cable that comes out ends it with a disconnect', async () => {
    const board = new Board({ chip: 'esp32c3' });
    const stream = new SerialPortStream({ binding: romBinding([board]), ...OPTIONS });
    await once(stream, 'open');
    board.press('boot');
    const [data] = (await once(stream, 'data')) as [Buffer];
    expect(data.toString()).toContain('waiting for download');
    board.unplug();
    const [error] = (await once(stream, 'close')) as [Error];
    expect(error).toMatchObject({ disconnected: true });
  });
});
