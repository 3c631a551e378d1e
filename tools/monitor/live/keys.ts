/** Keys of the terminal while the monitor runs. The terminal is given back as it was, however the monitor ends. */

export interface KeyInput extends NodeJS.EventEmitter {
  isTTY?: boolean;
  isRaw?: boolean;
  setRawMode?: (raw: boolean) => unknown;
  resume: () => unknown;
  pause: () => unknown;
}

export type KeyAction = 'quit' | 'interrupt' | 'reset' | 'help' | 'clear';

const KEYS: Readonly<Record<string, KeyAction>> = {
  q: 'quit',
  Q: 'quit',
  // idf_monitor and telnet end with Ctrl-]
  '\u001d': 'quit',
  '\u0003': 'interrupt',
  r: 'reset',
  R: 'reset',
  '?': 'help',
  h: 'help',
  c: 'clear',
};

export const KEY_HELP =
  'r reset the board · c clear the screen · ? these keys · q quit (Ctrl-C too, with exit code 130)';

/**
 * @param input a terminal; anything else has no keys
 * @returns how to stop listening, which may be called twice
 */
export function listenToKeys(input: KeyInput, onKey: (action: KeyAction) => void): () => void {
  if (input.isTTY !== true || input.setRawMode === undefined) return () => undefined;
  const wasRaw = input.isRaw ?? false;
  const listener = (data: Buffer | string): void => {
    for (const key of data.toString()) if (Object.hasOwn(KEYS, key)) onKey(KEYS[key]);
  };
  input.setRawMode(true);
  input.on('data', listener);
  input.resume();
  let listening = true;
  return () => {
    if (!listening) return;
    listening = false;
    input.off('data', listener);
    input.setRawMode?.(wasRaw);
    input.pause();
  };
}
