/**
 * Who may import whom. To move a wall, change its row and say why in the commit; `walls.mjs` holds the rows as they
 * stand here. Paths start at the root of the project, and one that ends in a slash is a folder.
 *
 * @typedef {object} Wall
 * @property {string} from the files that it holds for; the first row whose `from` covers a file is the file's own
 * @property {string[]} may what they may import; their own folder need not be named
 * @property {string[]} [mayType] what they may import besides, as `import type`
 * @property {'none' | 'platform' | 'any'} modules which modules they may import by name: none, those that the device's
 *   platform brings along, or any
 * @property {string} instead what to do about an import that is refused
 */

/** Arithmetic and plain data, which every part of the firmware may use. */
const PLAIN = ['firmware/fixed/', 'firmware/types/', 'firmware/platform.ts', 'firmware/settings.ts'];

const MODULES = ['entropy', 'drift', 'shards', 'vaultguard', 'transport'].map((part) => `firmware/${part}/`);
/** A gateway's table of sites is a table of gateways, guarded as contributions are: it stands on those two modules. */
const FEDERATION_MAY = ['firmware/drift/', 'firmware/transport/'];
const PARTS = [...MODULES, 'firmware/federation/'];

/** Node.js programs run the bundle that a device runs, so they never hold firmware of their own. */
const ENTRY_TYPES = ['firmware/node.ts'];
const LOAD_BUNDLE = 'take types from firmware/node.ts by `import type`, and values from the built bundle at run time';

/** @type {Wall[]} */
export const WALLS = [
  {
    from: 'firmware/fixed/',
    may: [],
    modules: 'none',
    instead: 'take numbers as arguments: fixed-point arithmetic knows nobody',
  },
  ...PLAIN.slice(1).map((from) => wallOf(from, PLAIN, 'move what it needs to firmware/types/: data knows only data')),
  ...PARTS.map((from) =>
    wallOf(
      from,
      from === 'firmware/federation/' ? [...PLAIN, ...FEDERATION_MAY] : PLAIN,
      'take it as an argument or return it: firmware/runtime/ alone brings the parts together',
    ),
  ),
  ...['firmware/runtime/', 'firmware/node.ts'].map((from) =>
    wallOf(from, [...PLAIN, ...PARTS, 'firmware/runtime/'], 'reach the outside through a port of firmware/platform.ts'),
  ),
  {
    from: 'firmware/device/',
    may: ['firmware/node.ts', ...PLAIN],
    modules: 'platform',
    instead: 'fill a port of firmware/platform.ts with what the device offers, and know the node by firmware/node.ts',
  },
  {
    from: 'host-sim/',
    may: ['tools/cli/', 'package.json'],
    mayType: ENTRY_TYPES,
    modules: 'any',
    instead: LOAD_BUNDLE,
  },
  {
    from: 'gateway/',
    may: ['host-sim/node-platform/', 'tools/cli/', 'package.json'],
    mayType: ENTRY_TYPES,
    modules: 'any',
    instead: LOAD_BUNDLE,
  },
  {
    from: 'tools/',
    may: ['package.json'],
    mayType: ENTRY_TYPES,
    modules: 'any',
    instead: `${LOAD_BUNDLE}; start the simulator as a program`,
  },
];

/** @type {(from: string, may: string[], instead: string) => Wall} */
function wallOf(from, may, instead) {
  return { from, may, modules: 'none', instead };
}
