/**
 * The chips, as far as a board can be wrong about them. Pins are from ESP-IDF's components/soc/<chip>/include/soc/
 * soc_caps.h, those that are taken from its docs/en/api-reference/peripherals/gpio/<chip>.inc (the console's also in
 * uart_pins.h, the flash's in Espressif's datasheets), clocks of the flash from components/spi_flash/<chip>/
 * Kconfig.flash_freq (ESP-IDF v6.0.1), boot loader offsets from the ROM loaders.
 */

export interface Chip {
  name: string;
  /** GPIOs that there are, as ranges with both ends. */
  pins: readonly (readonly [number, number])[];
  /** Wired to the flash inside the module. */
  flashPins: readonly [number, number];
  inputOnly: readonly (readonly [number, number])[];
  /** Pins of the first analogue converter; the second one serves Wi-Fi. */
  analog: readonly [number, number];
  wifi: boolean;
  /** Whether the chip has a USB port of its own, and of which kind. */
  usb: readonly ('serial-jtag' | 'otg')[];
  /** Of that port: D- and D+; null where there is none. */
  usbPins: readonly [number, number] | null;
  /** UART0: transmit and receive. The log goes there, and an image comes in. */
  consolePins: readonly [number, number];
  /** What PSRAM takes besides the flash's pins, on a board that has more of it than `above_mb`. */
  psram: { above_mb: number; pins: readonly [number, number] } | null;
  /** Read at reset: what is plugged in there can keep the chip from starting. */
  strapping: readonly number[];
  /** The strapping pin that starts the download mode when it is low. */
  bootPin: number;
  /** Clocks of the flash, MHz. */
  flashClocks_mhz: readonly number[];
  bootloaderOffset: number;
  /** The name that esp-web-tools has for the chip. */
  family: string;
}

export const CHIPS: readonly Chip[] = [
  {
    name: 'esp32',
    pins: [
      [0, 23],
      [25, 27],
      [32, 39],
    ],
    flashPins: [6, 11],
    inputOnly: [[34, 39]],
    analog: [32, 39],
    wifi: true,
    usb: [],
    usbPins: null,
    consolePins: [1, 3],
    psram: { above_mb: 0, pins: [16, 17] },
    strapping: [0, 2, 5, 12, 15],
    bootPin: 0,
    flashClocks_mhz: [20, 26, 40, 80],
    bootloaderOffset: 0x1000,
    family: 'ESP32',
  },
  {
    name: 'esp32s2',
    pins: [
      [0, 21],
      [26, 46],
    ],
    flashPins: [26, 32],
    inputOnly: [[46, 46]],
    analog: [1, 10],
    wifi: true,
    usb: ['otg'],
    usbPins: [19, 20],
    consolePins: [43, 44],
    psram: null,
    strapping: [0, 45, 46],
    bootPin: 0,
    flashClocks_mhz: [20, 26, 40, 80],
    bootloaderOffset: 0x1000,
    family: 'ESP32-S2',
  },
  {
    name: 'esp32s3',
    pins: [
      [0, 21],
      [26, 48],
    ],
    flashPins: [26, 32],
    inputOnly: [],
    analog: [1, 10],
    wifi: true,
    usb: ['serial-jtag', 'otg'],
    usbPins: [19, 20],
    consolePins: [43, 44],
    // Octal PSRAM: the chips with more than 2 MB have it.
    psram: { above_mb: 2, pins: [33, 37] },
    strapping: [0, 3, 45, 46],
    bootPin: 0,
    flashClocks_mhz: [20, 40, 80],
    bootloaderOffset: 0,
    family: 'ESP32-S3',
  },
  {
    name: 'esp32c3',
    pins: [[0, 21]],
    flashPins: [12, 17],
    inputOnly: [],
    analog: [0, 4],
    wifi: true,
    usb: ['serial-jtag'],
    usbPins: [18, 19],
    consolePins: [21, 20],
    psram: null,
    strapping: [2, 8, 9],
    bootPin: 9,
    flashClocks_mhz: [20, 26, 40, 80],
    bootloaderOffset: 0,
    family: 'ESP32-C3',
  },
  {
    name: 'esp32c6',
    pins: [[0, 30]],
    flashPins: [24, 30],
    inputOnly: [],
    analog: [0, 6],
    wifi: true,
    usb: ['serial-jtag'],
    usbPins: [12, 13],
    consolePins: [16, 17],
    psram: null,
    strapping: [4, 5, 8, 9, 15],
    bootPin: 9,
    flashClocks_mhz: [20, 40, 80],
    bootloaderOffset: 0,
    family: 'ESP32-C6',
  },
  {
    name: 'esp32h2',
    pins: [[0, 27]],
    flashPins: [15, 21],
    inputOnly: [],
    analog: [1, 5],
    wifi: false,
    usb: ['serial-jtag'],
    usbPins: [26, 27],
    consolePins: [24, 23],
    psram: null,
    strapping: [2, 3, 8, 9, 25],
    bootPin: 9,
    flashClocks_mhz: [16, 32, 64],
    bootloaderOffset: 0,
    family: 'ESP32-H2',
  },
];

export function within(ranges: readonly (readonly [number, number])[], pin: number): boolean {
  return ranges.some(([first, last]) => pin >= first && pin <= last);
}

/** `0 to 21 and 26 to 46` */
export function rangesText(ranges: readonly (readonly [number, number])[]): string {
  const words = ranges.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
