/** Lamps of boards: one on a GPIO, or a pixel whose colour comes over one wire. */

import Digital from 'embedded:io/digital';
import NeoPixel from 'neopixel';
import type { Lamp } from '../hardware.ts';

/** Green, and far from bright: a pixel at full power lights up a room. */
const COLOUR = Object.freeze({ red: 0, green: 24, blue: 4 });

export function openLamp({ kind, pin, active_low, power }: Lamp): (on: boolean) => void {
  if (kind === 'gpio') {
    const output = new Digital({ pin, mode: Digital.Output });
    return (on) => output.write(on === active_low ? 0 : 1);
  }
  if (power >= 0) new Digital({ pin: power, mode: Digital.Output }).write(1);
  const pixel = new NeoPixel({ pin, length: 1, order: 'GRB' });
  return (on) => {
    pixel.setPixel(0, on ? pixel.makeRGB(COLOUR.red, COLOUR.green, COLOUR.blue) : pixel.makeRGB(0, 0, 0));
    pixel.update();
  };
}
