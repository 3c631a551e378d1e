/** Which of the ports that there are now is the one that vanished: a USB port often comes back under another name. */
import type { SerialPortFound } from '../../serial/ports.ts';

export interface Vanished {
  path: string;
  /** As the system listed it while it was there; undefined for a pseudo-terminal or a network port. */
  found: SerialPortFound | undefined;
}

export type Returned =
  | { state: 'absent' }
  /** Nothing is known but the path: opening it tells. */
  | { state: 'try'; path: string }
  | { state: 'back'; path: string }
  /** Another device has taken its path. */
  | { state: 'stranger'; path: string; serialNumber: string };

export function whereIsIt({ path, found }: Vanished, ports: readonly SerialPortFound[]): Returned {
  if (found === undefined) return { state: 'try', path };
  const isSameKind = (port: SerialPortFound): boolean =>
    port.vendorId === found.vendorId && port.productId === found.productId;
  const there = ports.find((port) => port.path === path);
  if (found.serialNumber !== '') {
    const same = ports.find((port) => port.serialNumber === found.serialNumber);
    if (same !== undefined) return { state: 'back', path: same.path };
    return there === undefined || there.serialNumber === ''
      ? { state: 'absent' }
      : { state: 'stranger', path, serialNumber: there.serialNumber };
  }
  if (there !== undefined) return isSameKind(there) ? { state: 'back', path } : { state: 'absent' };
  // Without a serial number only its kind is known: a single one of it is taken, several are not told apart.
  const kin = ports.filter((port) => found.vendorId !== '' && isSameKind(port) && port.serialNumber === '');
  return kin.length === 1 ? { state: 'back', path: kin[0].path } : { state: 'absent' };
}
