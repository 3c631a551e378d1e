/** A stack that the real bundle throws under the real XS engine, and what the monitor makes of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrameEvent } from '../../../tools/monitor/events.ts';
import { readBuild } from '../../../tools/monitor/frames/bundles.ts';
import { parseFrame } from '../../../tools/monitor/frames/parse.ts';
import { Translator } from '../../../tools/monitor/frames/translate.ts';
import { monitorText, ROOT } from './around.ts';
import { stacksUnderNode, stacksUnderXs } from './engines.ts';
import type { Stacks } from './throwing.ts';

const FOLDER = join(ROOT, 'build/firmware');
const MAP = readFileSync(join(FOLDER, 'node.mjs.map'), 'utf8');

const translator = new Translator(readBuild(FOLDER));

/** `firmware/runtime/cycle.ts:88 runCycle` for each frame of the bundle, innermost first. */
function translated(stack: string): string[] {
  return stack
    .split('\n')
    .map((line) => parseFrame(line))
    .filter((frame) => frame !== null)
    .map((frame) => translator.frame(frame, ''))
    .filter(({ known }) => known === 'line')
    .map(({ file, line, function: name }: FrameEvent) => `${file}:${line} ${name}`);
}

/** The same from V8's stack, whose columns are exact, by the library alone. */
function expected(stack: string): string[] {
  const map = new TraceMap(MAP);
  const places: string[] = [];
  for (const [, name, line, column] of stack.matchAll(
    /at (?:Object\.|Module\.|new )?(\S+) \(file:.*?node\.mjs:(\d+):(\d+)\)/g,
  )) {
    const found = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    places.push(`${(found.source ?? '').replace('../../', '')}:${found.line ?? 0} ${name.replace(/\$\d+$/, '')}`);
  }
  return places;
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const one of whole) if (one === part[at]) at++;
  return at === part.length;
}

let underXs: Stacks = {};
let underNode: Stacks = {};

beforeAll(() => {
  underXs = stacksUnderXs();
  underNode = stacksUnderNode();
});

describe('a stack of the bundle under XS', () => {
  it('is thrown at the same calls as under Node.js, from many places of the cycle', () => {
    expect(Object.keys(underXs)).toEqual(Object.keys(underNode));
    expect(Object.keys(underXs).length).toBeGreaterThan(30);
    const files = new Set(
      Object.values(underXs)
        .flatMap(translated)
        .map((place) => place.split(':')[0]),
    );
    expect(files.size).toBeGreaterThan(8);
  });

  it('has the file, line and function that Node.js and the map say, frame by frame', () => {
    // XS leaves no frame for a call whose result is returned as it is, so its stacks are a part of Node.js's.
    for (const [call, stack] of Object.entries(underXs)) {
      const [ours, theirs] = [translated(stack), expected(underNode[call])];
      expect(ours.length, call).toBeGreaterThan(0);
      expect(isWithin(ours, theirs), `${call}:\n${ours.join('\n')}\nis not within\n${theirs.join('\n')}`).toBe(true);
    }
  });

  it('is shown by the monitor with its places, the line of the TypeScript among them', async () => {
    const { out, err } = await monitorText(underXs['sensor 5']);
    const source = readFileSync(join(ROOT, 'firmware/runtime/cycle.ts'), 'utf8').split('\n');
    const [, line] = /at readSensors \(firmware\/runtime\/cycle\.ts:(\d+):\d+\)/.exec(out) ?? [];
    expect(source[Number(line) - 1]).toContain('sensors.read(');
    expect(out).toMatch(/at runCycle \(firmware\/runtime\/cycle\.ts:\d+:\d+\)/);
    expect(out).toMatch(/at wake \(firmware\/runtime\/lifecycle\.ts:\d+:\d+\)/);
    expect(out).toContain('TypeError: the port is broken');
    expect(err).toMatch(/places are by the source map in build\/firmware \(bundle [0-9a-f]{12}, built /);
  });

  it('names the right files even where XS has read the map, and calls every file by the name of the first', () => {
    const map = JSON.parse(MAP) as { sources: string[] };
    map.sources[0] = 'first.ts';
    const misplaced = stacksUnderXs(JSON.stringify(map), 'first.ts');
    expect(misplaced['sensor 5']).toContain('/first.ts:');
    for (const [call, stack] of Object.entries(misplaced)) {
      expect(isWithin(translated(stack), expected(underNode[call])), `${call}:\n${stack}`).toBe(true);
    }
    expect(translated(misplaced['sensor 5'])[0]).toMatch(/^firmware\/runtime\/cycle\.ts:\d+ readSensors$/);
  });

  it('is known again where the bundle goes by another name', () => {
    const renamed = new Translator(readBuild(FOLDER));
    const frames = underXs['sensor 5'].replaceAll(/[^\s(]+node\.mjs/g, 'lvs/node').split('\n');
    const places = frames
      .map((line) => parseFrame(line))
      .filter((frame) => frame !== null)
      .map((frame) => renamed.frame(frame, ''))
      .filter(({ known }) => known === 'line')
      .map(({ file, line, function: name }) => `${file}:${line} ${name}`);
    expect(places).toEqual(translated(underXs['sensor 5']));
  });

  it('has the places of its functions where a release build knows no lines, and says so once', async () => {
    const released = underXs['sensor 5'].replaceAll(/\(.*\)/g, '()');
    const frames = released
      .split('\n')
      .map((line) => parseFrame(line))
      .filter((frame) => frame !== null)
      .map((frame) => translator.frame(frame, ''));
    expect(frames.find(({ function: name }) => name === 'readSensors')).toMatchObject({
      file: 'firmware/runtime/cycle.ts',
      known: 'function',
    });
    const { out, err } = await monitorText(released);
    expect(out).toMatch(/at readSensors \(firmware\/runtime\/cycle\.ts:\d+:\d+\) its beginning\n/);
    expect(err.match(/this build knows no lines/g)).toHaveLength(1);
    expect(frames.find(({ function: name }) => name === 'breakPort')).toMatchObject({ known: 'none' });
  });
});
