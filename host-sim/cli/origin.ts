/** What a record was made from, and whether the same is here when it is replayed. */
import type { DataFiles } from '../scenario/data.ts';
import { completeScenario } from '../scenario/load.ts';
import type { Loaded } from '../scenario/load.ts';
import type { Scenario } from '../world/scenario.ts';
import type { RunRecord } from './replay.ts';

/** A record that was interrupted is replayed as far as it goes. */
export function loadRecorded(record: RunRecord, files: DataFiles): Loaded {
  const source = { file: record.file, value: record.scenario, line: () => 1 };
  const loaded = completeScenario({ name: 'record', source }, [], files);
  loaded.scenario.cycles = record.digests.length;
  return loaded;
}

/** SHA-256 of the CSV files that the scenario reads, by name. */
export function dataDigests({ links, topology, inputs }: Scenario, files: DataFiles): Record<string, string> {
  const names = [...(topology === 'links' ? [links] : []), ...(inputs.kind === 'csv' ? [inputs.file] : [])];
  return Object.fromEntries(names.map((name) => [name, files.sha256(name)]));
}

export function originWarnings(
  record: RunRecord,
  bundle_sha256: string,
  data: Readonly<Record<string, string>>,
): string[] {
  const lines: string[] = [];
  if (record.bundle_sha256 !== bundle_sha256) {
    const [then, now] = [record.bundle_sha256, bundle_sha256].map((digest) => digest.slice(0, 16));
    lines.push(`the record was made with firmware bundle ${then}, and this is ${now}`);
  }
  for (const [name, digest] of Object.entries(data)) {
    if (record.data_sha256[name] !== digest) lines.push(`${name} is not the file that the record was made with`);
  }
  return lines;
}
