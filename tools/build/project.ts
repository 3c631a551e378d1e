/** The folder that `mcconfig` is started on for a board: the root manifest, and over it what the board says. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Board } from '../boards/board.ts';
import type { Mode } from './options.ts';

export interface Project {
  /** What `mcconfig -p` is given. */
  target: string;
  /** What is being built for: a folder of build/. */
  id: string;
  mode: Mode;
  /** Where everything lands, build/<id>/. */
  folder: string;
  manifest: string;
  /** Where `mcconfig` works. */
  output: string;
  /** Where `mcconfig` puts the makefile, the modules and the linked JavaScript. */
  tmp: string;
  /** Where the SDK puts what it built. */
  bin: string;
}

/** The SDK's own names: it appends `mc` to the platforms of computers. */
function pathOf(target: string, mode: Mode): string[] {
  const [platform, sub] = target.split('/') as [string, string | undefined];
  const below = sub ?? (platform === 'lin' ? 'mc' : undefined);
  return [platform, ...(below === undefined ? [] : [below]), mode, 'lvs-node'];
}

export function placeProject(root: string, id: string, target: string, mode: Mode): Project {
  const folder = join(root, 'build', id);
  const output = join(folder, 'sdk');
  return {
    target,
    id,
    mode,
    folder,
    manifest: join(output, 'manifest.json'),
    output,
    tmp: join(output, 'tmp', ...pathOf(target, mode)),
    bin: join(output, 'bin', ...pathOf(target, mode)),
  };
}

const BUNDLE_DIGITS = 12;

/** The device tells which bundle it runs, so that a stack in its log finds the source map that belongs to it. */
function bundleDigits(root: string): string {
  const bytes = readFileSync(join(root, 'build', 'firmware', 'node.mjs'));
  return createHash('sha256').update(bytes).digest('hex').slice(0, BUNDLE_DIGITS);
}

/** What firmware/device/config/board.ts reads. */
function configOf(id: string, { i2c, led, battery }: Board): object {
  return { name: id, i2c, led, battery };
}

/**
 * Settings of the build in an included manifest win over those in the manifest itself, and the SDK's targets bring some:
 * so the board's come in a manifest of their own, included last.
 *
 * @param board null for a computer
 */
export function writeProject(project: Project, root: string, board: Board | null): void {
  mkdirSync(project.output, { recursive: true });
  const rootManifest = relative(project.output, join(root, 'manifest.json'));
  const include = [rootManifest, './manifest_board.json'];
  writeFileSync(project.manifest, `${JSON.stringify({ include }, null, 2)}\n`);
  const told = { bundle: bundleDigits(root) };
  const folder = join(root, 'boards', project.id);
  const manifest =
    board === null
      ? { config: told }
      : {
          build: { SDKCONFIGPATH: folder, PARTITIONS_FILE: join(folder, 'partitions.csv') },
          config: { ...told, board: configOf(project.id, board) },
        };
  writeFileSync(join(project.output, 'manifest_board.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
