/** The parts that have no board around them: flash, inflating, time, framing. */
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codeLike } from './firmware.ts';
import { BLOCK_BYTES, FlashChip, SECTOR_BYTES } from './flash-chip.ts';
import { Inflate, InflateError } from './inflate.ts';
import { randomFrom } from './random.ts';
import { slipFrame, SlipReader } from './slip.ts';
import { Wire } from './wire.ts';

describe('flash', () => {
  test('programming clears bits and sets none; erasing sets them by the sector', () => {
    const flash = new FlashChip(0x100000);
    flash.program(10, Buffer.from([0xf0]), 0);
    flash.program(10, Buffer.from([0x3c]), 0);
    expect(flash.bytes[10]).toBe(0x30);
    flash.bytes.fill(0, SECTOR_BYTES, 2 * SECTOR_BYTES);
    flash.erase(10, 1, 0);
    expect(flash.bytes[10]).toBe(0xff);
    expect(flash.bytes[SECTOR_BYTES]).toBe(0);
  });

  test('times: a block costs less than its sixteen sectors, a page 0.4 ms', () => {
    const flash = new FlashChip(0x100000);
    expect(flash.erase(0, BLOCK_BYTES, 0)).toBe(150_000);
    expect(flash.erase(SECTOR_BYTES, BLOCK_BYTES - SECTOR_BYTES, 0)).toBe(15 * 45_000);
    // Two bytes on either side of a page's end are two pages.
    expect(flash.program(255, Buffer.alloc(2), 1000)).toBe(1000 + 2 * 400);
    expect(new FlashChip(0x100000, undefined, () => 10).erase(0, SECTOR_BYTES, 0)).toBe(450_000);
  });

  test('power that goes tears what was under way, and keeps what was done', () => {
    const flash = new FlashChip(0x100000);
    const done_us = flash.program(0, Buffer.alloc(256), 0);
    flash.program(256, Buffer.alloc(256), done_us);
    flash.program(512, Buffer.alloc(256), done_us + 400);
    flash.tear(done_us + 200, randomFrom(1));
    const zeros = (from: number): number => flash.bytes.subarray(from, from + 256).filter((byte) => byte === 0).length;
    expect([zeros(0), zeros(256), zeros(512)]).toEqual([256, 128, 0]);
  });

  test('its id names its size', () => {
    expect(new FlashChip(0x400000).jedecId).toBe(0x1640ef);
    expect(new FlashChip(0x1000000).jedecId >> 16).toBe(0x18);
    expect(() => new FlashChip(3_000_000)).toThrow(RangeError);
  });
});

describe('inflate', () => {
  const SEED = 20;
  const samples: [string, Buffer][] = [
    ['code', codeLike(300_000, 1)],
    ['nothing', Buffer.alloc(0)],
    ['one byte again and again', Buffer.alloc(200_000, 0xff)],
    ['noise, which is stored', Buffer.from(Array.from({ length: 100_000 }, randomByte(SEED)))],
    ['text', Buffer.from('the quick brown fox '.repeat(3000))],
  ];

  function randomByte(seed: number): () => number {
    const random = randomFrom(seed);
    return () => Math.floor(random() * 256);
  }

  test.each(samples)(`%s, in pieces of any size (seed ${SEED})`, (_, plain) => {
    const random = randomFrom(SEED);
    for (const level of [0, 1, 9]) {
      const packed = deflateSync(plain, { level });
      const inflate = new Inflate();
      const out: Buffer[] = [];
      for (let at = 0; at < packed.length;) {
        const size = 1 + Math.floor(random() ** 4 * 20_000);
        out.push(inflate.push(packed.subarray(at, at + size)));
        at += size;
      }
      expect(inflate.done).toBe(true);
      expect(Buffer.concat(out).equals(plain)).toBe(true);
    }
  });

  test('fixed codes', () => {
    const plain = Buffer.from('abcabcabc');
    expect(new Inflate().push(deflateSync(plain, { strategy: 4 }))).toEqual(plain);
  });

  test('what is no stream, or one with a wrong checksum, is told', () => {
    expect(() => new Inflate().push(Buffer.from([1, 2, 3, 4]))).toThrow(InflateError);
    const packed = deflateSync(codeLike(1000, 2));
    packed[packed.length - 1] ^= 1;
    expect(() => new Inflate().push(packed)).toThrow(InflateError);
  });
});

describe('time on the wire', () => {
  test('ten bits a byte, and half a USB frame each way', () => {
    const wire = new Wire(false);
    const start_us = wire.hostSends(100, 1_000_000);
    expect(start_us).toBe(500);
    expect(wire.byte_us(1_000_000)).toBe(10);
    wire.hostHas(wire.deviceSends(10, 1_000_000, 2500));
    expect(wire.elapsed_us).toBe(2500 + 100 + 500);
    expect(wire.busy_us).toBe(1000 + 100);
    expect([wire.toDevice_bytes, wire.fromDevice_bytes, wire.round_trips]).toEqual([100, 10, 1]);
  });

  test('what is written while the line is taken waits for it', () => {
    const wire = new Wire(false);
    wire.hostSends(100, 1_000_000);
    expect(wire.hostSends(100, 1_000_000)).toBe(1000 + 500);
    expect(wire.busy_us).toBe(2000);
    wire.deviceSends(1, 1_000_000, 3000);
    wire.deviceSends(1, 1_000_000, 3000);
    expect(wire.round_trips).toBe(1);
    wire.reset();
    expect([wire.elapsed_us, wire.busy_us, wire.toDevice_bytes]).toEqual([0, 0, 0]);
  });
});

describe('framing', () => {
  const read = (bytes: Buffer): Buffer[] => {
    const packets: Buffer[] = [];
    new SlipReader().read(bytes, (packet) => packets.push(packet));
    return packets;
  };

  test('what stands between packets is skipped', () => {
    const packet = Buffer.from([1, 0xc0, 2, 0xdb]);
    expect(read(Buffer.concat([Buffer.from('boot text'), slipFrame(packet), slipFrame(packet)]))).toEqual([
      packet,
      packet,
    ]);
  });

  test('an escape of nothing spoils its packet alone', () => {
    const good = Buffer.from([1, 2, 3]);
    expect(read(Buffer.concat([Buffer.from([0xc0, 1, 0xdb, 7, 2, 0xc0]), slipFrame(good)]))).toEqual([good]);
  });
});
