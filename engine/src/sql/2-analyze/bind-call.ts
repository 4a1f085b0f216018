/** Calls of scalar functions: found in the registry, arguments counted and checked by family, brought to the types the function wants. */
import { BOOLEAN, INT, isCharacter, typeName, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { CallExpr, Expr } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { isRawJson } from "../functions/json.ts";
import * as operators from "../functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { belongsTo, familyName, type Parameter, type ScalarFunction } from "../functions/scalar-function.ts";
import { nameHint } from "../../base/nearest.ts";
import { calciteName } from "./calcite-name.ts";
import { kindName, wrongArgumentCount, wrongArguments } from "./argument-refusal.ts";
import { arithmetic, cannotApply, equalityOf, illegalNull, unify } from "./coercion.ts";
import { constantValue } from "./constant.ts";
import { literalOf, type Rex } from "./rex.ts";
import type { Scope } from "./scope.ts";
import { refuseWithoutOver } from "./window-functions.ts";
import { callOf, castTo, isBareNull } from "./rex-calls.ts";

/** What a call needs of the binder around it. */
interface ArgumentBinder {
  readonly scope: Scope;
  bind(expr: Expr): Rex;
}

export function bindCall(expr: CallExpr, binder: ArgumentBinder): Rex {
  if (expr.over !== null) throw new SqlError("validate", "SQL_OVER", `${expr.name} OVER may not stand here.`, expr.span);
  if (expr.name === "NULLIF") return nullIf(expr, binder);
  const fn = SCALAR_FUNCTIONS.get(expr.name);
  if (fn === undefined) {
    if (AGGREGATE_FUNCTIONS.has(expr.name)) {
      throw new SqlError("validate", "SQL_AGGREGATE", `Aggregate expression ${expr.name} is illegal here.`, expr.span, {
        hint: "Conditions on aggregates belong into HAVING.",
      });
    }
    const args = expr.args.map((arg) => binder.bind(arg));
    refuseWithoutOver(expr, args);
    if (/^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/.test(expr.name)) throw strayWindowProperty(expr, args);
    throw unknownFunction(expr, [], args);
  }
  if (expr.distinct) {
    throw new SqlError("validate", "SQL_DISTINCT", `DISTINCT/ALL not allowed with ${expr.name} function`, expr.span, {
      hint: "DISTINCT belongs to aggregates.",
    });
  }
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(expr.options)) {
    if (typeof value !== "string" && value.kind === "literal" && value.type === "null") throw illegalNull(value.span);
    options[key] = typeof value === "string" ? value : castLiteral(binder.bind(value));
  }
  if (expr.name === "JSON") throw bareJson(expr.span);
  if (expr.name === "OVERLAPS") return overlaps(fn, expr, binder);
  const holdsJson = expr.name === "JSON_OBJECT" || expr.name === "JSON_ARRAY";
  const args = expr.args.map((arg) => (holdsJson && isJsonCall(arg) ? rawJson(arg, binder) : binder.bind(arg)));
  if (expr.name === "JSON_OBJECT") checkJsonKeys(expr, args, binder);
  if (holdsJson || expr.name === "JSON_STRING") options.raw = args.map(isRawJson);
  return callFunction(fn, args, expr, options);
}

/** A literal that is cast is one of the other type. */
function castLiteral(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn === operators.CAST && rex.args[0].kind === "literal" ? literalOf(constantValue(rex), rex.type) : rex;
}

/** NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END, in its types and refusals too. */
function nullIf(expr: CallExpr, binder: ArgumentBinder): Rex {
  if (expr.args.length !== 2)
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_COUNT",
      `Invalid number of arguments to function 'NULLIF'. Was ${expr.args.length}.`,
      expr.span,
    );
  const [value, other] = expr.args.map((arg) => binder.bind(arg));
  if (isBareNull(value))
    throw new SqlError("validate", "SQL_TYPE_MISMATCH", "ELSE clause or at least one THEN clause must be non-NULL", expr.args[0].span);
  const equal = isBareNull(other) ? literalOf(null, BOOLEAN) : equalityOf(value, other, expr.span);
  return callOf(operators.CASE, [equal, literalOf(null, withNullable(value.type, true)), value], withNullable(value.type, true));
}

