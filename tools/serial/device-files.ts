/** Names under /dev that a board's USB port gets. */

const BY_SYSTEM: Partial<Record<NodeJS.Platform, RegExp>> = {
  linux: /^tty(USB|ACM)\d+$/,
  darwin: /^cu\.(usb|SLAB|wch)/,
};

export const DEVICES = '/dev';

/** Whether a path looks like a USB port; on Windows a name says nothing. */
export function isUsbName(path: string, platform: NodeJS.Platform): boolean {
  return BY_SYSTEM[platform]?.test(path.slice(path.lastIndexOf('/') + 1)) === true;
}

/** Paths of the USB ports that there are by their names alone, in order. */
export function usbDeviceFiles(machine: { platform: NodeJS.Platform; list: (folder: string) => string[] }): string[] {
  return machine
    .list(DEVICES)
    .filter((name) => isUsbName(name, machine.platform))
    .sort()
    .map((name) => `${DEVICES}/${name}`);
}

/** Debian, Fedora and SUSE name the group that may open serial ports dialout, Arch uucp. */
export const SERIAL_GROUPS = ['dialout', 'uucp'];

/** What to do where the rights are missing, on Linux. */
export function joinGroup(group: string): string {
  return `run \`sudo usermod -aG ${group} $USER\`, then log out and in again`;
}
