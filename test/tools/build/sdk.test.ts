import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findIdf } from '../../../tools/build/idf.ts';
import { findSdk, hostName } from '../../../tools/build/sdk.ts';
import { sameMinor } from '../../../tools/build/versions.ts';
import { fakeIdf, fakeSdk } from '../fake-sdk.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lvs-sdk-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SETUP = 'run `npm run setup -- --board m5atom`, which installs 8.2.3, and open a new terminal';

describe('findSdk', () => {
  it('finds the right one', () => {
    const path = fakeSdk(folder);
    expect(findSdk({ MODDABLE: path }, 'm5atom')).toEqual({
      path,
      version: '8.2.3',
      bin: join(path, 'build', 'bin', hostName(), 'release'),
      idf_wanted: 'v6.0',
    });
  });

  it('says that it is missing, and what to run', () => {
    expect(() => findSdk({}, 'm5atom')).toThrow(`the Moddable SDK is missing: MODDABLE is not set; ${SETUP}`);
    expect(() => findSdk({ MODDABLE: folder }, 'm5atom')).toThrow(
      `MODDABLE is ${folder}, and there is no Moddable SDK; ${SETUP}`,
    );
    expect(() => findSdk({}, '')).toThrow('run `npm run setup`, which installs');
  });

  it('says which version it is and which is wanted', () => {
    const MODDABLE = fakeSdk(folder, { version: '7.4.0' });
    expect(() => findSdk({ MODDABLE }, 'm5atom')).toThrow(
      `the Moddable SDK in MODDABLE is version 7.4.0, and this project builds with 8.2.3; ${SETUP}`,
    );
  });

  it('says which of its tools are not built', () => {
    const MODDABLE = fakeSdk(folder, { tools: false });
    expect(() => findSdk({ MODDABLE }, 'm5atom')).toThrow('lacks its built tools (mcconfig, xsc, xsid, xsl, mcrez in ');
  });
});

describe('findIdf', () => {
  const find = (env: Record<string, string>): unknown =>
    findIdf(env, findSdk({ MODDABLE: fakeSdk(folder) }, ''), 'm5atom');

  it('finds the right one', () => {
    const IDF_PATH = fakeIdf(folder);
    expect(find({ IDF_PATH })).toEqual({ path: IDF_PATH, version: 'v6.0.1' });
  });

  it('says that it is missing or another version, and what to run', () => {
    expect(() => find({})).toThrow(
      /^ESP-IDF is missing: IDF_PATH is not set; run `npm run setup -- --board m5atom`, .* --link-only$/,
    );
    expect(() => find({ IDF_PATH: folder })).toThrow(`IDF_PATH is ${folder}, and there is no ESP-IDF; run`);
    expect(() => find({ IDF_PATH: fakeIdf(folder, [5, 1]) })).toThrow(
      'the ESP-IDF in IDF_PATH is v5.1.1, and the Moddable SDK 8.2.3 wants v6.0; run',
    );
  });
});

describe('sameMinor', () => {
  it('compares major and minor', () => {
    expect([
      sameMinor('8.2.3', '8.2.0'),
      sameMinor('v6.0', 'v6.0.2'),
      sameMinor('8.3.0', '8.2.3'),
      sameMinor('unknown', '8.2.3'),
    ]).toEqual([true, true, false, false]);
  });
});
