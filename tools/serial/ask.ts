/** Lets the user pick a port at the terminal. */
import { isCancel, select } from '@clack/prompts';
import { Failure } from '../cli/errors.ts';
import { EXIT_INTERRUPTED } from '../cli/exit-codes.ts';
import { portText, type SerialPortFound } from './ports.ts';

/** @throws Failure with EXIT_INTERRUPTED when the user presses Ctrl-C or Esc instead */
export async function askForPort(ports: readonly SerialPortFound[]): Promise<string> {
  const options = ports.map((port) => ({ value: port.path, label: portText(port) }));
  // On stderr, for stdout is for data.
  const answer = await select({ message: 'Which port is the board at?', options, output: process.stderr });
  if (isCancel(answer)) throw new Failure('interrupted: no port was chosen', EXIT_INTERRUPTED);
  return answer;
}
