/** Whether the pins that a board names are there, are free, and can do what they are named for. */
import type { Board } from './board.ts';
import { type Chip, rangesText, within } from './chips.ts';

interface Use {
  field: string;
  pin: number;
  /** `label`: what is printed on the board, which uses nothing. */
  needs: 'input' | 'output' | 'analog' | 'label';
}

function usesOf({ i2c, pins, led, battery, button }: Board): Use[] {
  const uses: Use[] = [];
  const add = (field: string, pin: number | undefined, needs: Use['needs']): void => {
    if (pin !== undefined) uses.push({ field, pin, needs });
  };
  add('i2c.data', i2c?.data, 'output');
  add('i2c.clock', i2c?.clock, 'output');
  add('led.pin', led?.pin, 'output');
  add('led.power', led?.power, 'output');
  add('battery.pin', battery?.pin, 'analog');
  add('battery.enable', battery?.enable, 'output');
  add('button.pin', button?.pin, 'input');
  for (const [label, pin] of Object.entries(pins)) add(`pins.${label}`, pin, 'label');
  return uses;
}

/** What memory a pin is wired to on a board, in words with the pins of it; '' for none. */
export function memoryOn(pin: number, { name, flashPins, psram }: Chip, psram_mb: number): string {
  if (within([flashPins], pin)) return `the flash on the ${name} (${rangesText([flashPins])})`;
  if (psram === null || psram_mb <= psram.above_mb || !within([psram.pins], pin)) return '';
  return `the PSRAM on the ${name} (${rangesText([psram.pins])})`;
}

/** What talks to the computer over a pin of a board, in words; '' for none. */
export function portOn(pin: number, { usbPins, consolePins }: Chip, usb: Board['usb']): string {
  if (usb.kind === 'uart-bridge') {
    return consolePins.includes(pin) ? `the console, UART0 (${consolePins.join(' and ')})` : '';
  }
  return usbPins?.includes(pin) === true ? `the chip’s own USB port (${usbPins.join(' and ')})` : '';
}

function problemOf({ field, pin, needs }: Use, chip: Chip, { psram_mb, usb }: Board): string | undefined {
  const { name, pins, inputOnly, analog } = chip;
  if (!within(pins, pin)) return `${field} is GPIO ${pin}, which the ${name} does not have; it has ${rangesText(pins)}`;
  const taker = memoryOn(pin, chip, psram_mb) || (needs === 'label' ? '' : portOn(pin, chip, usb));
  if (taker !== '') return `${field} is GPIO ${pin}, which belongs to ${taker}; take another`;
  if (needs === 'output' && within(inputOnly, pin)) {
    return `${field} is GPIO ${pin}, which can only read on the ${name} (${rangesText(inputOnly)} only read); take another`;
  }
  if (needs === 'analog' && !within([analog], pin)) {
    return `${field} is GPIO ${pin}, which is not on the first converter of the ${name}; that has ${rangesText([analog])}`;
  }
  return undefined;
}

/** Two uses of one pin, apart from labels, which only name it. */
function sharedPins(uses: readonly Use[]): string[] {
  const problems: string[] = [];
  const first = new Map<number, string>();
  for (const { field, pin, needs } of uses) {
    if (needs === 'label') continue;
    const other = first.get(pin);
    if (other !== undefined) problems.push(`${field} and ${other} are both GPIO ${pin}; one of them is wrong`);
    else first.set(pin, field);
  }
  return problems;
}

/** A chip starts its download mode by one pin alone: another button's place is among `pins`. */
function buttonProblem({ button }: Board, { name, bootPin }: Chip): string[] {
  if (button === null || button.pin === bootPin) return [];
  return [
    `button.pin is GPIO ${button.pin}, and the ${name} starts its download mode by GPIO ${bootPin}; ` +
      'write null where no button is on that, and name others in "pins"',
  ];
}

export function pinProblems(board: Board, chip: Chip): string[] {
  const uses = usesOf(board);
  return [
    ...uses.map((use) => problemOf(use, chip, board)).filter((problem) => problem !== undefined),
    ...sharedPins(uses),
    ...buttonProblem(board, chip),
  ];
}

/** What may be right and is worth a look: strapping pins where something is plugged in that pulls them at reset. */
export function pinRemarks({ i2c, battery }: Board, { name, strapping }: Chip): string[] {
  const uses = [
    ['i2c.data', i2c?.data],
    ['i2c.clock', i2c?.clock],
    ['battery.pin', battery?.pin],
    ['battery.enable', battery?.enable],
  ] as const;
  return uses
    .filter(([, pin]) => pin !== undefined && strapping.includes(pin))
    .map(
      ([field, pin]) =>
        `${field} is GPIO ${pin}, which the ${name} reads at reset (${strapping.join(', ')}): what pulls it may keep the board from starting`,
    );
}
