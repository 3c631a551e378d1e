/** What the SDK would only tell when it builds: the manifests, the bundles and the C agree with each other. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../../../tools/build/imports.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';

const ROOT = projectRoot();
const MANIFESTS = ['manifest.json', 'firmware/device/esp32/manifest.json'];

interface Manifest {
  include?: string | string[];
  modules?: Record<string, string | string[]>;
  preload?: string[];
  creation?: { static: number; stack: number; heap: { initial: number }; chunk: { initial: number } };
  platforms?: Record<string, Manifest>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const manifest = (path: string): Manifest => JSON.parse(read(path)) as Manifest;

/** The manifest and those of its platforms. */
function parts(path: string): Manifest[] {
  const whole = manifest(path);
  return [whole, ...Object.values(whole.platforms ?? {})];
}

/** Own files that a manifest names. */
function ownFiles(path: string): string[] {
  const named = parts(path).flatMap(({ include, modules }) => [include ?? [], ...Object.values(modules ?? {})].flat());
  return named.filter((file) => file.startsWith('.')).map((file) => join(dirname(path), file));
}

describe('the manifests', () => {
  it.each(MANIFESTS)('%s names files that are there', (path) => {
    expect(ownFiles(path).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('set the memory apart within the pool of the smallest chip', () => {
    const { creation } = manifest('manifest.json');
    if (creation === undefined) throw new Error('manifest.json has no creation');
    expect(creation.static).toBe(94_208);
    expect(16 * (creation.stack + creation.heap.initial) + creation.chunk.initial).toBeLessThan(creation.static);
  });

  it('preload what runs on the chips, so that it stays in flash', () => {
    expect(manifest('firmware/device/esp32/manifest.json').preload).toEqual(['main', 'lvs/node', 'lvs/hardware']);
  });
});

describe('the bundles', () => {
  it('run the very node that the simulator runs', () => {
    expect(read('build/firmware/device/node.mjs')).toBe(read('build/firmware/node.mjs'));
    expect(importsOf(read('build/firmware/node.mjs'))).toEqual([]);
  });

  it('leave the node, the hardware and the SDK outside', () => {
    expect(importsOf(read('build/firmware/main.mjs')).sort()).toEqual(['lvs/hardware', 'lvs/node', 'mc/config']);
    expect(importsOf(read('build/firmware/hardware-lin.mjs'))).not.toContain('wifi');
    expect(importsOf(read('build/firmware/hardware-esp32.mjs'))).toContain('embedded:io/socket/udp');
  });

  it('do not lead the SDK to maps that it cannot read', () => {
    for (const name of ['main', 'hardware-esp32', 'hardware-lin']) {
      expect(read(`build/firmware/${name}.mjs`)).not.toContain('sourceMappingURL');
      expect(existsSync(join(ROOT, `build/firmware/${name}.mjs.map`))).toBe(true);
    }
    expect(existsSync(join(ROOT, 'build/firmware/device/node.mjs.map'))).toBe(false);
  });
});

describe('the C', () => {
  it.each(['esp32', 'lin'])('has each function that the TypeScript of %s asks for, and no other', (platform) => {
    const folder = `firmware/device/${platform}`;
    const asked = [...read(`${folder}/native.ts`).matchAll(/native\('(\w+)'\)/g)].map((match) => match[1]);
    const there = [...read(`${folder}/lvs-native.c`).matchAll(/^void (xs_lvs_\w+)\(/gm)].map((match) => match[1]);
    expect(there.sort()).toEqual(asked.sort());
  });
});
