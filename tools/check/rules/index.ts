/** All the rules, by what they are asked about. */
import { anyType } from './any.ts';
import { division, floatingPoint, remainder } from './arithmetic.ts';
import { exceptions } from './control.ts';
import { erasable } from './erasable.ts';
import { bigIntegers, costlyGlobals, costlyObjects, lackingGlobals, textSearch } from './globals.ts';
import { imports } from './imports.ts';
import { accessors, deletion, dynamicName, evaluation, withStatement } from './language.ts';
import { boundedLoops } from './loops.ts';
import { functions, instances, iterators, literals, text } from './making.ts';
import { makingMethods, resizing } from './methods.ts';
import { hiddenCalls, moduleAwait, moduleState } from './module-state.ts';
import { moduleWrites } from './module-writes.ts';
import { overflow } from './overflow.ts';
import { parameters } from './parameters.ts';
import type { Rule } from './rule.ts';
import { stores } from './stores.ts';
import { truncation } from './truncation.ts';

/** For every node of the firmware. */
export const EVERYWHERE: readonly Rule[] = [
  anyType,
  evaluation,
  withStatement,
  dynamicName,
  deletion,
  accessors,
  erasable,
  lackingGlobals,
  costlyGlobals,
  costlyObjects,
  textSearch,
  imports,
  moduleState,
  moduleWrites,
  moduleAwait,
  hiddenCalls,
];

/** For every node that runs in the cycle. */
export const IN_CYCLE: readonly Rule[] = [
  bigIntegers,
  floatingPoint,
  division,
  remainder,
  overflow,
  stores,
  truncation,
  boundedLoops,
  exceptions,
  literals,
  functions,
  text,
  instances,
  makingMethods,
  iterators,
  parameters,
  resizing,
];