/** Keys of JSON_OBJECT are texts that cannot be NULL. (Calcite: `SqlJsonObjectFunction`) */
function checkJsonKeys(expr: CallExpr, args: readonly Rex[], { scope }: ArgumentBinder): void {
  for (let i = 0; i < args.length; i += 2) {
    const key = expr.args[i];
    const { type } = args[i];
    if (!isBareNull(args[i]) && !isCharacter(type))
      throw new SqlError("validate", "SQL_ARGUMENT_TYPE", "Expected a character type", key.span, { found: calciteName(type) });
    if (!type.nullable) continue;
    const shown = printExpression(key);
    const table = key.kind === "name" && key.parts.length === 1 ? scope.tableOf(key.parts) : null;
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_TYPE",
      `Argument to function '${table === null ? shown : `${table}.${shown}`}' must not be NULL`,
      key.span,
      { found: `a key that may be NULL`, hint: `JSON_OBJECT(KEY COALESCE(${shown}, '…') VALUE …)` },
    );
  }
}

function isJsonCall(expr: Expr): expr is CallExpr {
  return expr.kind === "call" && expr.name === "JSON";
}

/** JSON(…) where JSON_OBJECT and JSON_ARRAY take it apart. */
function rawJson(expr: CallExpr, binder: ArgumentBinder): Rex {
  const args = expr.args.map((arg) => binder.bind(arg));
  return callFunction(SCALAR_FUNCTIONS.get("JSON")!, args, expr, {});
}

function bareJson(span: Span): SqlError {
  const message =
    "The JSON() function is currently only supported inside JSON_ARRAY() or as the VALUE param of JSON_OBJECT(). Example: JSON_OBJECT('a', JSON('{\"key\": \"value\"}')).";
  return new SqlError("validate", "SQL_JSON", message, span);
}

/** (a, b) OVERLAPS (c, d): the parser gives two rows. */
function overlaps(fn: ScalarFunction, expr: CallExpr, binder: ArgumentBinder): Rex {
  const flat = expr.args.flatMap((arg) => (arg.kind === "row" ? arg.items : [arg]));
  return callFunction(
    fn,
    flat.map((arg) => binder.bind(arg)),
    { ...expr, args: flat },
    {},
  );
}

function callFunction(fn: ScalarFunction, args: readonly Rex[], expr: CallExpr, options: Readonly<Record<string, unknown>>): Rex {
  if (fn.name === "MOD") {
    if (args.length !== 2) throw argumentCount(fn, args, expr);
    try {
      return arithmetic("%", args[0], args[1], expr.span);
    } catch (error) {
      if (error instanceof SqlError && error.code === "SQL_ARGUMENT_TYPE")
        throw cannotApply("MOD", args, expr.span, "MOD(<EXACT_NUMERIC>, <EXACT_NUMERIC>)");
      throw error;
    }
  }
  if (fn.nullArguments !== true) {
    const bare = args.findIndex(isBareNull);
    if (bare >= 0) throw illegalNull(expr.args[bare].span);
  }
  checkArity(fn, args, expr);
  checkArguments(fn, args, expr.span, options);
  return callOf(fn, coerced(fn, args, expr), undefined, options);
}

/** Arguments cast as the function's own rule says, or as its families do. */
function coerced(fn: ScalarFunction, args: readonly Rex[], expr: CallExpr): readonly Rex[] {
  const typed = args.map((arg, i): Rex => {
    const { family } = parameterAt(fn, i);
    if (family === "integer" && arg.type.root === "BIGINT" && fn.keepsLongs !== true)
      return castTo(arg, withNullable(INT, arg.type.nullable));
    return arg;
  });
  const rule = fn.coerce;
  if (rule === undefined) return typed;
  const wanted =
    rule.types?.(
      typed.map((arg) => arg.type),
      typed,
    ) ?? null;
  const common = rule.commonFrom;
  if (wanted === null && common !== undefined) return [...typed.slice(0, common), ...unify(typed.slice(common), expr.span)];
  if (wanted === null) {
    const bare = typed.findIndex(isBareNull);
    if (bare >= 0) throw illegalNull(expr.args[bare].span);
    throw wrongArguments(fn.name, typed, { index: 0, family: parameterAt(fn, 0).family }, { span: expr.span, forms: signatureOf(fn) });
  }
  return typed.map((arg, i) => {
    const type = wanted[i];
    if (arg.kind === "literal" && arg.value === null) return literalOf(null, withNullable(type, true));
    return castTo(arg, type);
  });
}

