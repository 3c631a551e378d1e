import { afterEach, describe, expect, it } from 'vitest';
import { XsMachine } from '../../../host-sim/xs/machine.ts';
import { openSession } from '../../../host-sim/xs/session.ts';
import { xsWorkerPath } from '../../../host-sim/xs/worker-path.ts';
import { PROGRAMS } from './built.ts';

let machine: XsMachine | null = null;

function start(): XsMachine {
  machine = new XsMachine();
  return machine;
}

afterEach(() => {
  machine?.close();
  machine = null;
});

describe('a machine', () => {
  it('evaluates', () => {
    const xs = start();
    expect(xs.evaluate('[6 * 7, "ä", null]')).toEqual([42, 'ä', null]);
    expect(xs.evaluate('undefined')).toBeUndefined();
  });

  it('is XS, not Node.js', () => {
    expect(start().evaluate('[typeof process, typeof console, typeof Intl, typeof harden]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
      'function',
    ]);
  });

  it('hands bytes over and back, more than a pipe holds', () => {
    const xs = start();
    const echo = xs.put('echo.mjs', 'globalThis.handleCommand = (bytes) => bytes;');
    xs.importModule(echo);
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) & 0xff);
    const answer = xs.command(bytes);
    expect(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).equals(bytes)).toBe(true);
    expect(xs.command(new Uint8Array(0)).byteLength).toBe(0);
  });

  it('counts steps and slots', () => {
    const xs = start();
    const countTo = (rounds: number): number => {
      xs.evaluate(`(() => { let sum = 0; for (let i = 0; i < ${rounds}; i++) sum += i; return sum; })()`);
      return xs.usage().steps;
    };
    const each = (countTo(2000) - countTo(1000)) / 1000;
    expect(each).toBeGreaterThan(5);
    expect(each).toBeLessThan(30);
    expect(xs.usage().slots).toBeGreaterThan(1000);
  });

  it('tells what was thrown, and goes on', () => {
    const xs = start();
    expect(() => xs.evaluate('missing + 1')).toThrow('missing');
    expect(xs.evaluate('1 + 1')).toBe(2);
  });

  it('says so when its process ends', () => {
    expect(() => start().evaluate('(function again() { return 1 + again(); })()')).toThrow(
      'the XS engine ended without an answer',
    );
  });
});

describe('a session', () => {
  it('refuses a bundle that is no module', () => {
    expect(() => openSession('export function (', 'driver.mjs', PROGRAMS)).toThrow('could not load the bundle');
  });

  it('says what to build when its program is missing', () => {
    expect(() => openSession('', 'nothing.mjs', PROGRAMS)).toThrow('npm run build');
  });
});

describe('where the engine lies', () => {
  it('says what to do where there is none', () => {
    expect(() => xsWorkerPath('win32')).toThrow('use --engine node');
    expect(() => xsWorkerPath('linux', null)).toThrow('npm ci --include=dev');
    expect(() => xsWorkerPath('linux', PROGRAMS)).toThrow('npm rebuild @agoric/xsnap');
  });
});
