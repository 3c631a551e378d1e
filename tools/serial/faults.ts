/** Why a port does not open, in words: who holds it, which right is missing, which ports there are instead. */
import { Failure } from '../cli/errors.ts';
import { joinGroup, SERIAL_GROUPS } from './device-files.ts';
import { EXIT_NO_PORT, EXIT_PORT_BUSY, EXIT_PORT_DENIED } from './exit-codes.ts';
import { holdersOf, holdersText } from './holders.ts';
import type { SerialMachine } from './machine.ts';
import type { PortList } from './ports.ts';
import { portText } from './ports.ts';
import { DRIVERS } from './vendors.ts';

/** What bindings-cpp says, on Linux, macOS and Windows: it gives words and no codes. */
const BUSY = /lock port|resource busy|resource temporarily unavailable|device or resource busy/i;
const DENIED = /permission denied|access denied|operation not permitted/i;
const MISSING = /no such file|file not found|no such device|does not exist/i;
const NO_SERIAL = /inappropriate ioctl/i;

function busyLine(path: string, machine: SerialMachine): string {
  const { platform } = machine;
  if (platform === 'win32') {
    return `${path} is busy: another program has it open, and Windows does not say which; close serial monitors and editors' serial consoles, then try again`;
  }
  const holders = holdersText(holdersOf(path, machine));
  if (holders !== '') return `${path} is busy: ${holders} has it open; close that program, then try again`;
  const ask = platform === 'linux' ? `sudo lsof ${path}` : `lsof ${path}`;
  return `${path} is busy: another program has it open; \`${ask}\` names it. Close it, then try again`;
}

/** The line of /etc/group for a number: its name, and whether this user is in it. */
function groupNamed(gid: number, machine: SerialMachine): { name: string; member: boolean } {
  for (const line of machine.readText('/etc/group').split('\n')) {
    const [name, , number, members = ''] = line.split(':');
    if (number !== '' && Number(number) === gid) return { name, member: members.split(',').includes(machine.user) };
  }
  return { name: '', member: false };
}

function deniedLine(path: string, machine: SerialMachine): string {
  if (machine.platform !== 'linux') {
    return `you may not open ${path}: the system says permission denied; look who owns it with \`ls -l ${path}\``;
  }
  const gid = machine.groupOf(path);
  const { name, member } = groupNamed(gid, machine);
  if (member && !machine.groups.includes(gid)) {
    return `you may not open ${path} yet: you were added to the group ${name} after you logged in; log out and in again`;
  }
  // A port that belongs to root alone: a rule of udev is missing, and the usual group is the way in once it is there.
  const group = name === '' || gid === 0 ? SERIAL_GROUPS[0] : name;
  return `you may not open ${path}: it belongs to the group ${group}, and you are not in it; ${joinGroup(group)}`;
}

export function portNames({ ports }: PortList): string {
  const likely = ports.filter((port) => port.likely);
  return likely.map(portText).join(', ');
}

/** For a port that was named and is not there. */
export function missingPort(path: string, list: PortList): Failure {
  const names = portNames(list);
  const hint =
    names === ''
      ? 'and no other that could be a board; plug it in with a cable that carries data'
      : `there are ${names}`;
  return new Failure(`there is no port ${path}; ${hint}`, EXIT_NO_PORT);
}

/** For a computer at which nothing looks like a board. */
export function noPort({ ports }: PortList, machine: SerialMachine): Failure {
  const others = ports.map(({ path }) => path);
  const driver =
    machine.platform === 'linux'
      ? 'Linux brings the drivers; `sudo dmesg` says what happened when it was plugged in'
      : `a bridge may need its driver (${DRIVERS})`;
  const named = others.length === 0 ? '' : ` If it is one of ${others.join(', ')}, name it with --port.`;
  return new Failure(
    `no board is plugged in: use a cable that carries data, not one for charging alone; ${driver}.${named}`,
    EXIT_NO_PORT,
  );
}

/** The error that opening gave, as one that says what to do. */
export function openFailure(error: unknown, path: string, list: PortList, machine: SerialMachine): Failure {
  const text = (error instanceof Error ? error.message : String(error)).replace(/^Error:?\s*/, '');
  if (BUSY.test(text)) return new Failure(busyLine(path, machine), EXIT_PORT_BUSY);
  // Windows says the same for a port that another program holds, and its ports have no owners.
  if (DENIED.test(text) && machine.platform === 'win32') return new Failure(busyLine(path, machine), EXIT_PORT_BUSY);
  if (DENIED.test(text)) return new Failure(deniedLine(path, machine), EXIT_PORT_DENIED);
  if (MISSING.test(text)) return missingPort(path, list);
  if (NO_SERIAL.test(text)) return new Failure(`${path} is no serial port; name one with --port`, EXIT_NO_PORT);
  return new Failure(`${path} does not open: ${text}; unplug the board, plug it in again, and try again`, EXIT_NO_PORT);
}