export function parameterAt(fn: ScalarFunction, index: number): Parameter {
  return fn.parameters[Math.min(index, fn.parameters.length - 1)];
}

function checkArity(fn: ScalarFunction, args: readonly Rex[], expr: CallExpr): void {
  const least = fn.parameters.filter((parameter) => parameter.optional !== true).length;
  const variadic = fn.parameters.some((parameter) => parameter.variadic === true);
  const { length } = expr.args;
  if (length < least || (!variadic && length > fn.parameters.length) || fn.takesCount?.(length) === false)
    throw argumentCount(fn, args, expr);
}

/** Refuses arguments outside their parameter's family, and what the function refuses itself. */
export function checkArguments(
  fn: ScalarFunction,
  args: readonly Rex[],
  span: Span,
  options: Readonly<Record<string, unknown>> = {},
): void {
  const index = args.findIndex((arg, i) => !belongsTo(arg.type, parameterAt(fn, i).family));
  if (index >= 0) throw wrongArguments(fn.name, args, { index, family: parameterAt(fn, index).family }, { span, forms: signatureOf(fn) });
  const refusal =
    fn.refuse?.(
      args.map((arg) => arg.type),
      args,
      options,
    ) ?? null;
  if (refusal === null) return;
  if (refusal.message === undefined && fn.name === "EXTRACT")
    throw wrongArguments(
      fn.name,
      args,
      { index: 1, family: parameterAt(fn, 1).family },
      { span, forms: refusal.expected ?? signatureOf(fn) },
    );
  if (refusal.message === undefined) throw cannotApply(fn.name, args, span, refusal.expected ?? signatureOf(fn));
  throw new SqlError(refusal.phase ?? "validate", "SQL_ARGUMENT_TYPE", refusal.message, span, { expected: refusal.expected });
}

/** All forms of a call as Calcite lists them: `SUBSTRING(<CHARACTER>, <INTEGER>)' | 'SUBSTRING(<CHARACTER>, <INTEGER>, <INTEGER>)`. */
export function signatureOf(fn: ScalarFunction): string {
  const least = fn.parameters.filter((parameter) => parameter.optional !== true).length;
  const forms: string[] = [];
  for (let count = least; count <= fn.parameters.length; count++) {
    let heads = [""];
    for (const { family, variadic } of fn.parameters.slice(0, count)) {
      const choices = familyName(family).split("|");
      heads = heads.flatMap((head) =>
        choices.map((choice) => `${head}${head === "" ? "" : ", "}<${choice}>${variadic === true ? "…" : ""}`),
      );
    }
    forms.push(...heads.map((head) => `${fn.name}(${head})`));
  }
  return forms.join("' | '");
}

/** TUMBLE_START and the like where nothing groups by a window. */
function strayWindowProperty(expr: CallExpr, args: readonly Rex[]): SqlError {
  const types = args.map(({ type }) =>
    type.root === "INTERVAL_DAY_TIME" ? "INTERVAL SECOND(3) NOT NULL" : typeName(withoutTimeAttribute(type)),
  );
  return new SqlError("plan", "SQL_GROUP_WINDOW", `Unsupported call: ${expr.name}(${types.join(", ")})`, expr.span, {
    hint: "It goes with a window in GROUP BY.",
  });
}

export function unknownFunction(expr: CallExpr, more: readonly string[], args: readonly Rex[] | null = null): SqlError {
  const shown = args === null ? "…" : args.map(({ type }) => `<${kindName(type)}>`).join(", ");
  const known = [...SCALAR_FUNCTIONS.keys(), ...AGGREGATE_FUNCTIONS.keys(), ...more];
  return new SqlError("validate", "SQL_UNKNOWN_FUNCTION", `No match found for function signature ${expr.name}(${shown})`, expr.nameSpan, {
    found: expr.name,
    hint: nameHint(expr.name, known, "functions"),
  });
}

function argumentCount(fn: ScalarFunction, args: readonly Rex[], expr: CallExpr): SqlError {
  return wrongArgumentCount(fn.name, args, { span: expr.span, forms: signatureOf(fn) });
}
