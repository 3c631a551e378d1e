/** LVS007: TypeScript that is more than types. The build takes types away and does nothing else. */
import ts from 'typescript';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS007';

function isDeclared(node: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) !== 0;
}

function declarations(node: ts.Node, report: Spot['report']): void {
  if (ts.isEnumDeclaration(node) && !isDeclared(node)) {
    const instead = 'Write a `const` for each value, and a union type where one is needed';
    report(
      node.name,
      CODE,
      `\`enum ${node.name.text}\` turns into code that builds an object when the module loads`,
      instead,
    );
  } else if (ts.isModuleDeclaration(node) && !isDeclared(node)) {
    report(node.name, CODE, '`namespace` turns into a function that fills an object', 'Make it a module of its own');
  } else if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
    const instead = 'Declare the property, and set it in the constructor';
    report(node, CODE, 'A modifier at a parameter turns into a property and an assignment', instead);
  }
}

export const erasable: Rule = (node, { report }) => {
  declarations(node, report);
  if (ts.isImportEqualsDeclaration(node)) {
    report(node, CODE, '`import ... =` is no import of JavaScript', "Write `import { name } from './module.ts'`");
  } else if (ts.isExportAssignment(node) && node.isExportEquals === true) {
    report(node, CODE, '`export =` is no export of JavaScript', 'Export each name');
  } else if (ts.isTypeAssertionExpression(node)) {
    report(
      node,
      CODE,
      '`<Type>value` cannot be told from other syntax by tools that only erase',
      'Write `value as Type`',
    );
  } else if (ts.isDecorator(node)) {
    report(node, CODE, 'XS has no decorators', 'Call the function where its effect is wanted');
  }
};
