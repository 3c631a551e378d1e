/** Whether the pins that a board names are there, and can do what they are named for. */
import type { Board } from './board.ts';
import { type Chip, rangesText, within } from './chips.ts';

interface Use {
  field: string;
  pin: number;
  needs: 'input' | 'output' | 'analog';
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
  for (const [label, pin] of Object.entries(pins)) add(`pins.${label}`, pin, 'input');
  return uses;
}

function problemOf({ field, pin, needs }: Use, chip: Chip): string | undefined {
  const { name, pins, flashPins, inputOnly, analog } = chip;
  if (!within(pins, pin)) return `${field} is GPIO ${pin}, which the ${name} does not have; it has ${rangesText(pins)}`;
  if (within([flashPins], pin)) {
    return `${field} is GPIO ${pin}, which belongs to the flash on the ${name} (${rangesText([flashPins])}); take another`;
  }
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
  for (const { field, pin } of uses) {
    if (field.startsWith('pins.')) continue;
    const other = first.get(pin);
    if (other !== undefined) problems.push(`${field} and ${other} are both GPIO ${pin}; one of them is wrong`);
    else first.set(pin, field);
  }
  return problems;
}

export function pinProblems(board: Board, chip: Chip): string[] {
  const uses = usesOf(board);
  return [...uses.map((use) => problemOf(use, chip)).filter((problem) => problem !== undefined), ...sharedPins(uses)];
}
