/** Who has a serial port open, on Linux: the links under /proc say it. */
import type { SerialMachine } from './machine.ts';

export interface Holder {
  pid: number;
  /** The program's name, as `ps` shows it. */
  name: string;
}

/** Other processes that have the port open, as far as this user may see; none on other systems. */
export function holdersOf(path: string, machine: SerialMachine): Holder[] {
  if (machine.platform !== 'linux') return [];
  const real = machine.realPath(path);
  const pids = machine.list('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== machine.pid);
  return pids
    .filter((pid) => machine.list(`/proc/${pid}/fd`).some((fd) => machine.readLink(`/proc/${pid}/fd/${fd}`) === real))
    .map((pid) => ({ pid: Number(pid), name: machine.readText(`/proc/${pid}/comm`).trim() }));
}

/** `screen (process 4711)`, joined where there are several; '' for none. */
export function holdersText(holders: readonly Holder[]): string {
  return holders.map(({ pid, name }) => `${name === '' ? 'a program' : name} (process ${pid})`).join(' and ');
}
