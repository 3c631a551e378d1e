/** Which serial ports there are, and which of them may be a board. */
import type { PortInfo, SerialBinding } from './binding.ts';
import { isUsbName, usbDeviceFiles } from './device-files.ts';
import type { SerialMachine } from './machine.ts';
import { type Adapter, adapterOf, usbNumber } from './vendors.ts';

export interface SerialPortFound {
  path: string;
  /** Four lower-case hex digits, or '' where the system does not say. */
  vendorId: string;
  productId: string;
  serialNumber: string;
  /** What it is, as far as the vendor table knows. */
  adapter: Adapter | undefined;
  /** Whether it may be a board: a known USB chip, or at least a USB port. */
  likely: boolean;
}

export interface PortList {
  /** Likely ones first, then by path. */
  ports: SerialPortFound[];
  /** Why the list may lack something, or ''. */
  note: string;
}

/** On macOS the list names tty.*, which waits for a modem's carrier; its twin cu.* does not. */
function pathOf(path: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' ? path.replace(/^\/dev\/tty\./, '/dev/cu.') : path;
}

function foundPort(info: PortInfo, platform: NodeJS.Platform): SerialPortFound {
  const [vendorId, productId] = [usbNumber(info.vendorId), usbNumber(info.productId)];
  const path = pathOf(info.path, platform);
  const adapter = adapterOf(vendorId, productId);
  const likely = adapter !== undefined || vendorId !== '' || isUsbName(path, platform);
  return { path, vendorId, productId, serialNumber: info.serialNumber ?? '', adapter, likely };
}

function inOrder(ports: SerialPortFound[]): SerialPortFound[] {
  const rank = ({ adapter, likely }: SerialPortFound): number => (adapter !== undefined ? 0 : likely ? 1 : 2);
  return [...ports].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path, 'en', { numeric: true }));
}

function unnamedPort(path: string): SerialPortFound {
  return { path, vendorId: '', productId: '', serialNumber: '', adapter: undefined, likely: true };
}

/** Never fails: where the system cannot list its ports, the names under /dev are taken and the note says so. */
export async function listPorts(binding: SerialBinding, machine: SerialMachine): Promise<PortList> {
  try {
    const infos = await binding.list();
    return { ports: inOrder(infos.map((info) => foundPort(info, machine.platform))), note: '' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = why.includes('udevadm') ? 'udevadm is not installed' : why;
    const note = `the system does not list its serial ports (${reason}): going by the names in /dev, without vendors`;
    return { ports: usbDeviceFiles(machine).map(unnamedPort), note };
  }
}

/** `/dev/ttyUSB0 (CP210x bridge, 10c4:ea60, serial 0001)` */
export function portText({ path, vendorId, productId, serialNumber, adapter }: SerialPortFound): string {
  const words = [
    adapter?.name ?? '',
    vendorId === '' ? '' : `${vendorId}:${productId}`,
    serialNumber === '' ? '' : `serial ${serialNumber}`,
  ].filter((word) => word !== '');
  return words.length === 0 ? path : `${path} (${words.join(', ')})`;
}
