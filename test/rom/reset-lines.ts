/** DTR and RTS, and what the board makes of them. True is asserted, which is low at the pin. */

export interface Lines {
  dtr: boolean;
  rts: boolean;
}

/** What a change of the lines does to the chip. After a release it is IO0 that decides, when EN has risen. */
export type Effect = 'hold' | 'release' | 'reset-to-download' | 'reset-to-app' | 'nothing';

export interface ResetCircuit {
  change: (lines: Lines) => Effect;
}

/**
 * The classic circuit: two transistors, wired crosswise. Only RTS alone pulls EN low, only DTR alone pulls IO0 low, and
 * both together do nothing, so that opening the port leaves the chip alone ("Automatic Bootloader").
 */
export function classicCircuit(): ResetCircuit {
  let held = false;
  return {
    change: ({ dtr, rts }) => {
      const enLow = rts && !dtr;
      const changed = held !== enLow;
      held = enLow;
      if (!changed) return 'nothing';
      return enLow ? 'hold' : 'release';
    },
  };
}

export function io0IsLow({ dtr, rts }: Lines): boolean {
  return dtr && !rts;
}

/**
 * USB-Serial-JTAG reads the same two lines as bits (ESP32-C3 Technical Reference Manual, "USB Serial/JTAG Controller",
 * reset of the SoC): DTR alone sets the flag for download mode, neither clears it, and RTS alone resets the chip.
 */
export function usbSerialJtagCircuit(): ResetCircuit {
  let download = false;
  let resetting = false;
  return {
    change: ({ dtr, rts }) => {
      if (!rts) download = dtr;
      const wasResetting = resetting;
      resetting = rts && !dtr;
      if (!resetting || wasResetting) return 'nothing';
      return download ? 'reset-to-download' : 'reset-to-app';
    },
  };
}
