/** The two loaders, one command at a time: the ROM's own, and the stub that it has been given. */
import type { Faults } from './faults.ts';
import type { ChipModel } from './chips.ts';
import { refusal } from './command-sets.ts';
import { securityInfo } from './efuses.ts';
import { SECTOR_BYTES } from './flash-chip.ts';
import type { FlashChip } from './flash-chip.ts';
import { answerMd5, FlashRead, readProblem, readSlowly } from './flash-reads.ts';
import { FlashWrites } from './flash-writes.ts';
import { answerPacket, checksumOf, COMMAND, parseRequest, wordsOf } from './packets.ts';
import type { Request } from './packets.ts';
import type { Outcome } from './outcome.ts';
import type { Ram } from './ram.ts';
import type { Registers } from './registers.ts';
import { slipFrame } from './slip.ts';

/** A command looked at and answered. */
const COMMAND_US = 100;

/** Eight identical answers ("Tracing Esptool Serial Communications"); the value tells the ROM (its own bytes) from the stub (0). */
const SYNC_ANSWERS = 8;
const SYNC_VALUE_ROM = 0x55201207;
const SYNC_BYTES = 36;

/** The ROM answers what it does not know under no command's name, and more than once. */
const UNKNOWN_ANSWERS = 8;

/** What a loader is part of. */
export interface Around {
  chip: ChipModel;
  faults: Faults;
  flash: FlashChip;
  registers: Registers;
  ram: Ram;
  /** Puts bytes on the line. @returns when the last one has left */
  send: (bytes: Buffer, ready_us: number) => number;
  setBaud: (baud: number) => void;
  /** The chip leaves the loader. */
  leave: (how: 'reset' | 'run' | 'hang') => void;
}

export class Loader {
  isStub = false;
  /** Whether the pins of the flash are connected: the ROM leaves that to SPI_ATTACH. */
  attached = false;
  private readonly around: Around;
  private readonly writes: FlashWrites;
  private reading: FlashRead | undefined;
  private free_us = 0;

  constructor(around: Around) {
    this.around = around;
    this.writes = new FlashWrites(around.flash, () => this.isStub);
  }

  reset(): void {
    this.isStub = false;
    this.attached = false;
    this.reading = undefined;
    this.free_us = 0;
    this.writes.reset();
  }

  receive(packet: Buffer, there_us: number): void {
    const at_us = Math.max(there_us, this.free_us) + COMMAND_US;
    this.around.flash.settle(there_us);
    if (this.reading !== undefined) {
      this.free_us = at_us;
      if (!this.reading.acknowledge(packet)) this.reading = undefined;
      return;
    }
    const request = parseRequest(packet);
    if (request === undefined) return;
    this.answer(request, this.run(request, at_us), at_us);
  }

  private answer(request: Request, outcome: Outcome, at_us: number): void {
    const ready_us = outcome.ready_us ?? at_us;
    const unknown = outcome.problem === 'unknown' && !this.isStub;
    const packet = slipFrame(answerPacket(unknown ? 0 : request.command, outcome, this.isStub));
    const times = request.command === COMMAND.SYNC ? SYNC_ANSWERS : unknown ? UNKNOWN_ANSWERS : 1;
    let sent_us = ready_us;
    for (let i = 0; i < times && outcome.silent !== true; i++) sent_us = this.around.send(packet, ready_us);
    this.free_us = sent_us;
    this.free_us = outcome.then?.(sent_us) ?? sent_us;
  }

  private run(request: Request, at_us: number): Outcome {
    const { command, data } = request;
    const { faults, chip } = this.around;
    const refused = refusal(command, {
      secureDownload: faults.secureDownload,
      isStub: this.isStub,
      attached: this.attached,
    });
    if (refused !== undefined) return { problem: refused };
    switch (command) {
      case COMMAND.SYNC:
        return data.length === SYNC_BYTES ? { value: this.isStub ? 0 : SYNC_VALUE_ROM } : { problem: 'length' };
      case COMMAND.GET_SECURITY_INFO:
        return chip.securityInfo_bytes === 0 ? { problem: 'unknown' } : { data: securityInfo(chip, faults) };
      case COMMAND.CHANGE_BAUDRATE:
        return this.changeBaud(data);
      case COMMAND.READ_REG:
      case COMMAND.WRITE_REG:
      case COMMAND.MEM_BEGIN:
      case COMMAND.MEM_DATA:
      case COMMAND.MEM_END:
        return this.runMemory(request, at_us);
      default:
        return this.runFlash(request, at_us);
    }
  }

