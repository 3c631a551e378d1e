/** The settings that measures are taken with: keys as a room's sensors have them, 0 to 100 with a tenth as the floor. */
import type { KeySettings, Settings } from '../../../firmware/node.ts';
import type { FirmwareApi } from '../../world/bundle.ts';

const ONE = 65_536;

export function settingsFor(api: FirmwareApi, keys: number, table: number): Settings {
  return { ...api.defaultSettings(), keys: Array.from({ length: keys }, (_, index) => keyFor(index)), table };
}

function keyFor(index: number): KeySettings {
  return {
    name: `room${index}/temp`,
    floor: Math.round(ONE / 10),
    span: 16 * ONE,
    low: 0,
    high: 100 * ONE,
    reference: 25 * ONE,
    guard: true,
    estimator: 0,
    scope: 0,
  };
}
