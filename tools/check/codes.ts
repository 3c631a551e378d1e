/**
 * Every diagnostic by its code. Codes are stable: a rule that goes takes its code with it, and no other ever gets it.
 * docs/subset.md has a section for each, with what is wrong, what is right, and what it costs.
 */

export const CODES = {
  LVS001: 'the type any',
  LVS002: 'eval and Function',
  LVS003: 'with',
  LVS004: 'a property name made at run time',
  LVS005: 'delete',
  LVS006: 'getters and setters',
  LVS007: 'syntax that cannot be erased',
  LVS008: 'a global that XS lacks',
  LVS009: 'a built-in that costs too much',
  LVS010: 'an import of Node.js or of a platform',
  LVS011: 'state of a module',

  LVS020: 'floating point in the cycle',
  LVS021: 'division in the cycle',
  LVS022: 'a remainder by what may be 0, in the cycle',
  LVS023: 'integer overflow in the cycle',
  LVS024: 'a loop without a bound in the cycle',
  LVS025: 'recursion in the cycle',
  LVS026: 'a call in the cycle that cannot be followed',
  LVS027: 'exceptions in the cycle',
  LVS028: 'generators and async functions in the cycle, and await outside functions',

  LVS030: 'an object or array made in the cycle',
  LVS031: 'a function or class made in the cycle',
  LVS032: 'text made in the cycle',
  LVS033: 'new in the cycle',
  LVS034: 'a method that makes something, in the cycle',
  LVS035: 'an iterator in the cycle',
  LVS036: 'a parameter that allocates, in the cycle',
  LVS037: 'an array that changes its size in the cycle',

  LVS040: 'a mark that says nothing',
  LVS041: 'an exception without a reason',
  LVS042: 'an exception that nothing needs',
} as const satisfies Record<string, string>;

export type Code = keyof typeof CODES;

export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

/** Where a code is explained, from the project's root. */
export function docsOf(code: Code): string {
  return `docs/subset.md#${code.toLowerCase()}`;
}
