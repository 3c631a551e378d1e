/** The temporary folder with keys, configurations and states: gone when the demo is, however that ends. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const KEY_BYTES = 32;
/** A key that others may read is refused. */
const OWN_ONLY = 0o600;

export class DemoFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'lvs-demo-'));
  readonly #remove = (): void => rmSync(this.path, { recursive: true, force: true });

  constructor() {
    process.once('exit', this.#remove);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text, { mode: OWN_ONLY });
  }

  writeKey(name: string): void {
    this.write(name, `${randomBytes(KEY_BYTES).toString('base64url')}\n`);
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
