/** Boards as the serial ports of this computer: `BindingInterface`, so that `@serialport/stream` runs on the model. */
import type {
  BindingInterface,
  BindingPortInterface,
  OpenOptions,
  PortInfo,
  PortStatus,
  SetOptions,
  UpdateOptions,
} from '@serialport/bindings-interface' with { 'resolution-mode': 'require' };
import { ADAPTERS } from './adapters.ts';
import type { Board } from './board.ts';

export type RomBinding = BindingInterface;

/** @param boards those that are plugged in; the array may be changed later on */
export function romBinding(boards: readonly Board[], options: { listFails?: Error } = {}): RomBinding {
  const open = new Set<Board>();
  return {
    list: async () => {
      await nextTick();
      if (options.listFails !== undefined) throw options.listFails;
      return boards.filter(({ isPresent }) => isPresent).map(portInfo);
    },
    open: async (wanted) => {
      await nextTick();
      const { path } = wanted;
      const board = boards.find((one) => one.isPresent && one.path === path);
      // The texts are those of @serialport/bindings-cpp on Linux.
      if (board === undefined) throw new Error(`Error: No such file or directory, cannot open ${path}`);
      if (board.faults.openFails === 'denied') throw new Error(`Error: Permission denied, cannot open ${path}`);
      if (board.faults.openFails === 'busy' || open.has(board)) {
        throw new Error('Error Resource temporarily unavailable Cannot lock port');
      }
      open.add(board);
      return new RomPort(board, wanted, () => open.delete(board));
    },
  };
}

function portInfo(board: Board): PortInfo {
  const { vendorId, productId, manufacturer, product } = ADAPTERS[board.adapter];
  const { path, serialNumber } = board;
  const pnpId = `usb-${product}_${serialNumber}-if00-port0`;
  return { path, manufacturer, serialNumber, pnpId, locationId: undefined, vendorId, productId };
}

class CanceledError extends Error {
  readonly canceled = true;
}

class DisconnectError extends Error {
  readonly disconnect = true;
}

interface Reading {
  take: () => void;
  fail: (error: Error) => void;
}

class RomPort implements BindingPortInterface {
  readonly openOptions: Required<OpenOptions>;
  isOpen = true;
  private readonly board: Board;
  private readonly released: () => void;
  private received: Buffer[] = [];
  private reading: Reading | undefined;
  private lost = false;
  private baud: number;

  constructor(board: Board, wanted: OpenOptions, released: () => void) {
    this.openOptions = {
      dataBits: 8,
      lock: true,
      stopBits: 1,
      parity: 'none',
      rtscts: false,
      xon: false,
      xoff: false,
      xany: false,
      hupcl: true,
      ...wanted,
    };
    this.board = board;
    this.released = released;
    this.baud = wanted.baudRate;
    board.open({ data: (bytes) => this.take(bytes), lost: () => this.lose() }, this.baud);
  }

  async close(): Promise<void> {
    this.mustBeOpen();
    this.isOpen = false;
    this.received = [];
    if (!this.lost) {
      this.board.close();
      this.released();
    }
    this.reading?.fail(new CanceledError('Port is not open'));
    await nextTick();
  }

  async read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    this.mustBeOpen();
    await nextTick();
    while (this.received.length === 0) await this.wait();
    const bytes = Buffer.concat(this.received);
    const bytesRead = bytes.copy(buffer, offset, 0, length);
    this.received = bytesRead < bytes.length ? [bytes.subarray(bytesRead)] : [];
    return { buffer, bytesRead };
  }

  async write(buffer: Buffer): Promise<void> {
    this.mustBeOpen();
    await nextTick();
    if (!this.isOpen) throw new CanceledError('Port is not open');
    if (this.lost) throw new DisconnectError('Error: Input/output error, cannot write');
    this.board.hostWrites(Buffer.from(buffer));
  }

  async update({ baudRate }: UpdateOptions): Promise<void> {
    await this.settle();
    if (baudRate > this.board.faults.hostBaud_max)
      throw new Error('Error: Invalid argument, cannot set custom baud rate');
    this.baud = baudRate;
    this.board.setBaud(baudRate);
  }

  async set({ dtr = true, rts = true }: SetOptions): Promise<void> {
    await this.settle();
    this.board.setLines({ dtr, rts });
  }

  async get(): Promise<PortStatus> {
    await this.settle();
    return { cts: false, dsr: false, dcd: false };
  }

  async getBaudRate(): Promise<{ baudRate: number }> {
    await this.settle();
    return { baudRate: this.baud };
  }

  async flush(): Promise<void> {
    await this.settle();
    this.received = [];
  }

  /** Nothing to wait for: what was written is on its way. */
  drain(): Promise<void> {
    return this.settle();
  }

  private async settle(): Promise<void> {
    this.mustBeOpen();
    await nextTick();
    if (this.lost) throw new DisconnectError('Error: Input/output error');
  }

  private wait(): Promise<void> {
    if (!this.isOpen) return Promise.reject(new CanceledError('Port is not open'));
    if (this.lost) return Promise.reject(new DisconnectError('Error: Input/output error, cannot read'));
    return new Promise((take, fail) => {
      this.reading = { take, fail };
    });
  }

  private take(bytes: Buffer): void {
    this.received.push(bytes);
    this.reading?.take();
    this.reading = undefined;
  }

  private lose(): void {
    // Whatever comes back at this path is another device, and free.
    this.lost = true;
    this.released();
    this.reading?.fail(new DisconnectError('Error: Input/output error, cannot read'));
    this.reading = undefined;
  }

  private mustBeOpen(): void {
    if (!this.isOpen) throw new Error('Port is not open');
  }
}

function nextTick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
