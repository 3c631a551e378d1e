import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostName } from '../../../tools/build/sdk.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { needsOf, setupMain } from '../../../tools/setup/main.ts';
import { installFolder, planSetup } from '../../../tools/setup/plan.ts';
import { keepSurroundings } from '../around.ts';
import { fakeIdf, fakeSdk } from '../fake-sdk.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lvs-setup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('needsOf', () => {
  it('is all of it on a bare computer, and the SDK alone without a board', () => {
    expect(needsOf({}, 'm5atom')).toEqual({ sdk: true, idf: true, idf_version: 'v6.0' });
    expect(needsOf({}, '')).toEqual({ sdk: true, idf: false, idf_version: 'v6.0' });
  });

  it('is what is missing', () => {
    const MODDABLE = fakeSdk(folder);
    expect(needsOf({ MODDABLE }, 'm5atom')).toEqual({ sdk: false, idf: true, idf_version: 'v6.0' });
    expect(needsOf({ MODDABLE, IDF_PATH: fakeIdf(folder) }, 'm5atom')).toMatchObject({ sdk: false, idf: false });
  });
});

describe('planSetup', () => {
  const plan = (sdk: boolean, idf: boolean, platform: NodeJS.Platform = 'linux'): string[] =>
    planSetup({
      needs: { sdk, idf, idf_version: 'v6.0' },
      sdk_version: '8.2.3',
      env: { HOME: '/home/me', USERPROFILE: '/users/me' },
      platform,
    }).map(({ command, args }) => [command, ...args].join(' '));

  it('pins every version, and has the right ESP-IDF there before xs-dev clones another', () => {
    expect(plan(true, true)).toEqual([
      'npx --no-install xs-dev setup --target-branch 8.2.3',
      'git clone --depth 1 --recursive --shallow-submodules --branch v6.0 https://github.com/espressif/esp-idf.git /home/me/.local/share/esp32/esp-idf',
      'npx --no-install xs-dev setup --device esp32',
    ]);
    expect(plan(false, true, 'win32')[0]).toContain(join('/users/me', 'xs-dev', 'esp32', 'esp-idf'));
  });

  it('is empty where nothing is missing', () => {
    expect(plan(false, false)).toEqual([]);
  });

  it('never asks xs-dev for help: it would start installing', () => {
    expect(plan(true, true).join('\n')).not.toContain('--help');
  });
});

describe('npm run setup', () => {
  it('says what it would do, and does nothing with --dry-run', async () => {
    const around = keepSurroundings({ HOME: folder });
    expect(await setupMain(['--board', 'm5atom', '--dry-run'], around, projectRoot())).toBe(0);
    expect(around.out()).toContain('npx --no-install xs-dev ');
    expect(around.out()).toContain('it asks for your password');
  });

  it('says that everything is there', async () => {
    const around = keepSurroundings({ MODDABLE: fakeSdk(folder), IDF_PATH: fakeIdf(folder) });
    expect(await setupMain(['--board', 'm5atom'], around, projectRoot())).toBe(0);
    expect(around.err()).toBe('setup: everything is there already\n');
  });

  it('installs nothing unasked', async () => {
    const around = keepSurroundings({ HOME: folder });
    await expect(setupMain(['--no-input'], around, projectRoot())).rejects.toThrow(UsageError);
  });

  it('leaves alone what is in the way', async () => {
    const MODDABLE = fakeSdk(folder, { version: '7.0.0' });
    const around = keepSurroundings({ HOME: folder, MODDABLE });
    await expect(setupMain(['--yes'], around, projectRoot())).rejects.toThrow(
      `${MODDABLE} is there already and is not the SDK 8.2.3; move it away`,
    );
  });

  it('tells the SDK that it wants from another one', async () => {
    const MODDABLE = fakeSdk(folder, { tools: false });
    const unbuilt = keepSurroundings({ HOME: folder, MODDABLE });
    const makefiles = join(MODDABLE, 'build', 'makefiles', hostName());
    await expect(setupMain(['--yes'], unbuilt, projectRoot())).rejects.toThrow(
      `${MODDABLE} is the SDK 8.2.3 already and lacks its built tools (mcconfig, xsc, xsid, xsl, mcrez in ` +
        `${join(MODDABLE, 'build', 'bin', hostName(), 'release')}); run \`make\` in ${makefiles}, and run this again`,
    );
  });

  it('finds its own work of an earlier terminal', async () => {
    const HOME = join(folder, 'home');
    const there = installFolder({ HOME, USERPROFILE: HOME }, process.platform);
    const sdk = fakeSdk(there);
    await expect(setupMain(['--yes'], keepSurroundings({ HOME }), projectRoot())).rejects.toThrow(
      `${sdk} is the SDK 8.2.3 already, and MODDABLE is not set: open a new terminal`,
    );
    const idf = fakeIdf(join(there, 'esp32'));
    const around = keepSurroundings({ HOME, MODDABLE: sdk });
    await expect(setupMain(['--yes', '--board', 'm5atom'], around, projectRoot())).rejects.toThrow(
      `${idf} is ESP-IDF v6.0.1 already, and IDF_PATH does not name it: run its install script`,
    );
  });

  it('knows its boards', async () => {
    const around = keepSurroundings({ HOME: folder });
    await expect(setupMain(['--board', 'm5atm', '--dry-run'], around, projectRoot())).rejects.toThrow(
      'did you mean m5atom?',
    );
  });
});
