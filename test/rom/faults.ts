/** What can go wrong with a board, one line each, and none of it by default. */

export interface Faults {
  /** Chance for each byte, either way, to be lost; 0 to 1. */
  drop_rate: number;
  /** Chance for each byte, either way, to arrive as another; 0 to 1. */
  garble_rate: number;
  /** Above this rate one byte in twenty is garbled, as on a long or thin cable. */
  garbleAbove_baud: number;
  /** Both ways fall silent once so many bytes have gone to the device; the port stays open. */
  deadAfterToDevice_bytes: number;
  /** Both ways fall silent once so many bytes have come from the device; the port stays open. */
  deadAfterFromDevice_bytes: number;
  /** The chip loses power once so many bytes have gone to it: what the flash was doing is torn. */
  powerCutAfterToDevice_bytes: number;
  /** The cable comes out once so many bytes have gone to the device: the port and the power are gone. */
  unplugAfterToDevice_bytes: number;
  /** Every erase takes so many times its typical time. */
  eraseSlowdown: number;
  secureBoot: boolean;
  flashEncryption: boolean;
  /** Only the commands that write the flash are left. Not on an ESP32, which has no such mode. */
  secureDownload: boolean;
  /** Each reset takes the port away for so long, in real time; it comes back under its own path or another one. */
  vanishesOnReset: { for_ms: number; comesBackAs?: string } | undefined;
  /** So many random bytes come before the first answer after a reset. */
  noiseBeforeSync_bytes: number;
  /** DTR and RTS lead nowhere: the loader is entered by the button alone. */
  noAutoReset: boolean;
  /**
   * How IO0 is wired: not to DTR, so that every reset by the lines starts the application, or to ground by a button that
   * is stuck, so that every one leads into the loader.
   */
  io0: 'unwired' | 'stuckLow' | undefined;
  /** The adapter's driver refuses rates above this. */
  hostBaud_max: number;
  /** Another program has the port, or the user may not open it. */
  openFails: 'busy' | 'denied' | undefined;
}

export const NO_FAULTS: Readonly<Faults> = {
  drop_rate: 0,
  garble_rate: 0,
  garbleAbove_baud: Infinity,
  deadAfterToDevice_bytes: Infinity,
  deadAfterFromDevice_bytes: Infinity,
  powerCutAfterToDevice_bytes: Infinity,
  unplugAfterToDevice_bytes: Infinity,
  eraseSlowdown: 1,
  secureBoot: false,
  flashEncryption: false,
  secureDownload: false,
  vanishesOnReset: undefined,
  noiseBeforeSync_bytes: 0,
  noAutoReset: false,
  io0: undefined,
  hostBaud_max: Infinity,
  openFails: undefined,
};

/** The faults that a new cable ends. */
export const LINK_FAULTS = [
  'drop_rate',
  'garble_rate',
  'garbleAbove_baud',
  'deadAfterToDevice_bytes',
  'deadAfterFromDevice_bytes',
  'powerCutAfterToDevice_bytes',
  'unplugAfterToDevice_bytes',
] as const;
