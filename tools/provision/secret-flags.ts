/** Flags that would put a secret on the command line: refused before anything else looks at them, and never repeated. */
import { UsageError } from '../cli/errors.ts';
import { secretAdvice } from './settings/layers.ts';

/** What people try, and which setting they mean. */
const REFUSED: Readonly<Record<string, string>> = {
  '--wifi-password': 'wifi_password',
  '--wifi-pass': 'wifi_password',
  '--password': 'wifi_password',
  '--swarm-key': 'swarm_key',
  '--key': 'swarm_key',
  '--swarm-key-old': 'swarm_key_old',
  '--old-key': 'swarm_key_old',
  '--mqtt-password': 'mqtt_password',
  '--mqtt-pass': 'mqtt_password',
};

/** @throws UsageError with the reason and the other ways */
export function refuseSecretFlags(argv: readonly string[]): void {
  for (const word of argv) {
    const [flag] = word.split('=', 1);
    const name = Object.hasOwn(REFUSED, flag) ? REFUSED[flag] : undefined;
    if (name !== undefined) throw new UsageError(`${flag}: ${secretAdvice(name)}`);
  }
}

/** A mistyped flag may carry a secret behind its equals sign, so an error names the flag alone. */
export function withoutValues(argv: readonly string[], text: string): string {
  return argv
    .filter((word) => word.startsWith('-') && word.includes('='))
    .reduce((line, word) => line.replaceAll(word, word.split('=', 1)[0]), text);
}