  private runFlash(request: Request, at_us: number): Outcome {
    const { flash } = this.around;
    switch (request.command) {
      case COMMAND.SPI_ATTACH:
        return this.attach(request.data);
      case COMMAND.SPI_SET_PARAMS:
        return this.setParameters(request.data);
      case COMMAND.FLASH_BEGIN:
      case COMMAND.FLASH_DEFL_BEGIN:
        return this.writes.begin(request, request.command === COMMAND.FLASH_DEFL_BEGIN, at_us);
      case COMMAND.FLASH_DATA:
      case COMMAND.FLASH_DEFL_DATA:
        return this.writes.data(request, request.command === COMMAND.FLASH_DEFL_DATA, at_us);
      case COMMAND.FLASH_END:
      case COMMAND.FLASH_DEFL_END:
        return this.endFlash(request);
      case COMMAND.SPI_FLASH_MD5:
        return answerMd5(flash, request, this.isStub, at_us);
      case COMMAND.READ_FLASH_SLOW:
        return readSlowly(flash, request);
      case COMMAND.READ_FLASH:
        return this.readFlash(request);
      case COMMAND.ERASE_FLASH:
        return { ready_us: flash.eraseAll(at_us) };
      case COMMAND.ERASE_REGION:
        return this.eraseRegion(request.data, at_us);
      case COMMAND.RUN_USER_CODE:
        return { silent: true, then: () => this.leave('reset') };
      default:
        return { problem: 'unknown' };
    }
  }

  private runMemory(request: Request, at_us: number): Outcome {
    const { registers, ram } = this.around;
    const words = wordsOf(request.data);
    switch (request.command) {
      case COMMAND.READ_REG:
        return words.length === 1 ? { value: registers.read(words[0]) } : { problem: 'length' };
      case COMMAND.WRITE_REG:
        return this.writeRegisters(words, at_us);
      case COMMAND.MEM_BEGIN:
        if (words.length !== 4) return { problem: 'length' };
        return { problem: ram.begin(words[0], words[1], words[2], words[3]) };
      case COMMAND.MEM_DATA:
        if (words.length < 4 || request.data.length !== 16 + words[0]) return { problem: 'length' };
        if (checksumOf(request.data.subarray(16)) !== request.checksum) return { problem: 'checksum' };
        return { problem: ram.data(words[0], words[1]) };
      default:
        return words.length === 2 ? this.endMemory(words[0] === 0, words[1]) : { problem: 'length' };
    }
  }

  private changeBaud(data: Buffer): Outcome {
    const [baud] = wordsOf(data);
    if (data.length !== 8 || baud === 0) return { problem: 'length' };
    return {
      then: (sent_us) => {
        this.around.setBaud(baud);
        return sent_us;
      },
    };
  }

  /** Four words each: address, value, mask, and microseconds to wait before. */
  private writeRegisters(words: readonly number[], at_us: number): Outcome {
    if (words.length === 0 || words.length % 4 !== 0) return { problem: 'length' };
    let ready_us = at_us;
    for (let i = 0; i < words.length; i += 4) {
      ready_us += words[i + 3];
      this.around.registers.write(words[i], words[i + 1], words[i + 2]);
    }
    return { ready_us };
  }

  private endMemory(execute: boolean, entry: number): Outcome {
    if (!execute) return {};
    if (!this.around.ram.holdsProgram(entry)) return { then: () => this.leave('hang') };
    return {
      then: (sent_us) => {
        this.isStub = true;
        this.attached = true;
        this.writes.limit_bytes = this.around.flash.bytes.length;
        return this.around.send(slipFrame(Buffer.from('OHAI')), sent_us);
      },
    };
  }

  private endFlash(request: Request): Outcome {
    const { outcome, reboot } = this.writes.end(request);
    if (outcome.problem !== undefined) return outcome;
    if (reboot) return { then: () => this.leave('reset') };
    // "Run to user code" is what the ROM does at once; the stub stays.
    return this.isStub ? {} : { then: () => this.leave('run') };
  }

  /** One word, and for the ROM a second one. */
  private attach(data: Buffer): Outcome {
    if (data.length !== (this.isStub ? 4 : 8)) return { problem: 'length' };
    this.attached = true;
    return {};
  }

  private setParameters(data: Buffer): Outcome {
    if (data.length !== 24) return { problem: 'length' };
    this.writes.limit_bytes = data.readUInt32LE(4);
    return {};
  }

  private readFlash(request: Request): Outcome {
    const { flash, send } = this.around;
    const problem = readProblem(flash, request);
    if (problem !== undefined) return problem;
    return {
      then: (sent_us) => {
        const reading = new FlashRead(flash, wordsOf(request.data), (packet) => {
          this.free_us = send(slipFrame(packet), this.free_us);
        });
        this.free_us = sent_us;
        reading.sendOn();
        this.reading = reading.done ? undefined : reading;
        return this.free_us;
      },
    };
  }

  private eraseRegion(data: Buffer, at_us: number): Outcome {
    const { flash } = this.around;
    const [address, size_bytes] = wordsOf(data);
    const whole = data.length === 8 && address % SECTOR_BYTES === 0 && size_bytes % SECTOR_BYTES === 0;
    if (!whole) return { problem: 'length' };
    if (!flash.holds(address, size_bytes)) return { problem: 'failed' };
    return { ready_us: flash.erase(address, size_bytes, at_us) };
  }

  private leave(how: 'reset' | 'run' | 'hang'): undefined {
    this.around.leave(how);
  }
}
