/** What came out of a build, in figures: as JSON for programs, as lines for people. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BoardFolder } from '../boards/board.ts';
import { firstSlot, readPartitions } from '../boards/partitions.ts';
import { Failure } from '../cli/errors.ts';
import { grouped, percent } from '../cli/numbers.ts';
import { loadBundle } from './bundle.ts';
import type { Heap } from './heap.ts';
import { nodeHeap, SLOT_BYTES } from './heap.ts';
import type { Linked } from './link.ts';
import type { Project } from './project.ts';
import { nodeSettings, readMerged } from './settings.ts';

export interface BundleFile {
  file: string;
  bytes: number;
  sha256: string;
}

export interface Report {
  type: 'report';
  board: string;
  target: string;
  mode: string;
  sdk_version: string;
  idf_version: string | null;
  bundles: BundleFile[];
  /** null where ESP-IDF was not asked to build it. */
  application: { bytes: number; partition: string; partition_bytes: number } | null;
  archive_bytes: number;
  modules: number;
  rom_slots: number;
  rom_aliases: number;
  /** The virtual machine's RAM: all of it, the stack's part, and what the node's tables take. */
  pool_bytes: number;
  stack_bytes: number;
  node: Heap;
  settings: Record<string, unknown>;
}

const BUNDLES = ['node.mjs', 'main.mjs'];

function bundleFile(path: string): BundleFile {
  const bytes = readFileSync(path);
  return { file: basename(path), bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** @throws Failure when the application does not fit its slot */
export function applicationSize(image: string, folder: BoardFolder): NonNullable<Report['application']> {
  const slot = firstSlot(readPartitions(folder.partitions ?? ''));
  const bytes = statSync(image).size;
  if (slot === undefined) throw new Failure(`boards/${folder.id}/partitions.csv has no slot ota_0`);
  if (bytes > slot.size) {
    throw new Failure(
      `the application takes ${grouped(bytes)} bytes and its slot ${slot.name} has ${grouped(slot.size)}: ` +
        `${grouped(bytes - slot.size)} too many; build with --mode release, or make ota_0 and ota_1 larger in boards/${folder.id}/partitions.csv`,
    );
  }
  return { bytes, partition: slot.name, partition_bytes: slot.size };
}

export interface ReportParts {
  project: Project;
  root: string;
  linked: Linked;
  application: Report['application'];
  sdk_version: string;
  idf_version: string | null;
}

export async function makeReport({
  project,
  root,
  linked,
  application,
  sdk_version,
  idf_version,
}: ReportParts): Promise<Report> {
  const folder = join(root, 'build', 'firmware');
  const hardware = `hardware-${project.target.split('/')[0]}.mjs`;
  const firmware = await loadBundle(root);
  const merged = readMerged(project);
  return {
    type: 'report',
    board: project.id,
    target: project.target,
    mode: project.mode,
    sdk_version,
    idf_version,
    bundles: [...BUNDLES, hardware].map((name) => bundleFile(join(folder, name))),
    application,
    archive_bytes: linked.archive_bytes,
    modules: linked.modules,
    rom_slots: linked.rom_slots,
    rom_aliases: linked.rom_aliases,
    pool_bytes: merged.creation.static,
    stack_bytes: merged.creation.stack * SLOT_BYTES,
    node: nodeHeap(firmware, nodeSettings(firmware, merged)),
    settings: merged.config,
  };
}

/** Name and figure of each line. */
function rows(report: Report): (readonly [string, string])[] {
  const { application, node, pool_bytes, rom_slots } = report;
  const share = (part: number, whole: number): string => percent((100 * part) / whole);
  return [
    [
      'target',
      `${report.target}, ${report.mode}, SDK ${report.sdk_version}${report.idf_version === null ? '' : `, ESP-IDF ${report.idf_version}`}`,
    ],
    ['bundle', `${report.bundles[0].sha256} (${grouped(report.bundles[0].bytes)} bytes)`],
    [
      'application',
      application === null
        ? 'none: ESP-IDF was not asked for one'
        : `${grouped(application.bytes)} of ${grouped(application.partition_bytes)} bytes of ${application.partition} (${share(application.bytes, application.partition_bytes)})`,
    ],
    ['byte code', `${grouped(report.archive_bytes)} bytes in ${report.modules} modules`],
    [
      'ROM slots',
      `${grouped(rom_slots)} of ${SLOT_BYTES} bytes (${grouped(rom_slots * SLOT_BYTES)}), ${report.rom_aliases} aliases`,
    ],
    [
      'RAM pool',
      `${grouped(pool_bytes)} bytes, ${grouped(report.stack_bytes)} of them stack; the node's tables take ${grouped(node.bytes)} ` +
        `(${grouped(node.slots)} slots, ${grouped(node.chunk_bytes)} bytes of chunks; ${share(node.bytes, pool_bytes)})`,
    ],
    ['settings', JSON.stringify(report.settings)],
  ];
}

export function reportText(report: Report): string {
  const lines = rows(report).map(([name, text]) => `${name.padEnd(12)} ${text}`);
  return `${lines.join('\n')}\n`;
}
