/**
 * Two named pipes to a child process that this thread may wait on. The world steps without a pause for promises, so what
 * it asks of XS has to be answered at once; the pipes that Node.js itself makes for a child cannot be read that way.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Ends {
  reader: number;
  writer: number;
}

/** Opening one end waits for the other, unless somebody holds both: the first opening does, for as long as that takes. */
function open(path: string): Ends {
  const both = openSync(path, 'r+');
  const ends = { reader: openSync(path, 'r'), writer: openSync(path, 'w') };
  closeSync(both);
  return ends;
}

export class Pipes {
  /** What the child gets: where it reads, and where it writes. */
  readonly childReads: number;
  readonly childWrites: number;
  private readonly writer: number;
  private readonly reader: number;

  /** @param folder where the pipes are made; once they are open nobody needs their names */
  constructor(folder: string) {
    const paths = [join(folder, 'to-child'), join(folder, 'from-child')];
    execFileSync('mkfifo', paths);
    const [to, from] = paths.map(open);
    this.childReads = to.reader;
    this.writer = to.writer;
    this.reader = from.reader;
    this.childWrites = from.writer;
  }

  /** Called once the child runs: from then on its end shows here as the end of the pipe. */
  letGoOfChildEnds(): void {
    closeSync(this.childReads);
    closeSync(this.childWrites);
  }

  write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length;) written += writeSync(this.writer, bytes, written);
  }

  /** Waits for some bytes and tells how many came; 0 when the child is gone. */
  read(into: Uint8Array, at: number): number {
    return readSync(this.reader, into, at, into.length - at, null);
  }

  close(): void {
    closeSync(this.writer);
    closeSync(this.reader);
  }
}
