/**
 * What each chip has for the virtual machine: the same on all of them, because the root `manifest.json` sets it
 * (`creation.static` and `creation.stack`; a test holds these figures to it).
 */

export const SLOT_BYTES = 16;

/** Everything that XS may take, and the slots of it that are its stack. */
export const STATIC_BYTES = 94_208;
export const STACK_SLOTS = 384;

/** What slots and chunks share. */
export const POOL_BYTES = STATIC_BYTES - STACK_SLOTS * SLOT_BYTES;

export const CHIPS: readonly string[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];

/**
 * What runs beside the node. 187 slots are a minimal application with a timer and a UDP socket (measured on the ESP32-C3);
 * the ports' closures and objects take about 120 more (measured with stubs), Wi-Fi, sensors and the store as many again.
 */
export const APPLICATION_SLOTS = 427;
/** Four datagrams of 1,232 bytes that were handled and wait to be collected, and the ports' own buffers. */
export const APPLICATION_CHUNK_BYTES = 6 * 1024;
