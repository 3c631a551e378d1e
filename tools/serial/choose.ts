/** Which port is meant. One that was named is taken or fails, and among several nobody chooses but the user. */
import { Failure } from '../cli/errors.ts';
import { EXIT_NO_PORT } from './exit-codes.ts';
import { missingPort, noPort } from './faults.ts';
import type { SerialMachine } from './machine.ts';
import { type PortList, portText, type SerialPortFound } from './ports.ts';

export interface PortChoice {
  path: string;
  /** Known where the system listed it. */
  found: SerialPortFound | undefined;
  /** Why it is this one, for people: `named with --port`, `the only one that looks like a board`. */
  why: string;
}

export interface ChooseOptions {
  /** What the user named, or ''. */
  wanted: string;
  /** `vendor:product` of the board's USB chip, as board.json has them; those ports are shown first. */
  usbIds: readonly string[];
  /** Lets the user pick, and gives its path; undefined where nobody can be asked. */
  ask: ((ports: readonly SerialPortFound[]) => Promise<string>) | undefined;
}

/** A port that the user named is taken as it is: the list may not know a pseudo-terminal or a network port. */
export function namedPort(path: string, { ports }: PortList): PortChoice {
  return { path, found: ports.find((port) => port.path === path), why: 'named' };
}

/** @throws Failure with EXIT_NO_PORT when there is none, or several and nobody to ask */
export async function choosePort(list: PortList, options: ChooseOptions, machine: SerialMachine): Promise<PortChoice> {
  const { wanted, usbIds, ask } = options;
  if (wanted !== '') return namedPort(wanted, list);
  const likely = list.ports.filter((port) => port.likely);
  const isMeant = ({ vendorId, productId }: SerialPortFound): boolean => usbIds.includes(`${vendorId}:${productId}`);
  const first = likely.filter(isMeant);
  const shown = [...first, ...likely.filter((port) => !first.includes(port))];
  if (shown.length === 0) throw noPort(list, machine);
  if (shown.length === 1) {
    return { path: shown[0].path, found: shown[0], why: 'the only port that looks like a board' };
  }
  if (ask === undefined) {
    const names = shown.map(portText).join(', ');
    throw new Failure(`several ports may be the board: ${names}; name the one that you mean with --port`, EXIT_NO_PORT);
  }
  const path = await ask(shown);
  const found = shown.find((port) => port.path === path);
  if (found === undefined) throw missingPort(path, list);
  return { path, found, why: 'chosen' };
}

/** Every port that may be a board, for work on several at once. */
export function everyPort(list: PortList, machine: SerialMachine): PortChoice[] {
  const likely = list.ports.filter((port) => port.likely);
  if (likely.length === 0) throw noPort(list, machine);
  return likely.map((found) => ({ path: found.path, found, why: 'looks like a board' }));
}
