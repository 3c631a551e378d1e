/** What a node costs its computer in a swarm of the usual size. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { grouped, percent, short } from '../../../tools/cli/numbers.ts';
import { sleep, startMembers } from './members.ts';
import { costOf, cpuShare_pct } from '../../../tools/cli/process-cost.ts';
import type { Rows } from './rows.ts';

async function bareResident_kb(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
  await sleep(1500);
  const { resident_kb } = costOf(child.pid ?? -1);
  child.kill('SIGKILL');
  return resident_kb;
}

/** A cycle a second, 32 peers, 16 keys. */
export async function* cost(): Rows {
  const bare_kb = await bareResident_kb();
  const members = await startMembers({ members: 32, keys: 16, cycle_ms: 1000 });
  await sleep(15_000);
  const before = costOf(members.node.pid);
  await sleep(60_000);
  const after = costOf(members.node.pid);
  const status = members.status();
  await members.end();
  const part = 'cost';
  yield { part, what: 'peers heard, 16 keys', figure: String(status?.heard ?? 0), asked: '32' };
  yield { part, what: 'share of a processor', figure: percent(cpuShare_pct(before, after)), asked: 'below 5 %' };
  const above_mb = (after.resident_kb - bare_kb) / 1024;
  yield { part, what: 'resident memory above bare Node.js', figure: `${short(above_mb)} MB`, asked: '' };
  const sent = grouped(status?.sent_bytes_per_minute ?? 0);
  yield { part, what: 'bytes a minute sent', figure: sent, asked: 'below 50 KB' };
  yield { part, what: 'bytes a minute received', figure: grouped(status?.received_bytes_per_minute ?? 0), asked: '' };
}
