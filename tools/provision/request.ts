/** What the user wants of a board, from flags, environment, file and answers. */
import type { Environment } from '../cli/colour.ts';
import { UsageError } from '../cli/errors.ts';
import { type Asker, askMissing } from './ask.ts';
import type { NvsContents } from './nvs/contents.ts';
import type { ProvisionOptions } from './options.ts';
import { settingsOf } from './settings/board-settings.ts';
import { environmentLayer, fileLayer, flagLayer } from './settings/layers.ts';
import { KEYS } from './settings/names.ts';
import type { Request } from './settings/plan.ts';

/**
 * What can be known before the board is looked at, so that its faults are told before a port is opened.
 *
 * @param mayAsk whether what is missing can be asked for
 * @throws UsageError naming each value that is wrong and where it stands
 */
export function requestOf(options: ProvisionOptions, env: Environment, cwd: string, mayAsk: boolean): Request {
  const { file, flags, unset } = options;
  const flagged = flagLayer(flags, cwd);
  const { [KEYS]: sensors, ...values } = flagged.values;
  const layers = [environmentLayer(env), { values, place: flagged.place }];
  const request = {
    layers: file === '' ? layers : [fileLayer(file, cwd), ...layers],
    sensors: { values: sensors === undefined ? {} : { [KEYS]: sensors }, place: flagged.place },
    unset,
  };
  if (isEmpty(request) && !mayAsk) {
    throw new UsageError('nothing to set: name settings with flags or --file, or run this at a terminal to be asked');
  }
  return request;
}

function isEmpty({ layers, sensors, unset }: Request): boolean {
  return unset.length === 0 && [...layers, sensors].every(({ values }) => Object.keys(values).length === 0);
}

/** Asks for what neither the user has said nor the board has. */
export async function complete(
  request: Request,
  held: NvsContents,
  asker: Asker | undefined,
  cwd: string,
): Promise<Request> {
  if (asker === undefined) return request;
  const { layers, unset } = request;
  const missing = { held: settingsOf(held), layers, unset, everything: isEmpty(request), cwd };
  return { ...request, layers: [...layers, await askMissing(missing, asker)] };
}
