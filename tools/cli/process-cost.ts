/** What a process costs, as Linux counts it (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time for users in hundredths of a second, whatever the kernel's own clock. */
const TICKS_PER_S = 100;

export interface Cost {
  at_ms: number;
  cpu_s: number;
  resident_kb: number;
  /** Open files and sockets. */
  handles: number;
}

export function costOf(pid: number): Cost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold anything: fields are counted behind it. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    at_ms: performance.now(),
    cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    resident_kb: Number(resident?.[1] ?? NaN),
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Share of one processor between two readings, in %. */
export function cpuShare_pct(before: Cost, after: Cost): number {
  return (100_000 * (after.cpu_s - before.cpu_s)) / (after.at_ms - before.at_ms);
}
