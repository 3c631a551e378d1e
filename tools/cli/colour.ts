/** Whether to colour, and with what. https://no-color.org: any value of NO_COLOR but the empty one means no. */
import picocolors from 'picocolors';

export type Colours = ReturnType<typeof picocolors.createColors>;

export type Environment = Readonly<Record<string, string | undefined>>;

export function wantsColour(stream: { isTTY?: boolean }, env: Environment): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

export function createColours(enabled: boolean): Colours {
  return picocolors.createColors(enabled);
}
