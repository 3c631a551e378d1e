import { describe, expect, it } from 'vitest';
import { whereIsIt } from '../../../tools/monitor/live/returned.ts';
import type { SerialPortFound } from '../../../tools/serial/ports.ts';

function port(path: string, serialNumber = '', vendorId = '1a86', productId = '7523'): SerialPortFound {
  return { path, vendorId, productId, serialNumber, adapter: undefined, likely: true };
}

const numbered = { path: '/dev/ttyACM0', found: port('/dev/ttyACM0', 'AB12') };
const nameless = { path: '/dev/ttyUSB0', found: port('/dev/ttyUSB0') };

describe('a port that vanished', () => {
  it('is the one with its serial number, wherever that is', () => {
    expect(whereIsIt(numbered, [])).toEqual({ state: 'absent' });
    expect(whereIsIt(numbered, [port('/dev/ttyACM0', 'AB12')])).toEqual({ state: 'back', path: '/dev/ttyACM0' });
    expect(whereIsIt(numbered, [port('/dev/ttyACM0', 'CD34'), port('/dev/ttyACM3', 'AB12')])).toEqual({
      state: 'back',
      path: '/dev/ttyACM3',
    });
  });

  it('is not another one at its path', () => {
    expect(whereIsIt(numbered, [port('/dev/ttyACM0', 'CD34')])).toMatchObject({
      state: 'stranger',
      serialNumber: 'CD34',
    });
    expect(whereIsIt(nameless, [port('/dev/ttyUSB0', '', '10c4', 'ea60')])).toEqual({ state: 'absent' });
  });

  it('without a serial number is the only one of its kind, or none', () => {
    expect(whereIsIt(nameless, [port('/dev/ttyUSB0'), port('/dev/ttyUSB1')])).toMatchObject({ path: '/dev/ttyUSB0' });
    expect(whereIsIt(nameless, [port('/dev/ttyUSB1')])).toEqual({ state: 'back', path: '/dev/ttyUSB1' });
    expect(whereIsIt(nameless, [port('/dev/ttyUSB1'), port('/dev/ttyUSB2')])).toEqual({ state: 'absent' });
  });

  it('that nobody listed is tried at its path', () => {
    expect(whereIsIt({ path: '/dev/pts/3', found: undefined }, [])).toEqual({ state: 'try', path: '/dev/pts/3' });
  });
});
