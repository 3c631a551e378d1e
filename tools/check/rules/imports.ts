/** LVS010: imports that tie the firmware to Node.js or to one platform. */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import type { Rule, Spot } from './rule.ts';

const FIRMWARE = 'firmware/';
const DEVICE = 'firmware/device/';
/** Modules of Node.js whose names the SDK has as well. */
const ALSO_OF_SDK: ReadonlySet<string> = new Set([
  'net',
  'http',
  'url',
  'dns',
  'console',
  'crypto',
  'tls',
  'timers',
  'zlib',
]);
const INSTEAD = `Reach the outside through a port of firmware/platform.ts, and fill the port in ${DEVICE}`;

/** What the node imports, as written; undefined when it imports nothing. */
function specifierOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  return ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)
    ? node.argument.literal
    : undefined;
}

function refusal(specifier: string, { zone, path }: Spot): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    if (!target.startsWith(FIRMWARE))
      return `\`${specifier}\` leads out of ${FIRMWARE}, and the device has nothing else`;
    return zone !== 'device' && target.startsWith(DEVICE) ? `\`${specifier}\` is a platform's adapter` : undefined;
  }
  const isNodes = builtinModules.includes(specifier) && !ALSO_OF_SDK.has(specifier);
  if (specifier.startsWith('node:') || (zone === 'device' && isNodes))
    return `\`${specifier}\` is part of Node.js, which is not on the device`;
  if (zone === 'device') return undefined;
  const owner = builtinModules.includes(specifier) ? 'Node.js or of a platform' : 'a platform or a package';
  return `\`${specifier}\` is a module of ${owner}, and only ${DEVICE} may know one`;
}

export const imports: Rule = (node, spot) => {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const what = '`import()` loads a module at run time, and the bundle is one module';
    spot.report(node, 'LVS010', what, 'Import at the top of the file');
    return;
  }
  const specifier = specifierOf(node);
  if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
  const what = refusal(specifier.text, spot);
  if (what !== undefined) spot.report(specifier, 'LVS010', what, INSTEAD);
};
