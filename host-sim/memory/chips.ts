/**
 * What each chip has for the virtual machine. The figures are those that Moddable SDK 8.2.3 ships for boards of the chip
 * without PSRAM (`creation` in their manifests).
 */

export const SLOT_BYTES = 16;

export interface Chip {
  name: string;
  /** Everything that XS may take, the stack apart. */
  pool_bytes: number;
  /** Where the two are set apart from each other: how much of the pool each may be. */
  slot_bytes_max: number;
  chunk_bytes_max: number;
}

/** One pool that slots, chunks and the stack share. */
function shared(name: string, bytes: number, stack_slots: number): Chip {
  const pool_bytes = bytes - stack_slots * SLOT_BYTES;
  return { name, pool_bytes, slot_bytes_max: pool_bytes, chunk_bytes_max: pool_bytes };
}

/** Slots and chunks of fixed sizes; the stack lies elsewhere. */
function fixed(name: string, slots: number, chunk_bytes: number): Chip {
  const slot_bytes_max = slots * SLOT_BYTES;
  return { name, pool_bytes: slot_bytes_max + chunk_bytes, slot_bytes_max, chunk_bytes_max: chunk_bytes };
}

export const CHIPS: readonly Chip[] = [
  fixed('esp32', 4928, 78_848),
  shared('esp32s2', 94_208, 384),
  fixed('esp32s3', 4928, 78_848),
  shared('esp32c3', 94_208, 384),
  fixed('esp32c6', 4928, 78_848),
];

/**
 * What runs beside the node. 187 slots are a minimal application with a timer and a UDP socket (measured on the ESP32-C3);
 * the ports' closures and objects take about 120 more (measured with stubs), Wi-Fi, sensors and the store as many again.
 */
export const APPLICATION_SLOTS = 427;
/** Four datagrams of 1,232 bytes that were handled and wait to be collected, and the ports' own buffers. */
export const APPLICATION_CHUNK_BYTES = 6 * 1024;
