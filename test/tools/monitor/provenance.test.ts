/** Whether the source map is that of the program that runs, as far as anybody can tell. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monitorMain } from '../../../tools/monitor/main.ts';
import { EMPTY_MACHINE, Keyboard, keepMonitor, ROOT } from './around.ts';
import { CYCLE_LINE } from './cycle-line.ts';

const PROJECT = mkdtempSync(join(tmpdir(), 'lvs-monitor-root-'));
const LOG = join(PROJECT, 'board.log');

beforeAll(() => {
  symlinkSync(join(ROOT, 'boards'), join(PROJECT, 'boards'));
  mkdirSync(join(PROJECT, 'build/m5atom'), { recursive: true });
  cpSync(join(ROOT, 'build/firmware'), join(PROJECT, 'build/firmware'), { recursive: true });
});

afterAll(() => rmSync(PROJECT, { recursive: true }));

async function read(log: string, ...argv: string[]): Promise<{ out: string; err: string }> {
  writeFileSync(LOG, log);
  const around = keepMonitor(new Keyboard());
  const ports = { binding: () => Promise.reject(new Error('no port is to be opened')), machine: EMPTY_MACHINE };
  await monitorMain(['--input', LOG, ...argv], around, PROJECT, ports);
  return { out: around.out(), err: around.err() };
}

function report(sha256: string): void {
  const bundles = [{ file: 'node.mjs', bytes: 1, sha256 }];
  writeFileSync(join(PROJECT, 'build/m5atom/report.json'), JSON.stringify({ bundles, node: { bytes: 21_000 } }));
}

const FRAME = ` at runCycle (/x/node.mjs:${CYCLE_LINE})\n`;

describe('places in the TypeScript', () => {
  it('are warned of when the image of the board was built from another bundle', async () => {
    report('0'.repeat(64));
    expect((await read(FRAME, '--board', 'm5atom')).err).toContain(
      'the image for m5atom was built from another bundle (000000000000): lines may be off',
    );
    // The log names the board itself.
    expect((await read(`lvs I settings board=m5atom keys=a\n${FRAME}`)).err).toContain('built from another bundle');
  });

  it('are not when it is the same', async () => {
    const bundle = readFileSync(join(PROJECT, 'build/firmware/node.mjs'));
    const sha256 = createHash('sha256').update(bundle).digest('hex');
    report(sha256);
    const { err } = await read(FRAME, '--board', 'm5atom');
    expect(err).toContain(`places are by the source map in build/firmware (bundle ${sha256.slice(0, 12)}, built `);
    expect(err).not.toContain('another bundle');
  });

  it('are warned of when the device says that it runs another bundle', async () => {
    const boot = 'lvs I boot hardware=esp32 reset=power-on bundle=0123456789ab\n';
    expect((await read(`${boot}${FRAME}`)).err).toContain('the device runs another bundle (0123456789ab)');
  });

  it('are not when the device runs this one, whatever was built for the board since', async () => {
    const bundle = readFileSync(join(PROJECT, 'build/firmware/node.mjs'));
    const digits = createHash('sha256').update(bundle).digest('hex').slice(0, 12);
    report('0'.repeat(64));
    const { err } = await read(`lvs I boot reset=power-on bundle=${digits}\n${FRAME}`, '--board', 'm5atom');
    expect(err).not.toContain('another bundle');
  });

  it('are warned of when the source was edited since', async () => {
    mkdirSync(join(PROJECT, 'firmware/runtime'), { recursive: true });
    writeFileSync(join(PROJECT, 'firmware/runtime/cycle.ts'), '// something else');
    const { err } = await read(FRAME.repeat(3));
    expect(err.match(/firmware\/runtime\/cycle\.ts was edited after the build/g)).toHaveLength(1);
    rmSync(join(PROJECT, 'firmware'), { recursive: true });
  });

  it('go on being found where one map is broken, and that is said', async () => {
    const map = join(PROJECT, 'build/firmware/main.mjs.map');
    writeFileSync(map, '{"version":3,');
    const { out, err } = await read(FRAME);
    expect(out).toContain('at runCycle (firmware/runtime/cycle.ts:');
    expect(err).toContain('main.mjs.map is no source map');
    cpSync(join(ROOT, 'build/firmware/main.mjs.map'), map);
  });

  it('stay as they came where there is no map, and that is said', async () => {
    rmSync(join(PROJECT, 'build/firmware'), { recursive: true });
    const { out, err } = await read(FRAME);
    expect(out).toContain(`at runCycle (/x/node.mjs:${CYCLE_LINE})`);
    expect(err).toContain('build/firmware has no source map, so frames are shown as they came; run `npm run build`');
    cpSync(join(ROOT, 'build/firmware'), join(PROJECT, 'build/firmware'), { recursive: true });
  });
});

describe('the figures of the build', () => {
  it('stand in explanations: what the tables of the node take', async () => {
    report('');
    const { out } = await read('XS abort: memory full\n', '--board', 'm5atom');
    expect(out).toContain("The node's tables take 21,000 of them");
    expect(out).toContain('`npm run build -- --board m5atom`');
  });
});
