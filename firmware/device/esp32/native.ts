/**
 * What the SDK has no module for, in C beside it (lvs-native.c). `native` is recognised by the SDK's compiler, which
 * binds the function to its name in C.
 */

export function randomWord(this: unknown): number {
  return native('xs_lvs_randomWord').call(this) as number;
}

export function print(this: unknown, line: string): void {
  native('xs_lvs_print').call(this, line);
}

/** A number of ESP-IDF's `esp_reset_reason_t`. */
export function resetReason(this: unknown): number {
  return native('xs_lvs_resetReason').call(this) as number;
}

export function startWatchdog(this: unknown): void {
  native('xs_lvs_startWatchdog').call(this);
}

export function feedWatchdog(this: unknown): void {
  native('xs_lvs_feedWatchdog').call(this);
}

export function confirmUpdate(this: unknown): void {
  native('xs_lvs_confirmUpdate').call(this);
}

export function allowLightSleep(this: unknown, allowed: boolean): void {
  native('xs_lvs_allowLightSleep').call(this, allowed);
}

export function deepSleep(this: unknown, time_ms: number): void {
  native('xs_lvs_deepSleep').call(this, time_ms);
}

export function restart(this: unknown): void {
  native('xs_lvs_restart').call(this);
}
