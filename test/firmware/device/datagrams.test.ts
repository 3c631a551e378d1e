import { describe, expect, it } from 'vitest';
import { ipv4, readTargets, sourceOf } from '../../../firmware/device/datagrams/address.ts';
import { Datagrams } from '../../../firmware/device/datagrams/datagrams.ts';
import type { Datagram, DatagramSocketOptions } from '../../../firmware/device/datagrams/socket.ts';

describe('ipv4', () => {
  it.each([
    ['1.2.3.4', 0x01020304],
    ['127.0.0.1', 0x7f000001],
    ['192.168.1.255', 0xc0a801ff | 0],
    ['0.0.0.0', 0],
  ])('reads %s', (text, word) => {
    expect(ipv4(text)).toBe(word);
  });

  it.each(['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '1.2.3.', '.1.2.3', 'a.b.c.d', '1.2.3.4567', ' 1.2.3.4', 'fe80::1'])(
    'refuses "%s"',
    (text) => {
      expect(ipv4(text)).toBe(-1);
    },
  );
});

describe('sourceOf', () => {
  it('is never 0, and differs for different addresses', () => {
    const addresses = ['0.0.0.0', '10.0.0.1', '10.0.0.2', 'fe80::1', 'fe80::2', ''];
    const sources = addresses.map(sourceOf);
    expect(sources).not.toContain(0);
    expect(new Set(sources).size).toBe(addresses.length);
  });
});

describe('readTargets', () => {
  it('takes the usual port where none is said', () => {
    expect(readTargets('10.0.0.1, 10.0.0.2:99', 7)).toEqual([
      { address: '10.0.0.1', port: 7 },
      { address: '10.0.0.2', port: 99 },
    ]);
  });

  it.each(['', '10.0.0.1,', 'host', '10.0.0.1:0', '10.0.0.1:x', '10.0.0.1:70000'])(
    'refuses "%s" and says what it must be',
    (text) => {
      expect(() => readTargets(text, 7)).toThrow(/peers has ".*"; it must be an IPv4 address/);
    },
  );
});

function open(): {
  datagrams: Datagrams;
  written: { bytes: number[]; to: string }[];
  deliver: (count: number, length?: number) => void;
  got: { length: number; source: number }[];
  state: { fails: boolean; closed: number };
} {
  const written: { bytes: number[]; to: string }[] = [];
  const got: { length: number; source: number }[] = [];
  const state = { fails: false, closed: 0 };
  let options: DatagramSocketOptions | null = null;
  let waiting: Datagram[] = [];
  const datagrams = new Datagrams({
    open: (given) => {
      options = given;
      return {
        read: () => waiting.shift(),
        write: (bytes, address, port) => {
          if (state.fails) throw new Error('UDP send failed');
          written.push({ bytes: [...bytes], to: `${address}:${port}` });
        },
        close: () => state.closed++,
      };
    },
    port: 5,
    group: '',
    targets: [
      { address: '10.0.0.1', port: 5 },
      { address: '10.0.0.2', port: 6 },
    ],
    onDatagram: (_view, length, source) => got.push({ length, source }),
  });
  const deliver = (count: number, length = 3): void => {
    waiting = Array.from({ length: count }, () =>
      Object.assign(new ArrayBuffer(length), { address: '10.0.0.9', port: 5 }),
    );
    options?.onReadable(count);
  };
  return { datagrams, written, deliver, got, state };
}

describe('Datagrams', () => {
  it('takes nothing before the link is up, nor after it is down', () => {
    const { datagrams } = open();
    const view = new DataView(new ArrayBuffer(8));
    expect(datagrams.send(view, 8)).toBe(false);
    datagrams.open();
    expect(datagrams.send(view, 8)).toBe(true);
    datagrams.close();
    expect(datagrams.send(view, 8)).toBe(false);
  });

  it('sends the length that it is told to each target, and follows the view as it is written again', () => {
    const { datagrams, written } = open();
    datagrams.open();
    const view = new DataView(new ArrayBuffer(4));
    view.setUint8(0, 1);
    datagrams.send(view, 2);
    view.setUint8(0, 9);
    datagrams.send(view, 2);
    datagrams.send(view, 3);
    expect(written.map(({ bytes }) => bytes)).toEqual([
      [1, 0],
      [1, 0],
      [9, 0],
      [9, 0],
      [9, 0, 0],
      [9, 0, 0],
    ]);
    expect(written.slice(0, 2).map(({ to }) => to)).toEqual(['10.0.0.1:5', '10.0.0.2:6']);
  });

  it('says so when the stack takes nothing', () => {
    const { datagrams, state } = open();
    datagrams.open();
    state.fails = true;
    expect(datagrams.send(new DataView(new ArrayBuffer(1)), 1)).toBe(false);
  });

  it('hands datagrams on with a number for their sender', () => {
    const { datagrams, deliver, got } = open();
    datagrams.open();
    deliver(2, 7);
    expect(got).toEqual([
      { length: 7, source: ipv4('10.0.0.9') },
      { length: 7, source: ipv4('10.0.0.9') },
    ]);
  });

  it('empties the queue of a flood and handles a bounded part of it', () => {
    const { datagrams, deliver, got } = open();
    datagrams.open();
    deliver(1000);
    expect(got).toHaveLength(256);
  });

  it('closes the socket before it opens another', () => {
    const { datagrams, state } = open();
    datagrams.open();
    datagrams.open();
    expect(state.closed).toBe(1);
  });
});
