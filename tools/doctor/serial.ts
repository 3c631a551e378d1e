/** Serial ports: which there are, and whether the user may open them. */
import { joinGroup, SERIAL_GROUPS, usbDeviceFiles as portsOf } from '../serial/device-files.ts';
import type { Finding, Machine } from './finding.ts';
import { ok } from './finding.ts';

export { portsOf };

export function lookAtPorts(machine: Machine): Finding {
  const { platform } = machine;
  if (platform === 'win32') return ok('ports', 'flashing', 'look into the device manager, under Ports (COM & LPT)');
  const ports = portsOf(machine);
  if (ports.length > 0) return ok('ports', 'flashing', ports.join(', '));
  const mend =
    'plug a board in with a cable that carries data; a board with its own USB port may need its BOOT button (`npm run boards`)';
  return { name: 'ports', state: 'missing', found: 'no board is plugged in', mend, needed_for: 'flashing' };
}

/** On Linux ports belong to a group; elsewhere anyone may open them. */
export async function lookAtRights(machine: Machine): Promise<Finding> {
  const { platform, isRoot, mayUse, firstLine } = machine;
  if (platform !== 'linux') return ok('serial rights', 'flashing', 'everyone may open ports here');
  if (isRoot) return ok('serial rights', 'flashing', 'root may open any port');
  const denied = portsOf(machine).filter((port) => !mayUse(port));
  const groups = (await firstLine('id', ['-nG'])).split(' ');
  const mine = SERIAL_GROUPS.find((name) => groups.includes(name));
  if (denied.length === 0 && mine !== undefined) return ok('serial rights', 'flashing', `you are in the group ${mine}`);
  if (denied.length === 0 && portsOf(machine).length > 0)
    return ok('serial rights', 'flashing', 'the ports that there are may be opened');
  const group =
    (await firstLine('getent', ['group', 'uucp'])) !== '' && machine.list('/etc').includes('arch-release')
      ? 'uucp'
      : 'dialout';
  const found = denied.length > 0 ? `you may not open ${denied.join(', ')}` : `you are not in the group ${group}`;
  const mend = joinGroup(group);
  return { name: 'serial rights', state: 'wrong', found, mend, needed_for: 'flashing' };
}
