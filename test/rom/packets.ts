/** Commands, answers and error codes of the serial protocol (docs.espressif.com, esptool, "Serial Protocol"). */

export const COMMAND = {
  FLASH_BEGIN: 0x02,
  FLASH_DATA: 0x03,
  FLASH_END: 0x04,
  MEM_BEGIN: 0x05,
  MEM_END: 0x06,
  MEM_DATA: 0x07,
  SYNC: 0x08,
  WRITE_REG: 0x09,
  READ_REG: 0x0a,
  SPI_SET_PARAMS: 0x0b,
  SPI_ATTACH: 0x0d,
  READ_FLASH_SLOW: 0x0e,
  CHANGE_BAUDRATE: 0x0f,
  FLASH_DEFL_BEGIN: 0x10,
  FLASH_DEFL_DATA: 0x11,
  FLASH_DEFL_END: 0x12,
  SPI_FLASH_MD5: 0x13,
  GET_SECURITY_INFO: 0x14,
  ERASE_FLASH: 0xd0,
  ERASE_REGION: 0xd1,
  READ_FLASH: 0xd2,
  RUN_USER_CODE: 0xd3,
} as const;

/** What can be wrong with a command, under one name for both loaders. */
export const ERRORS = {
  /** [ROM: "ROM Loader Errors", stub: its commands.h, high byte of the code] */
  length: [0x05, 0xc0],
  checksum: [0x07, 0xc1],
  failed: [0x06, 0xc4],
  notBegun: [0x06, 0xc6],
  flashWrite: [0x08, 0xc4],
  inflate: [0x0b, 0xc7],
  notEnough: [0x05, 0xc8],
  tooMuch: [0x05, 0xc9],
  tooLong: [0x0a, 0xc0],
  unknown: [0x05, 0xff],
} as const;

export type Problem = keyof typeof ERRORS;

export interface Request {
  command: number;
  checksum: number;
  data: Buffer;
}

export interface Answer {
  /** For READ_REG and SYNC; zero otherwise. */
  value?: number;
  data?: Uint8Array;
  problem?: Problem;
}

/** @returns undefined where the packet is no command, or its length is not what it says */
export function parseRequest(packet: Buffer): Request | undefined {
  if (packet.length < 8 || packet[0] !== 0 || packet.readUInt16LE(2) !== packet.length - 8) return undefined;
  return { command: packet[1], checksum: packet.readUInt32LE(4), data: packet.subarray(8) };
}

/** The ROM ends an answer with four status bytes, the stub with two. */
export function answerPacket(command: number, answer: Answer, isStub: boolean): Buffer {
  const status = Buffer.alloc(isStub ? 2 : 4);
  if (answer.problem !== undefined) {
    const code = ERRORS[answer.problem][isStub ? 1 : 0];
    status.set(isStub ? [code, 0] : [1, code]);
  }
  const data = Buffer.concat([
    answer.problem === undefined ? (answer.data ?? Buffer.alloc(0)) : Buffer.alloc(0),
    status,
  ]);
  const head = Buffer.alloc(8);
  head[0] = 1;
  head[1] = command;
  head.writeUInt16LE(data.length, 2);
  head.writeUInt32LE((answer.value ?? 0) >>> 0, 4);
  return Buffer.concat([head, data]);
}

/** 0xEF, and every byte of the data ("Checksum"). */
export function checksumOf(data: Uint8Array): number {
  let sum = 0xef;
  for (const byte of data) sum ^= byte;
  return sum;
}

/** 32-bit words of a payload, little-endian. */
export function wordsOf(data: Buffer): number[] {
  return Array.from({ length: data.length >> 2 }, (_, i) => data.readUInt32LE(i * 4));
}
