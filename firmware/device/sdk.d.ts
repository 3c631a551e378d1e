/** Modules of the SDK that its published typings do not know, as far as they are used here. */

/** Bound by the SDK's compiler to the function of that name in C. */
declare function native(name: string): (this: unknown, ...values: (number | boolean | string)[]) => unknown;

declare module 'crypt' {
  export class Digest {
    constructor(type: string);
    reset(): void;
    write(bytes: ArrayBuffer | Uint8Array): void;
    close(): ArrayBuffer;
  }
  export class GHASH extends Digest {
    constructor(hashKey: ArrayBuffer, clear: ArrayBuffer);
  }
  export class BlockCipher {
    constructor(cipher: string, key: ArrayBuffer);
    encrypt(block: ArrayBuffer, into: ArrayBuffer): ArrayBuffer;
  }
  export class Mode {
    constructor(mode: string, cipher: BlockCipher);
    setIV(block: ArrayBuffer): void;
    decrypt(from: Uint8Array, into: Uint8Array): ArrayBuffer | Uint8Array;
  }
  const crypt: Readonly<{
    Digest: typeof Digest;
    GHASH: typeof GHASH;
    BlockCipher: typeof BlockCipher;
    Mode: typeof Mode;
  }>;
  export default crypt;
}

declare module 'net' {
  const Net: Readonly<{
    /** @throws Error when too many look-ups are under way */
    resolve(host: string, callback: (host: string, address?: string) => void): void;
  }>;
  export default Net;
}

declare module 'embedded:io/socket/tcp' {
  export default class TCP {
    close(): void;
  }
}

/** Its published typings know neither a write without data nor one without options. */
declare module 'embedded:network/mqtt/client' {
  export default class MQTTClient {
    static readonly CONNACK: number;
    static readonly SUBSCRIBE: number;
    constructor(options: {
      host: string;
      port: number;
      id: string;
      user: string | undefined;
      password: string | undefined;
      /** Milliseconds. */
      keepAlive: number;
      will: { topic: string; message: string; QoS: number; retain: boolean };
      dns: { io: unknown; lookup: unknown };
      socket: { io: unknown };
      onControl: (message: { operation: number }) => void;
      onWritable: (count: number) => void;
      onReadable: (count: number, options: { topic?: string; more: boolean }) => void;
      onError: () => void;
    });
    read(count: number): ArrayBuffer;
    /** Bytes that may be written next. */
    write(
      bytes: Uint8Array | null,
      options?: {
        topic?: string;
        byteLength?: number;
        retain?: boolean;
        operation?: number;
        items?: { topic: string }[];
      },
    ): number;
    close(): void;
  }
}

declare module 'neopixel' {
  export default class NeoPixel {
    constructor(options: { pin: number; length: number; order: string });
    makeRGB(red: number, green: number, blue: number): number;
    setPixel(index: number, colour: number): void;
    update(): void;
  }
}

declare module 'embedded:sensor/Barometer-Temperature/BMP280' {
  export { default } from 'lvs/sensor-driver';
}
declare module 'embedded:sensor/Barometer-Humidity-Temperature/BME68x' {
  export { default } from 'lvs/sensor-driver';
}
declare module 'embedded:sensor/Humidity-Temperature/AHT10' {
  export { default } from 'lvs/sensor-driver';
}
declare module 'embedded:sensor/Humidity-Temperature/SHT3x' {
  export { default } from 'lvs/sensor-driver';
}
declare module 'embedded:sensor/Humidity-Temperature/SHTC3' {
  export { default } from 'lvs/sensor-driver';
}
declare module 'embedded:sensor/Temperature/TMP117' {
  export { default } from 'lvs/sensor-driver';
}

/** The shape that ECMA-419 gives every sensor driver; there is no module of this name. */
declare module 'lvs/sensor-driver' {
  export default class SensorDriver {
    constructor(options: { sensor: { io: unknown; data: number; clock: number; hz?: number; address?: number } });
    sample(): {
      temperature?: number;
      thermometer?: { temperature?: number };
      hygrometer?: { humidity?: number };
      barometer?: { pressure?: number };
    };
    close(): void;
  }
}
