/** Where things stand in the firmware's table of peers (firmware/types/table.ts); a test holds these numbers to it. */

/** Integers of a peer's row. */
export const ROW = 32;
export const TAG = 0;
export const AGE = 3;
export const DIRECT_AGE = 6;
export const HOLDS = 15;
export const PACE = 16;
export const TRUST = 25;
export const COUNTED = 27;
/** Trust of a peer all of whose contributions were let through. */
export const TRUST_FULL = 256;
/** The sender has no such value (firmware/fixed/diff.ts). */
export const DIFF_NONE = -0x80000000;
/** Below so many contributions the guard leaves nobody out (firmware/drift/guard.ts). */
export const GUARD_MIN = 6;
/** Contributions farther than so many caps are left out, or farther than the span. */
export const REJECT_CAPS = 2;

/** A session's name, as people see it. */
export function peerName(tag: number): string {
  return (tag >>> 0).toString(16).padStart(8, '0');
}
