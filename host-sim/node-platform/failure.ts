/** What can go wrong on the way to a running node, each with an exit code of its own: docs/node.md has the list. */
import { Failure } from '../../tools/cli/errors.ts';

/** Another program holds the port, and does not share it. */
export const EXIT_PORT_IN_USE = 10;
export const EXIT_NO_INTERFACE = 11;
export const EXIT_KEY_UNREADABLE = 12;
/** Others than its owner may read the key file. */
export const EXIT_KEY_OPEN = 13;
export const EXIT_WRONG_SENSOR = 14;
/** The store was written by a newer version of this program. */
export const EXIT_NEWER_STORE = 15;
/** The folder of the store cannot be used, or another node uses it. */
export const EXIT_STATE_FOLDER = 16;
/** `status` found no node. */
export const EXIT_NO_NODE = 17;

/** The line says what happened and what to do next; the process ends with the code. */
export class NodeFailure extends Failure {
  readonly exit_code: number;

  constructor(exit_code: number, line: string) {
    super(line, exit_code);
    this.name = 'NodeFailure';
    this.exit_code = exit_code;
  }
}
