/** A source that reads a file again and again: sysfs, or whatever another program keeps up to date. */
import { systemReason } from '../../../tools/cli/errors.ts';
import { readText } from './read-text.ts';
import { numberIn, WAITING, type Reading, type Source } from './source.ts';

/** A reading is a number, not a book. */
const READ_MAX_BYTES = 256;

export function fileSource(path: string): Source {
  let latest: Reading = WAITING;
  let busy = false;
  const refresh = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      latest = numberIn(await readText(path, READ_MAX_BYTES), path);
    } catch (error) {
      latest = { kind: 'none', why: `${path} cannot be read: ${systemReason(error)}` };
    }
    busy = false;
  };
  void refresh();
  return {
    read: () => {
      void refresh();
      return latest;
    },
    close: () => undefined,
  };
}
