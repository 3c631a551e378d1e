/** The Moddable SDK and ESP-IDF, by the same eyes that the build has. */
import { findIdf } from '../build/idf.ts';
import { findSdk, type Sdk } from '../build/sdk.ts';
import { Failure } from '../cli/errors.ts';
import { type Finding, type Machine, ok } from './finding.ts';

/** An error of the build says what and what to do in one line: here they stand apart. */
function fromFailure(name: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  const [found, ...mend] = error.message.split('; ');
  const state = found.includes('is missing') ? 'missing' : 'wrong';
  return { name, state, found, mend: mend.join('; '), needed_for: 'boards' };
}

export function lookAtSdk({ env }: Machine, board: string): { finding: Finding; sdk: Sdk | null } {
  try {
    const sdk = findSdk(env, board);
    return { finding: ok('Moddable SDK', 'boards', `${sdk.version} in ${sdk.path}`), sdk };
  } catch (error) {
    return { finding: fromFailure('Moddable SDK', error), sdk: null };
  }
}

export function lookAtIdf({ env }: Machine, sdk: Sdk | null, board: string): Finding {
  if (sdk === null) {
    const mend = 'mend the Moddable SDK first: it says which ESP-IDF it wants';
    return { name: 'ESP-IDF', state: 'missing', found: 'not looked at', mend, needed_for: 'boards' };
  }
  try {
    const idf = findIdf(env, sdk, board === '' ? 'NAME' : board);
    return ok('ESP-IDF', 'boards', `${idf.version} in ${idf.path}`);
  } catch (error) {
    return fromFailure('ESP-IDF', error);
  }
}
