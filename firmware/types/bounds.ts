/** Bounds that more than one module keeps. */

/** VaultGuard's energy is at most this, so that eight times it stays within int32. */
export const ENERGY_MAX = 0x0fffffff;
