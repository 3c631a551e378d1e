/** Makes a node as the device would and reckons what it takes there: tables, state and settings, without the ports. */
import type { Platform, Settings } from '../../firmware/node.ts';
import type { Bundle, FirmwareApi } from '../world/bundle.ts';
import type { Scenario } from '../world/scenario.ts';
import { settingsOf } from '../world/settings.ts';
import { footprint, LAYOUT_32 } from './layout.ts';
import type { Footprint, Layout } from './layout.ts';

export interface NodeMemory extends Footprint {
  /** Peers that its table holds. */
  table: number;
}

/** Ports of a node that never runs. */
function idlePorts(gateway: boolean): Platform {
  const silent = { send: () => true };
  return {
    clock: { ticks_ms: () => 0, epoch_ms: () => 0 },
    datagrams: silent,
    medium: gateway ? silent : null,
    store: { read: () => 0, write: () => true },
    random: { word: () => 1 },
    sensors: { read: () => -1 },
    seal: null,
    vitals: { battery: () => -1, load: () => 0 },
    log: { event: () => undefined },
  };
}

/** A node of these settings, and beside it the settings themselves. */
export function reckon(
  api: FirmwareApi,
  settings: Settings,
  gateway: boolean,
  layout: Layout,
): { node: Footprint; settings: Footprint } {
  const ports = idlePorts(gateway);
  const parts: unknown[] = Object.values(ports);
  const node = api.createNode(ports, settings);
  return {
    node: footprint([node], [ports, ...parts, settings, settings.keys, ...settings.keys], layout),
    settings: footprint([settings], [], layout),
  };
}

/** The largest node of the scenario: sites have gateways. */
export function reckonNode(bundle: Bundle, scenario: Scenario): NodeMemory {
  const settings = settingsOf(bundle, scenario, 0);
  const one = reckon(bundle.api, settings, scenario.topology === 'sites', LAYOUT_32);
  return {
    slots: one.node.slots + one.settings.slots,
    chunk_bytes: one.node.chunk_bytes + one.settings.chunk_bytes,
    table: settings.table,
  };
}
