/** Logs as boards print them, each with what the monitor has to make of it in its first lines: `## id | part of the title`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ExplanationEvent } from '../../../tools/monitor/events.ts';
import { PATTERNS } from '../../../tools/monitor/explain/explainer.ts';
import { monitorEvents, monitorText } from './around.ts';

const LOGS = fileURLToPath(new URL('./logs/', import.meta.url));
const NAMES = readdirSync(LOGS).map((name) => name.replace(/\.log$/, ''));

function readLog(name: string): { expected: (readonly [string, string])[]; log: string } {
  const lines = readFileSync(`${LOGS}${name}.log`, 'utf8').split('\n');
  const heads = lines.filter((line) => line.startsWith('## '));
  const expected = heads.map((line) => line.slice(3).split(' | ') as [string, string]);
  return { expected, log: lines.slice(heads.length).join('\n') };
}

async function explanationsOf(log: string, argv: readonly string[] = []): Promise<ExplanationEvent[]> {
  const events = await monitorEvents(log, argv);
  return events.filter(({ type }) => type === 'explanation') as unknown as ExplanationEvent[];
}

describe('a log', () => {
  it.each(NAMES)('%s is explained', async (name) => {
    const { expected, log } = readLog(name);
    const explanations = await explanationsOf(log);
    expect(explanations.map(({ id }) => id)).toEqual(expected.map(([id]) => id));
    explanations.forEach(({ title, cause, next }, index) => {
      expect(title).toContain(expected[index][1]);
      expect(cause).not.toBe('');
      expect(next.length).toBeGreaterThan(0);
    });
  });

  it('is held against every pattern that there is', () => {
    const provoked = new Set(NAMES.flatMap((name) => readLog(name).expected.map(([id]) => id)));
    expect(PATTERNS.map(({ id }) => id).filter((id) => !provoked.has(id))).toEqual([]);
  });
});

describe('an explanation', () => {
  it('of a full memory names the setting of the manifest and how much there is', async () => {
    const [{ cause, next }] = await explanationsOf('XS abort: memory full\n');
    expect(cause).toContain('`creation.static` in manifest.json, 94,208 bytes');
    expect(next[0]).toContain('raise `creation.static` in manifest.json to 102,400');
  });

  it('of an overflow names the stack that ran over, and its setting', async () => {
    const [js] = await explanationsOf('stack overflow (-12)!\n');
    expect(js.cause).toContain(
      '`creation.stack` in manifest.json allows, 384 slots (6,144 bytes). It was 12 slots short',
    );
    const [native] = await explanationsOf('XS abort: native stack overflow\n');
    expect(native.next[0]).toContain('set `creation.nativeStack` in manifest.json to 12,288');
  });

  it('gives commands for the board that the log names', async () => {
    const settings =
      'lvs I settings board=esp32-c3-devkitm swarm=lvs keys=a cycle_ms=1000 sleep=light port=1 to=peers\n';
    const [{ next }] = await explanationsOf(`${settings}invalid header: 0xffffffff\n`);
    expect(next[0]).toContain('npm run flash -- --board esp32-c3-devkitm');
    const [download] = await explanationsOf(`${settings}waiting for download\n`);
    expect(download.next.join(' ')).toContain('of this board:');
  });

  it('of a panic gives the addresses to the program of the right instruction set', async () => {
    const dump = 'Backtrace: 0x400e14ed:0x3ffb5030 0x400d0802:0x3ffb5050\n';
    const [xtensa] = await explanationsOf(`ESP-ROM:esp32s3-20210327\n${dump}`);
    expect(xtensa.next[0]).toMatch(/xtensa-esp32s3-elf-addr2line .* 0x400e14ed 0x400d0802/);
    const [riscv] = await explanationsOf(`ESP-ROM:esp32c3-api1-20210207\n${dump}`);
    expect(riscv.next[0]).toContain('riscv32-esp-elf-addr2line');
  });

  it('is spelt out once, then only counted', async () => {
    const again = 'lvs W network-failed reason="not connected" retry_ms=903\n'.repeat(9);
    expect((await explanationsOf(again)).map(({ times }) => times)).toEqual([1, 2, 4, 8]);
    const { out } = await monitorText(again);
    expect(out.match(/wifi_ssid is not its name/g)).toHaveLength(1);
    expect(out).toContain('(the 2nd time; explained above)');
  });

  it('never interrupts what it does not know', async () => {
    expect(await explanationsOf('hello\nI (123) main_task: Started on CPU0\nlvs I unheard-of x=1\n')).toEqual([]);
  });
});
