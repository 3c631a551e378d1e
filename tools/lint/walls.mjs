/**
 * The walls between the folders as a lint rule: an import that `wall-table.mjs` does not allow fails here, before a
 * reviewer sees it, and the message says which wall it is and what to do instead.
 */
import { readFileSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WALLS } from './wall-table.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = packagesOfThisProject();

/**
 * Every kind of node that imports, as far as the rule looks at it; the kinds are TypeScript's own.
 *
 * @typedef {object} Importing
 * @property {import('estree').Node | null} [source]
 * @property {string} [importKind]
 * @property {string} [exportKind]
 */

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'Hold the walls between the folders of the project.' },
    schema: [],
    messages: {
      wall: 'Wall: {{from}} may not import {{target}}, only {{may}}. Instead, {{instead}}.',
      typeOnly: 'Wall: {{from}} may import {{target}} only by `import type`. Instead, {{instead}}.',
      byName: 'Wall: {{from}} may not import the module "{{target}}". Instead, {{instead}}.',
      noRow: 'Wall: {{file}} has no row in tools/lint/wall-table.mjs. Add one that says what it may import.',
    },
  },
  create(context) {
    const file = relative(ROOT, context.filename).split(sep).join('/');
    const wall = WALLS.find(({ from }) => covers(from, file));
    if (wall === undefined) {
      if (!file.startsWith('firmware/')) return {};
      return { Program: (node) => context.report({ node, messageId: 'noRow', data: { file } }) };
    }

    /** @type {(node: Importing, kind?: string) => void} */
    const check = ({ source }, kind) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const refusal = refuse(wall, file, source.value, kind === 'type');
      if (refusal !== null) context.report({ node: source, ...refusal });
    };
    return {
      ImportDeclaration: (/** @type {Importing} */ node) => check(node, node.importKind),
      ExportNamedDeclaration: (/** @type {Importing} */ node) => check(node, node.exportKind),
      ExportAllDeclaration: (/** @type {Importing} */ node) => check(node, node.exportKind),
      ImportExpression: (/** @type {Importing} */ node) => check(node),
      TSImportType: (/** @type {Importing} */ node) => check(node, 'type'),
    };
  },
};

/**
 * @param {import('./wall-table.mjs').Wall} wall
 * @param {string} file the one that imports
 * @param {string} specifier what it imports, as written
 * @param {boolean} isType whether nothing is left of the import in the JavaScript
 */
function refuse(wall, file, specifier, isType) {
  const { from, may, mayType = [], instead } = wall;
  if (!specifier.startsWith('.')) {
    return allowsByName(wall, specifier) ? null : { messageId: 'byName', data: { from, target: specifier, instead } };
  }
  const target = posix.join(posix.dirname(file), specifier);
  if ([from, ...may].some((path) => covers(path, target))) return null;
  if (mayType.some((path) => covers(path, target))) {
    return isType ? null : { messageId: 'typeOnly', data: { from, target, instead } };
  }
  const names = [from, ...may, ...mayType.map((path) => `types of ${path}`)].join(', ');
  return { messageId: 'wall', data: { from, target, may: names, instead } };
}

/** @type {(path: string, file: string) => boolean} */
function covers(path, file) {
  return path.endsWith('/') ? file.startsWith(path) : file === path;
}

/**
 * The device's platform has modules of its own under bare names, some of them (`net`, `timer`) known to Node.js too.
 * What surely is none of them: a name that begins with `node:`, and a package that this project installs.
 *
 * @type {(wall: import('./wall-table.mjs').Wall, specifier: string) => boolean}
 */
function allowsByName(wall, specifier) {
  if (wall.modules !== 'platform') return wall.modules === 'any';
  return !specifier.startsWith('node:') && !PACKAGES.some((name) => covers(`${name}/`, `${specifier}/`));
}

/** @returns {string[]} */
function packagesOfThisProject() {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}
