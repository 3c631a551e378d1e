/** The protocol as it is published, one command at a time. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { codeLike } from './firmware.ts';
import { Hand, request, words } from './hand.ts';
import { checksumOf, COMMAND } from './packets.ts';
import { slipFrame } from './slip.ts';

const MAGIC_REGISTER = 0x40001000;

async function romWithFlash(): Promise<Hand> {
  const hand = await Hand.on({ chip: 'esp32c3' });
  await hand.attach();
  return hand;
}

async function stub(): Promise<Hand> {
  const hand = await Hand.on({ chip: 'esp32c3' });
  await hand.startStub();
  return hand;
}

describe('answers', () => {
  test('the ROM ends with four status bytes, the stub with two', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    expect(await hand.command(COMMAND.READ_REG, words(MAGIC_REGISTER))).toEqual([
      { command: COMMAND.READ_REG, value: 0x00f01d83, body: Buffer.from([0, 0, 0, 0]) },
    ]);
    await hand.startStub();
    const [reply] = await hand.command(COMMAND.READ_REG, words(MAGIC_REGISTER));
    expect(reply.body).toEqual(Buffer.from([0, 0]));
  });

  test('SYNC is answered eight times, with a value that tells the ROM from the stub', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    // The bytes of Espressif's own trace ("Tracing Esptool Serial Communications").
    const traced = Buffer.from('010804000712205500000000', 'hex');
    const replies = await hand.sync();
    expect(replies).toHaveLength(8);
    expect(replies[7]).toEqual({ command: 8, value: traced.readUInt32LE(4), body: traced.subarray(8) });
    await hand.startStub();
    const again = await hand.sync();
    expect(again.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('0xC0 and 0xDB are escaped, both ways', async () => {
    const hand = await romWithFlash();
    hand.board.flash.bytes.set([0xc0, 0xdb, 0xdc, 0xdd], 0);
    const [reply] = await hand.command(COMMAND.READ_FLASH_SLOW, words(0, 4));
    expect(reply.body.subarray(0, 4)).toEqual(Buffer.from([0xc0, 0xdb, 0xdc, 0xdd]));
    expect(slipFrame(Buffer.from([0xc0, 0xdb]))).toEqual(Buffer.from([0xc0, 0xdb, 0xdc, 0xdb, 0xdd, 0xc0]));
  });

  test('what is no command is no reason to answer', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    await hand.send(slipFrame(Buffer.from('not a command')));
    await hand.send(slipFrame(Buffer.from([1, 8, 0, 0, 0, 0, 0, 0])));
    expect(hand.takePackets()).toEqual([]);
    expect(await hand.sync()).toHaveLength(8);
  });

  test('a command that is not known: 0x05 from the ROM under no name, 0xff from the stub', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    const fromRom = await hand.command(COMMAND.ERASE_FLASH);
    expect(fromRom[0]).toEqual({ command: 0, value: 0, body: Buffer.from([1, 5, 0, 0]) });
    await hand.startStub();
    const [fromStub] = await hand.command(0x77);
    expect(fromStub).toEqual({ command: 0x77, value: 0, body: Buffer.from([0xff, 0]) });
  });
});

describe('RAM', () => {
  test('a block with a wrong checksum is refused with 0x07, and may be sent again', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    await hand.command(COMMAND.MEM_BEGIN, words(4, 1, 0x1800, 0x40090000));
    const body = Buffer.from([1, 2, 3, 4]);
    const [bad] = await hand.data(COMMAND.MEM_DATA, 0, body, 0);
    expect(bad.body).toEqual(Buffer.from([1, 7, 0, 0]));
    const [good] = await hand.data(COMMAND.MEM_DATA, 0, body);
    expect(good.body).toEqual(Buffer.from([0, 0, 0, 0]));
  });

  test('a stub that came whole says OHAI', async () => {
    const hand = await Hand.on({ chip: 'esp32s2' });
    await hand.text();
    await hand.startStub();
    expect(await hand.text()).toContain('\xc0OHAI\xc0');
    expect(hand.board.mode).toBe('stub');
  });

  test('one that did not is the end of it', async () => {
    const hand = await Hand.on({ chip: 'esp32s2' });
    const [[, end]] = hand.board.chip.ram;
    await hand.command(COMMAND.MEM_BEGIN, words(64, 1, 64, end - 64));
    await hand.command(COMMAND.MEM_END, words(0, end - 64));
    expect(hand.board.mode).toBe('hung');
    expect(await hand.sync()).toEqual([]);
  });

  test('what is no RAM is refused', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    const [reply] = await hand.command(COMMAND.MEM_BEGIN, words(64, 1, 64, 0x10000000));
    expect(reply.body).toEqual(Buffer.from([1, 5, 0, 0]));
  });
});

describe('writing', () => {
  const plain = codeLike(50_000, 4);
  const packed = deflateSync(plain, { level: 9 });

  async function writePacked(hand: Hand, bytes: Buffer, announced = plain.length): Promise<number[]> {
    const blocks = Math.ceil(bytes.length / 0x4000);
    const codes: number[] = [];
    const [begun] = await hand.command(COMMAND.FLASH_DEFL_BEGIN, words(announced, blocks, 0x4000, 0x20000));
    codes.push(begun.body[0]);
    for (let block = 0; block < blocks; block++) {
      const piece = bytes.subarray(block * 0x4000, (block + 1) * 0x4000);
      const [reply] = await hand.data(COMMAND.FLASH_DEFL_DATA, block, piece);
      codes.push(reply.body[0]);
    }
    return codes;
  }

  test('the ROM has the flash erased when it has begun; the stub erases as it goes', async () => {
    for (const hand of [await romWithFlash(), await stub()]) {
      hand.board.flash.bytes.fill(0);
      await hand.command(COMMAND.FLASH_BEGIN, words(0x20000, 8, 0x4000, 0x10000));
      const erased = hand.board.flash.bytes.subarray(0x10000, 0x30000).every((byte) => byte === 0xff);
      expect(erased).toBe(hand.board.mode === 'download');
      expect(hand.board.flash.bytes[0x30000]).toBe(0);
      await hand.data(COMMAND.FLASH_DATA, 0, Buffer.alloc(0x4000, 0x55));
      // A whole block of 64 KB is erased at one time, and no more than is written next.
      expect(hand.board.flash.bytes[0x1ffff]).toBe(0xff);
      expect(hand.board.flash.bytes[0x20000]).toBe(hand.board.mode === 'download' ? 0xff : 0);
    }
  });

  test('compressed data is in the flash as it was', async () => {
    for (const hand of [await romWithFlash(), await stub()]) {
      expect(new Set(await writePacked(hand, packed))).toEqual(new Set([0]));
      expect(hand.board.flash.bytes.subarray(0x20000, 0x20000 + plain.length).equals(plain)).toBe(true);
    }
  });

  test('a stream that is none is told by the ROM at once, by the stub with its next answer', async () => {
    const broken = Buffer.from(packed);
    broken.fill(0xff, 8000, 8100);
    const rom = await romWithFlash();
    await writePacked(rom, broken);
    const stubbed = await stub();
    await writePacked(stubbed, broken);
    const [end] = await stubbed.command(COMMAND.FLASH_DEFL_END, words(1));
    expect(end.body).toEqual(Buffer.from([0xc7, 0]));
    const again = await romWithFlash();
    await again.command(COMMAND.FLASH_DEFL_BEGIN, words(4, 1, 0x4000, 0));
    const [reply] = await again.data(COMMAND.FLASH_DEFL_DATA, 0, Buffer.alloc(100, 0xff));
    expect(reply.body).toEqual(Buffer.from([1, 0x0b, 0, 0]));
  });

  test('more than was announced is not written', async () => {
    const hand = await stub();
    await writePacked(hand, packed, 20_000);
    expect(hand.board.flash.bytes.subarray(0x20000 + 20_000, 0x20000 + 50_000).every((byte) => byte === 0xff)).toBe(
      true,
    );
    const [end] = await hand.command(COMMAND.FLASH_DEFL_END, words(1));
    expect(end.body).toEqual(Buffer.from([0xc9, 0]));
  });

  test('the stub does not end before all has come', async () => {
    const hand = await stub();
    await hand.command(COMMAND.FLASH_DEFL_BEGIN, words(plain.length, 3, 0x4000, 0));
    const [end] = await hand.command(COMMAND.FLASH_DEFL_END, words(1));
    expect(end.body).toEqual(Buffer.from([0xc0, 0]));
  });

  test('a checksum that is wrong writes nothing', async () => {
    const hand = await stub();
    await hand.command(COMMAND.FLASH_BEGIN, words(0x4000, 1, 0x4000, 0));
    const body = Buffer.alloc(0x4000);
    const [reply] = await hand.data(COMMAND.FLASH_DATA, 0, body, checksumOf(body) ^ 1);
    expect(reply.body).toEqual(Buffer.from([0xc1, 0]));
    expect(hand.board.flash.bytes[0]).toBe(0xff);
  });

  test('the ROM refuses a block out of its turn', async () => {
    const hand = await romWithFlash();
    await hand.command(COMMAND.FLASH_BEGIN, words(0x8000, 2, 0x4000, 0));
    const [reply] = await hand.data(COMMAND.FLASH_DATA, 1, Buffer.alloc(0x4000));
    expect(reply.body.subarray(0, 2)).toEqual(Buffer.from([1, 5]));
  });

  test('the ROM writes nothing before SPI_ATTACH, nor past 4 MB before SPI_SET_PARAMS', async () => {
    const hand = await Hand.on({ chip: 'esp32s3', flashSize_bytes: 0x1000000 });
    const begin = async (address: number): Promise<number> => {
      const [reply] = await hand.command(COMMAND.FLASH_BEGIN, words(0x1000, 1, 0x4000, address, 0));
      return reply.body[0];
    };
    expect(await begin(0)).toBe(1);
    await hand.attach();
    expect(await begin(0)).toBe(0);
    expect(await begin(0x400000)).toBe(1);
    await hand.command(COMMAND.SPI_SET_PARAMS, words(0, 0x1000000, 0x10000, 0x1000, 0x100, 0xffff));
    expect(await begin(0x400000)).toBe(0);
  });

  test('at its end the ROM runs the application, and the stub stays', async () => {
    const rom = await romWithFlash();
    await rom.command(COMMAND.FLASH_BEGIN, words(0, 0, 0x4000, 0));
    await rom.command(COMMAND.FLASH_END, words(1));
    expect(rom.board.mode).toBe('app');
    const stubbed = await stub();
    await stubbed.command(COMMAND.FLASH_BEGIN, words(0, 0, 0x4000, 0));
    await stubbed.command(COMMAND.FLASH_END, words(1));
    expect(stubbed.board.mode).toBe('stub');
    await stubbed.command(COMMAND.RUN_USER_CODE);
    expect(stubbed.board.mode).toBe('app');
  });
});

describe('reading', () => {
  const contents = codeLike(9000, 8);
  const md5 = createHash('md5').update(contents).digest();

  test('the MD5: 32 digits from the ROM, 16 bytes from the stub', async () => {
    const hand = await romWithFlash();
    hand.board.flash.bytes.set(contents, 0x3000);
    const [fromRom] = await hand.command(COMMAND.SPI_FLASH_MD5, words(0x3000, contents.length, 0, 0));
    expect(fromRom.body.toString('latin1')).toBe(`${md5.toString('hex')}\0\0\0\0`);
    await hand.startStub();
    const [fromStub] = await hand.command(COMMAND.SPI_FLASH_MD5, words(0x3000, contents.length, 0, 0));
    expect(fromStub.body).toEqual(Buffer.concat([md5, Buffer.alloc(2)]));
  });

  test('READ_FLASH: no more packets than may be unacknowledged, then the MD5 of it all', async () => {
    const hand = await stub();
    hand.board.flash.bytes.set(contents, 0);
    hand.takePackets();
    const acknowledge = async (size_bytes: number): Promise<Buffer[]> => {
      await hand.send(slipFrame(words(size_bytes)));
      return hand.takePackets();
    };
    await hand.send(slipFrame(request(COMMAND.READ_FLASH, words(0, contents.length, 0x1000, 2))));
    const [answer, ...got] = hand.takePackets();
    expect(answer.subarray(8)).toEqual(Buffer.from([0, 0]));
    expect(got.map(({ length }) => length)).toEqual([0x1000, 0x1000]);
    got.push(...(await acknowledge(0x1000)));
    expect(got).toHaveLength(3);
    expect(await acknowledge(0x2000)).toEqual([]);
    expect(await acknowledge(contents.length)).toEqual([md5]);
    expect(Buffer.concat(got).equals(contents)).toBe(true);
    expect(await hand.sync()).toHaveLength(8);
  });

  test('the ROM reads 64 bytes at a time', async () => {
    const hand = await romWithFlash();
    hand.board.flash.bytes.set(contents, 0);
    const [reply] = await hand.command(COMMAND.READ_FLASH_SLOW, words(100, 10));
    expect(reply.body).toHaveLength(68);
    expect(reply.body.subarray(0, 10).equals(contents.subarray(100, 110))).toBe(true);
    const [tooLong] = await hand.command(COMMAND.READ_FLASH_SLOW, words(0, 65));
    expect(tooLong.body.subarray(0, 2)).toEqual(Buffer.from([1, 0x0a]));
  });
});

describe('erasing', () => {
  test('whole sectors, or not at all', async () => {
    const hand = await stub();
    hand.board.flash.bytes.fill(0, 0, 0x5000);
    const [bad] = await hand.command(COMMAND.ERASE_REGION, words(0x1000, 0x800));
    expect(bad.body).toEqual(Buffer.from([0xc0, 0]));
    const [good] = await hand.command(COMMAND.ERASE_REGION, words(0x1000, 0x2000));
    expect(good.body).toEqual(Buffer.from([0, 0]));
    expect(hand.board.flash.bytes[0xfff]).toBe(0);
    expect(hand.board.flash.bytes.subarray(0x1000, 0x3000).every((byte) => byte === 0xff)).toBe(true);
    expect(hand.board.flash.bytes[0x3000]).toBe(0);
  });
});

describe('rates', () => {
  test('a loader that has heard nothing takes the rate of the host', async () => {
    const hand = await Hand.on({ chip: 'esp32' }, 57600);
    expect(await hand.sync()).toHaveLength(8);
    await hand.port.update({ baudRate: 115200 });
    expect(await hand.sync()).toEqual([]);
  });

  test('after CHANGE_BAUDRATE, whose answer comes at the old rate, only the new one is understood', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    await hand.sync();
    const [reply] = await hand.command(COMMAND.CHANGE_BAUDRATE, words(921600, 0));
    expect(reply.body[0]).toBe(0);
    expect(await hand.sync()).toEqual([]);
    await hand.port.update({ baudRate: 921600 });
    expect(await hand.sync()).toHaveLength(8);
  });
});

describe('what the eFuses say', () => {
  test('the security information: none from an ESP32, 12 bytes from an S2, 20 from the others', async () => {
    const faults = { secureBoot: true, flashEncryption: true };
    const [s2] = await (await Hand.on({ chip: 'esp32s2', faults })).command(COMMAND.GET_SECURITY_INFO);
    expect(s2.body.subarray(0, 5)).toEqual(Buffer.from([1, 0, 0, 0, 1]));
    expect(s2.body).toHaveLength(12 + 4);
    const [c6] = await (await Hand.on({ chip: 'esp32c6' })).command(COMMAND.GET_SECURITY_INFO);
    expect(c6.body.readUInt32LE(12)).toBe(13);
    const [esp32] = await (await Hand.on({ chip: 'esp32' })).command(COMMAND.GET_SECURITY_INFO);
    expect(esp32.body.subarray(0, 2)).toEqual(Buffer.from([1, 5]));
  });

  test('what the registers say of secure boot and encryption', async () => {
    const faults = { secureBoot: true, flashEncryption: true };
    const read = async (hand: Hand, address: number): Promise<number> => {
      const [reply] = await hand.command(COMMAND.READ_REG, words(address));
      return reply.value;
    };
    const esp32 = await Hand.on({ chip: 'esp32', faults });
    expect((await read(esp32, 0x3ff5a000)) & (0x7f << 20)).toBe(1 << 20);
    expect((await read(esp32, 0x3ff5a018)) & 0x30).toBe(1 << 5);
    const c3 = await Hand.on({ chip: 'esp32c3', faults });
    expect((await read(c3, 0x60008834)) & (7 << 18)).toBe(1 << 18);
    expect((await read(c3, 0x60008838)) & (1 << 20)).toBe(1 << 20);
  });

  test('secure download mode leaves what writes, and nothing that reads', async () => {
    const hand = await Hand.on({ chip: 'esp32s3', faults: { secureDownload: true } });
    await hand.attach();
    for (const command of [COMMAND.READ_REG, COMMAND.MEM_BEGIN, COMMAND.SPI_FLASH_MD5, COMMAND.READ_FLASH_SLOW]) {
      const [reply] = await hand.command(command, words(0, 0, 0, 0));
      expect(reply.body.subarray(0, 2)).toEqual(Buffer.from([1, 5]));
    }
    const [reply] = await hand.command(COMMAND.FLASH_BEGIN, words(0x1000, 1, 0x4000, 0, 0));
    expect(reply.body[0]).toBe(0);
  });
});
