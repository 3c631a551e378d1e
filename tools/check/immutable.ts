/** Whether a type lets anyone change what a constant of it holds. */
import ts from 'typescript';
import { builtInName, isArray } from './types.ts';

const PRIMITIVE =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.ESSymbolLike |
  ts.TypeFlags.Null |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Void |
  ts.TypeFlags.Never;

/** What the compiler notes of a property that `as const` or a mapped type made: it has no modifier of its own to read. */
const MADE_READONLY = 8;

function isReadonly(symbol: ts.Symbol): boolean {
  const { links }: ts.Symbol & { links?: { checkFlags?: number } } = symbol;
  if (((links?.checkFlags ?? 0) & MADE_READONLY) !== 0) return true;
  if (symbol.flags & ts.SymbolFlags.GetAccessor && !(symbol.flags & ts.SymbolFlags.SetAccessor)) return true;
  const declarations = symbol.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every((one) => (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly) !== 0)
  );
}

function isFunction(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
}

/** `{ (): void; calls: number }`; what is set to a function outside its type has a fault where it is set. */
function hasOwnVariables(type: ts.Type): boolean {
  return type.getProperties().some((property) => {
    const declarations = property.declarations ?? [];
    return declarations.some(ts.isPropertySignature) && !isReadonly(property);
  });
}

function hasReadonlyItems(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (checker.isTupleType(type)) return (type as ts.TupleTypeReference).target.readonly;
  return type.symbol.name === 'ReadonlyArray';
}

/** `deep` holds the types that are being looked at, for types that contain themselves. */
export function isImmutable(type: ts.Type, checker: ts.TypeChecker, deep: readonly ts.Type[] = []): boolean {
  if (type.flags & PRIMITIVE || deep.includes(type)) return true;
  // `any` has a code of its own.
  if (type.flags & ts.TypeFlags.Any) return true;
  if (type.isUnionOrIntersection()) return type.types.every((part) => isImmutable(part, checker, deep));
  if (!(type.flags & ts.TypeFlags.Object)) return false;
  if (isFunction(type)) return !hasOwnVariables(type);
  const below = [...deep, type];
  if (isArray(type, checker)) {
    if (!hasReadonlyItems(type, checker)) return false;
    return checker.getTypeArguments(type as ts.TypeReference).every((item) => isImmutable(item, checker, below));
  }
  if (builtInName(type) !== '' && type.symbol.name !== '__type') return false;
  const indices = checker.getIndexInfosOfType(type);
  if (!indices.every((info) => info.isReadonly && isImmutable(info.type, checker, below))) return false;
  return type.getProperties().every((property) => {
    const value = checker.getTypeOfSymbol(property);
    if (isFunction(value) && (property.flags & ts.SymbolFlags.Method) !== 0) return true;
    return isReadonly(property) && isImmutable(value, checker, below);
  });
}
