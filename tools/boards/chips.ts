/**
 * The chips, as far as a board can be wrong about them. Pins are from ESP-IDF's components/soc/<chip>/include/soc/
 * soc_caps.h, the flash's from Espressif's datasheets, boot loader offsets from its ROM loaders.
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
