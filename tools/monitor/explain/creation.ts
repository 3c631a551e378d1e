/** What the virtual machine is given: `creation` of manifest.json, with the SDK's own numbers where it says nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Creation {
  /** One block for everything; 0 when slots and chunks have their own. */
  static_bytes: number;
  stack_slots: number;
  chunk_initial_bytes: number;
  chunk_incremental_bytes: number;
  heap_initial_slots: number;
  heap_incremental_slots: number;
  keys_initial: number;
  keys_incremental: number;
  /** 0 for the SDK's own, 10 KB (build/devices/esp32/lib/main/main.c). */
  native_stack_bytes: number;
}

interface Pool {
  initial?: number;
  incremental?: number;
}

interface ManifestCreation {
  static?: number;
  stack?: number;
  nativeStack?: number;
  chunk?: Pool;
  heap?: Pool;
  keys?: Pool;
}

/** The SDK's examples/manifest_base.json (8.2.3). */
const BASE: Creation = {
  static_bytes: 32_768,
  stack_slots: 256,
  chunk_initial_bytes: 1536,
  chunk_incremental_bytes: 512,
  heap_initial_slots: 512,
  heap_incremental_slots: 64,
  keys_initial: 32,
  keys_incremental: 32,
  native_stack_bytes: 0,
};

/** The manifest of the project, as far as it can be read: an explanation with the SDK's numbers beats none. */
export function readCreation(root: string): Creation {
  const creation = manifestCreation(join(root, 'manifest.json'));
  return {
    static_bytes: creation.static ?? BASE.static_bytes,
    stack_slots: creation.stack ?? BASE.stack_slots,
    chunk_initial_bytes: creation.chunk?.initial ?? BASE.chunk_initial_bytes,
    chunk_incremental_bytes: creation.chunk?.incremental ?? BASE.chunk_incremental_bytes,
    heap_initial_slots: creation.heap?.initial ?? BASE.heap_initial_slots,
    heap_incremental_slots: creation.heap?.incremental ?? BASE.heap_incremental_slots,
    keys_initial: creation.keys?.initial ?? BASE.keys_initial,
    keys_incremental: creation.keys?.incremental ?? BASE.keys_incremental,
    native_stack_bytes: creation.nativeStack ?? BASE.native_stack_bytes,
  };
}

function manifestCreation(path: string): ManifestCreation {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { creation?: ManifestCreation }).creation ?? {};
  } catch {
    return {};
  }
}
