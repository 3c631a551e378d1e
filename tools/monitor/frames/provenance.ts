/** Whether the source map at hand is that of the program that runs: the device tells the first digits of its bundle's SHA-256. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { notice, type NoticeEvent } from '../events.ts';
import type { Build } from './bundles.ts';

interface BoardReport {
  bundles?: { file: string; sha256: string }[];
  node?: { bytes: number };
  target?: string;
}

/** What `npm run build -- --board NAME` wrote, or null. */
export function readReport(root: string, board: string): BoardReport | null {
  const path = join(root, 'build', board, 'report.json');
  if (board === '' || !existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as BoardReport;
  } catch {
    return null;
  }
}

const day = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Within the project a path from its root says more. */
function shortened(folder: string, root: string): string {
  const path = relative(root, folder);
  return path.startsWith('..') ? folder : path;
}

function origin({ folder, sha256, built }: Build, root: string): string {
  const what = sha256 === '' ? 'the map alone is there' : `bundle ${sha256.slice(0, 12)}`;
  return `places are by the source map in ${shortened(folder, root)} (${what}${built === null ? '' : `, built ${day(built)}`})`;
}

/**
 * Told once, with the first frame: where places come from, and what speaks against them.
 *
 * @param running what the device says of its bundle, '' where it said nothing
 */
export function provenance(build: Build, root: string, board: string, running: string): NoticeEvent[] {
  const broken = build.problems.map((problem) => notice('W', `${problem}; run \`npm run build\``));
  return [...broken, ...fitting(build, root, board, running)];
}

function otherBundle(what: string, sha256: string): string {
  return `${what} another bundle (${sha256.slice(0, 12)}): lines may be off; build it again, flash, and provoke it once more`;
}

function fitting(build: Build, root: string, board: string, running: string): NoticeEvent[] {
  if (build.bundles.length === 0) {
    return [
      notice(
        'W',
        `${shortened(build.folder, root)} has no source map, so frames are shown as they came; run \`npm run build\``,
      ),
    ];
  }
  const events = [notice('I', origin(build, root))];
  if (running !== '' && build.sha256 !== '') {
    if (!build.sha256.startsWith(running)) events.push(notice('W', otherBundle('the device runs', running)));
    return events;
  }
  const flashed = readReport(root, board)?.bundles?.find(({ file }) => file === 'node.mjs')?.sha256;
  if (flashed !== undefined && build.sha256 !== '' && flashed !== build.sha256) {
    events.push(notice('W', otherBundle(`the image for ${board} was built from`, flashed)));
  }
  return events;
}
