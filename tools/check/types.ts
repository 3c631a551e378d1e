/** Questions about types that more than one rule asks. */
import ts from 'typescript';

const TYPED_ARRAY =
  /^(Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float16|Float32|Float64|BigInt64|BigUint64)Array$/;

export function isAny(type: ts.Type): boolean {
  // A type that the compiler could not make out is `any` by its flags too; the compiler has said so itself.
  const { intrinsicName }: ts.Type & { intrinsicName?: string } = type;
  return (type.flags & ts.TypeFlags.Any) !== 0 && intrinsicName !== 'error';
}

/** The type as it is used: without null and undefined, a type parameter by what it is bound to. */
export function usedType(node: ts.Node, checker: ts.TypeChecker): ts.Type {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  return checker.getBaseConstraintOfType(type) ?? type;
}

export function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

export function isString(type: ts.Type): boolean {
  return partsOf(type).some((part) => (part.flags & ts.TypeFlags.StringLike) !== 0);
}

export function isBigInt(type: ts.Type): boolean {
  return partsOf(type).some((part) => (part.flags & ts.TypeFlags.BigIntLike) !== 0);
}

/** True when nothing of the declaration is in the JavaScript: the compiler's libraries and `declare`. */
export function isAmbient(declaration: ts.Declaration): boolean {
  if (declaration.getSourceFile().isDeclarationFile) return true;
  // Inside `declare global` and `declare namespace` nothing says so itself.
  return ts.findAncestor(declaration, isDeclared) !== undefined;
}

function isDeclared(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
  );
}

/** The name of a type that the language brings along, such as `Int32Array` or `Map`; '' for every other. */
export function builtInName(type: ts.Type): string {
  const symbol = type.getSymbol();
  return symbol?.declarations?.every(isAmbient) === true ? symbol.name : '';
}

/** `Int32Array` for an Int32Array, '' for what is no typed array. */
export function typedArrayName(type: ts.Type): string {
  const name = builtInName(type);
  return TYPED_ARRAY.test(name) ? name : '';
}

/** True for what is read by index: arrays, tuples, typed arrays and what looks like one of them. */
export function isIndexed(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type).every((part) => {
    if (checker.isArrayLikeType(part) || typedArrayName(part) !== '') return true;
    return part.getNumberIndexType() !== undefined && part.getProperty('length') !== undefined;
  });
}

export function isArray(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type).every((part) => checker.isArrayLikeType(part) && typedArrayName(part) === '');
}

/** The symbol itself, where a name was imported or exported under another one. */
export function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

export function symbolOf(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  return symbol === undefined ? undefined : resolved(symbol, checker);
}

/** True for a name that nothing in the project declares: it means what the engine's global object holds under it. */
export function isGlobal(id: ts.Identifier, checker: ts.TypeChecker): boolean {
  const declarations = symbolOf(id, checker)?.declarations;
  return declarations === undefined || declarations.every((one) => isAmbient(one) && !ts.isImportSpecifier(one));
}
