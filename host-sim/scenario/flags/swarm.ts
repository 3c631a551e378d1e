/** Flags for who is there and over what they talk: one field each. */
import { nearFile } from '../data.ts';
import { schemaAt } from '../schema.ts';
import { oneField } from './spec.ts';
import type { FlagSpec } from './spec.ts';

/** Measured links already lose what they lose: no loss is added to them unless `--loss` says so. */
function linksFlag(cwd: string): FlagSpec {
  return {
    flag: '--links',
    argument: 'FILE.csv',
    help: `${schemaAt(['links']).description ?? ''} Sets the topology to links, and the loss besides theirs to 0.`,
    read: (texts) => [
      { path: ['topology'], value: 'links' },
      { path: ['loss'], value: 0 },
      { path: ['links'], value: nearFile(texts[texts.length - 1], cwd) },
    ],
  };
}

export function swarmFlags(cwd: string): FlagSpec[] {
  return [
    // First, so that an explicit --loss is laid over what it brings along.
    linksFlag(cwd),
    oneField('--topology', 'NAME', ['topology']),
    oneField('--nodes', 'N', ['nodes']),
    oneField('--sites', 'N', ['sites']),
    oneField('--gateways', 'N', ['gateways']),
    oneField('--degree', 'N', ['degree']),
    oneField('--cycles', 'N', ['cycles']),
    oneField('--cycle-ms', 'MS', ['cycle_ms']),
    oneField('--seed', 'N', ['seed']),
    oneField('--relay', 'MODE', ['relay']),
    oneField('--relay-entries', 'N', ['relay_entries']),
    oneField('--table', 'N', ['table']),
    oneField('--shards', 'N', ['shards']),
  ];
}

export function networkFlags(): FlagSpec[] {
  return [
    oneField('--loss', 'SHARE', ['loss']),
    oneField('--medium-loss', 'SHARE', ['medium_loss']),
    oneField('--burst', 'CYCLES', ['burst']),
    oneField('--duplication', 'SHARE', ['duplication']),
    oneField('--delay-min-ms', 'MS', ['delay_min_ms']),
    oneField('--delay-mean-ms', 'MS', ['delay_mean_ms']),
    oneField('--reorder', 'SHARE', ['reorder']),
    oneField('--capacity', 'BYTES', ['capacity']),
    oneField('--clock-skew-ms', 'MS', ['clock_skew_ms']),
    oneField('--clock-drift-ppm', 'PPM', ['clock_drift_ppm']),
    oneField('--low-power', 'SHARE', ['low_power']),
  ];
}
