/** Unmodified esptool-js on a binding, by the thinnest adapter that it takes: what the model has to satisfy. */
import type { BindingInterface, BindingPortInterface } from '@serialport/bindings-interface' with {
  'resolution-mode': 'require',
};
import { createHash } from 'node:crypto';
import { ESPLoader, Transport } from 'esptool-js';

interface Signals {
  dataTerminalReady?: boolean;
  requestToSend?: boolean;
}

/** A port of a binding in the shape that esptool-js wants: that of a browser's. */
class WebPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  private readonly binding: BindingInterface;
  private readonly path: string;
  private readonly usbProductId: number;
  private readonly usbVendorId: number;
  private lines = { dtr: true, rts: true };
  private port: BindingPortInterface | undefined;

  constructor(binding: BindingInterface, path: string, usb: { vendorId: string; productId: string }) {
    this.binding = binding;
    this.path = path;
    this.usbVendorId = Number.parseInt(usb.vendorId, 16);
    this.usbProductId = Number.parseInt(usb.productId, 16);
  }

  getInfo(): { usbVendorId: number; usbProductId: number } {
    return { usbVendorId: this.usbVendorId, usbProductId: this.usbProductId };
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const port = await this.binding.open({ path: this.path, baudRate });
    this.port = port;
    this.lines = { dtr: true, rts: true };
    const buffer = Buffer.alloc(65536);
    this.readable = new ReadableStream({
      pull: async (controller) => {
        try {
          const { bytesRead } = await port.read(buffer, 0, buffer.length);
          controller.enqueue(Uint8Array.from(buffer.subarray(0, bytesRead)));
        } catch {
          // Closed, or gone: either way there is nothing more to read.
          controller.close();
        }
      },
    });
    this.writable = new WritableStream({ write: (chunk) => port.write(Buffer.from(chunk)) });
  }

  async close(): Promise<void> {
    const { port } = this;
    this.port = undefined;
    this.readable = null;
    this.writable = null;
    await port?.close();
  }

  async setSignals({ dataTerminalReady, requestToSend }: Signals): Promise<void> {
    this.lines = { dtr: dataTerminalReady ?? this.lines.dtr, rts: requestToSend ?? this.lines.rts };
    await this.port?.set({ brk: false, ...this.lines });
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.port?.update({ baudRate });
  }
}

export interface ClientOptions {
  binding: BindingInterface;
  path: string;
  usb?: { vendorId: string; productId: string };
  baud?: number;
}

/** @returns esptool-js, not yet connected, and what it has said */
export function esptool({
  binding,
  path,
  usb = { vendorId: '10c4', productId: 'ea60' },
  baud = 115200,
}: ClientOptions): {
  loader: ESPLoader;
  said: string[];
} {
  const said: string[] = [];
  const port: unknown = new WebPort(binding, path, usb);
  // Its Transport wants a browser's SerialPort, of which it uses what WebPort has.
  const transport = new Transport(port as ConstructorParameters<typeof Transport>[0]);
  transport.trace = () => undefined;
  const terminal = {
    clean: () => undefined,
    write: (text: string) => void said.push(text),
    writeLine: (text: string) => void said.push(text),
  };
  return { loader: new ESPLoader({ transport, baudrate: baud, romBaudrate: 115200, terminal }), said };
}

const SPI_ATTACH = 0x0d;

/** Connects without the stub. The ROM needs the flash attached, which esptool-js leaves to its caller. */
export async function connectRom(loader: ESPLoader): Promise<void> {
  await loader.detectChip('default_reset', 2);
  await loader.command(SPI_ATTACH, new Uint8Array(8));
}

/** @param options `md5: false` without the stub, whose MD5 alone esptool-js reads rightly */
export async function write(
  loader: ESPLoader,
  address: number,
  data: Buffer,
  { compress = true, md5 = true } = {},
): Promise<void> {
  await loader.writeFlash({
    fileArray: [{ data: Uint8Array.from(data), address }],
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress,
    ...(md5 && { calculateMD5Hash: (image: Uint8Array) => createHash('md5').update(image).digest('hex') }),
  });
}
