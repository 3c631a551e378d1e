/**
 * The chips: what the loader of each shows of itself. Register addresses are from the technical reference manuals
 * ("SPI Controller", "eFuse Controller"), chip numbers and image offsets from "Firmware Image Format" and the loaders,
 * the values at 0x40001000 from ROMs as esptool documents them, the lines at start from boot logs.
 */

export type ChipName = 'esp32' | 'esp32s2' | 'esp32s3' | 'esp32c3' | 'esp32c6';

export interface ChipModel {
  name: ChipName;
  /** What an image for this chip bears in its extended header, and GET_SECURITY_INFO answers. */
  imageChipId: number;
  /** What READ_REG reads at 0x40001000, which differs from ROM to ROM. */
  magic: number;
  bootloaderOffset: number;
  /** Length of what GET_SECURITY_INFO answers; 0 where the ROM does not know the command. */
  securityInfo_bytes: 0 | 12 | 20;
  spi: { base: number; usr: number; usr1: number; usr2: number; w0: number };
  efuse: 'esp32' | { base: number; revision: [word: number, value: number][] };
  uartClockDivider: number;
  /** Variable of the ROM that says which port the loader talks on, and its value for USB-Serial-JTAG. */
  portInUse: { address: number; usbSerialJtag: number } | undefined;
  /** RAM that a program may be loaded to. */
  ram: readonly (readonly [number, number])[];
  banner: string;
  boot: { flash: string; download: string };
  reset: { powerOn: string; watchdog: string; usb: string };
}

/** All chips but the first have the same SPI registers, at another base. */
const NEWER_SPI = { usr: 0x18, usr1: 0x1c, usr2: 0x20, w0: 0x58 };
const NEWER_RESET = {
  powerOn: 'rst:0x1 (POWERON)',
  watchdog: 'rst:0x10 (RTCWDT_RTC_RST)',
  usb: 'rst:0x15 (USB_UART_CHIP_RESET)',
};

export const CHIPS: Readonly<Record<ChipName, ChipModel>> = {
  esp32: {
    name: 'esp32',
    imageChipId: 0,
    magic: 0x00f01d83,
    bootloaderOffset: 0x1000,
    securityInfo_bytes: 0,
    spi: { base: 0x3ff42000, usr: 0x1c, usr1: 0x20, usr2: 0x24, w0: 0x80 },
    efuse: 'esp32',
    uartClockDivider: 0x3ff40014,
    portInUse: undefined,
    ram: [
      [0x3ffae000, 0x40000000],
      [0x40070000, 0x400c0000],
    ],
    banner: 'ets Jul 29 2019 12:21:46\r\n',
    boot: {
      flash: 'boot:0x13 (SPI_FAST_FLASH_BOOT)',
      download: 'boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))',
    },
    reset: {
      powerOn: 'rst:0x1 (POWERON_RESET)',
      watchdog: 'rst:0x10 (RTCWDT_RTC_RESET)',
      usb: 'rst:0x1 (POWERON_RESET)',
    },
  },
  esp32s2: {
    name: 'esp32s2',
    imageChipId: 2,
    magic: 0x000007c6,
    bootloaderOffset: 0x1000,
    securityInfo_bytes: 12,
    spi: { base: 0x3f402000, ...NEWER_SPI },
    efuse: { base: 0x3f41a000, revision: [[3, 1 << 18]] },
    uartClockDivider: 0x3f400014,
    portInUse: { address: 0x3ffffd14, usbSerialJtag: 0 },
    ram: [
      [0x3ffb0000, 0x40000000],
      [0x40020000, 0x40070000],
    ],
    banner: 'ESP-ROM:esp32s2-rc4-20191025\r\nBuild:Oct 25 2019\r\n',
    boot: { flash: 'boot:0x8 (SPI_FAST_FLASH_BOOT)', download: 'boot:0x0 (DOWNLOAD(USB/UART0/1))' },
    reset: NEWER_RESET,
  },
  esp32s3: {
    name: 'esp32s3',
    imageChipId: 9,
    magic: 0x9,
    bootloaderOffset: 0,
    securityInfo_bytes: 20,
    spi: { base: 0x60002000, ...NEWER_SPI },
    efuse: { base: 0x60007000, revision: [[3, 2 << 18]] },
    uartClockDivider: 0x60000014,
    portInUse: { address: 0x3fcef14c, usbSerialJtag: 4 },
    ram: [
      [0x3fc88000, 0x3fd00000],
      [0x40370000, 0x403e0000],
    ],
    banner: 'ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n',
    boot: { flash: 'boot:0x8 (SPI_FAST_FLASH_BOOT)', download: 'boot:0x0 (DOWNLOAD(USB/UART0))' },
    reset: NEWER_RESET,
  },
  esp32c3: {
    name: 'esp32c3',
    imageChipId: 5,
    magic: 0x1b31506f,
    bootloaderOffset: 0,
    securityInfo_bytes: 20,
    spi: { base: 0x60002000, ...NEWER_SPI },
    efuse: { base: 0x60008800, revision: [[3, 4 << 18]] },
    uartClockDivider: 0x60000014,
    portInUse: { address: 0x3fcdf07c, usbSerialJtag: 3 },
    ram: [
      [0x3fc80000, 0x3fce0000],
      [0x4037c000, 0x403e0000],
    ],
    banner: 'ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n',
    boot: { flash: 'boot:0xc (SPI_FAST_FLASH_BOOT)', download: 'boot:0x4 (DOWNLOAD(USB/UART0/1))' },
    reset: NEWER_RESET,
  },
  esp32c6: {
    name: 'esp32c6',
    imageChipId: 13,
    magic: 0x2ce0806f,
    bootloaderOffset: 0,
    securityInfo_bytes: 20,
    spi: { base: 0x60003000, ...NEWER_SPI },
    efuse: { base: 0x600b0800, revision: [[3, 1 << 18]] },
    uartClockDivider: 0x60000014,
    portInUse: { address: 0x4087f580, usbSerialJtag: 3 },
    ram: [[0x40800000, 0x40880000]],
    banner: 'ESP-ROM:esp32c6-20220919\r\nBuild:Sep 19 2022\r\n',
    boot: { flash: 'boot:0xc (SPI_FAST_FLASH_BOOT)', download: 'boot:0x4 (DOWNLOAD(USB/UART0/SDIO_REI_FEO))' },
    reset: NEWER_RESET,
  },
};
