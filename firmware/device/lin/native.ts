/** What the SDK's Linux simulator lacks, in C beside it (lvs-native.c). */

export function randomWord(this: unknown): number {
  return native('xs_lvs_randomWord').call(this) as number;
}

export function print(this: unknown, line: string): void {
  native('xs_lvs_print').call(this, line);
}
