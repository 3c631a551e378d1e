/** What seals on the device comes from the SDK: the manifest brings it, and the bundles ask for it by its name there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from '../../../../tools/build/imports.ts';
import { projectRoot } from '../../../../tools/cli/project-root.ts';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');

describe('the SDK', () => {
  it('brings its crypt along, on every platform', () => {
    const { include } = JSON.parse(read('manifest.json')) as { include: string[] };
    expect(include).toContain('$(MODDABLE)/modules/crypt/digest/manifest.json');
  });

  it.each(['esp32', 'lin'])('is asked for it on %s', (platform) => {
    expect(importsOf(read(`build/firmware/hardware-${platform}.mjs`))).toContain('crypt');
  });
});
