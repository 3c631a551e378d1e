/**
 * Which USB chips sit between a computer and an ESP32. Vendor and product numbers are those that the makers registered
 * with the USB Implementers Forum, as the Linux drivers cp210x, ch341, cdc-acm, ftdi_sio and pl2303 list them.
 */

export interface Adapter {
  /** What it is, for people. */
  name: string;
  /** Where to get a driver on a system that brings none; '' where every system brings one. */
  driver: string;
  /** The chip's own USB port, which goes away when the chip is reset. */
  native: boolean;
}

const SILABS = 'https://www.silabs.com/developer-tools/usb-to-uart-bridge-vcp-drivers';
const WCH = 'https://www.wch-ic.com/downloads/CH341SER_EXE.html';
const FTDI = 'https://ftdichip.com/drivers/vcp-drivers/';
const PROLIFIC = 'https://www.prolific.com.tw';

const bridge = (name: string, driver: string): Adapter => ({ name, driver, native: false });

/** Product by product; a vendor's own line below stands for its other products. */
const PRODUCTS: Readonly<Record<string, Adapter>> = {
  '10c4:ea60': bridge('CP210x bridge', SILABS),
  '10c4:ea70': bridge('CP2105 bridge', SILABS),
  '10c4:ea71': bridge('CP2108 bridge', SILABS),
  '1a86:7522': bridge('CH340 bridge', WCH),
  '1a86:7523': bridge('CH340 bridge', WCH),
  '1a86:5523': bridge('CH341 bridge', WCH),
  '1a86:55d3': bridge('CH343 bridge', WCH),
  '1a86:55d4': bridge('CH9102 bridge', WCH),
  '0403:6001': bridge('FT232R bridge', FTDI),
  '0403:6010': bridge('FT2232 bridge', FTDI),
  '0403:6011': bridge('FT4232 bridge', FTDI),
  '0403:6014': bridge('FT232H bridge', FTDI),
  '0403:6015': bridge('FT230X bridge', FTDI),
  '067b:2303': bridge('PL2303 bridge', PROLIFIC),
  '067b:23a3': bridge('PL2303 bridge', PROLIFIC),
  '303a:1001': { name: 'USB port of the chip', driver: '', native: true },
};

const VENDORS: Readonly<Record<string, Adapter>> = {
  '303a': { name: 'USB port of the chip', driver: '', native: true },
  '239a': { name: 'Adafruit board', driver: '', native: true },
  '2886': { name: 'Seeed board', driver: '', native: true },
  '1a86': bridge('WCH bridge', WCH),
};

/** `10C4` and `0x10c4` as `10c4`; '' where it is not known. */
export function usbNumber(text: string | undefined): string {
  return (text ?? '')
    .toLowerCase()
    .replace(/^0x/, '')
    .padStart(4, '0')
    .replace(/^0000$/, '');
}

export function adapterOf(vendorId: string, productId: string): Adapter | undefined {
  return PRODUCTS[`${vendorId}:${productId}`] ?? VENDORS[vendorId];
}

/** What to install where a board is plugged in and no port shows. */
export const DRIVERS = `CP210x: ${SILABS}, CH340 and CH9102: ${WCH}, FTDI: ${FTDI}`;
