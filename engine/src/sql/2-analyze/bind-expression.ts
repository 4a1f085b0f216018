/**
 * Expressions of the syntax tree to typed expressions: names through the scope, types by Flink's coercion rules (numbers widen, text
 * never turns into numbers on its own), functions from the registry.
 */
import {
  BOOLEAN,
  isBinary,
  isCharacter,
  isInteger,
  isInterval,
  isNumeric,
  type LogicalType,
  typeName,
  typeSummary,
  withNullable,
} from "../../types/logical-type.ts";
import type { BinaryExpr, CaseExpr, Expr, FieldExpr, Identifier, IntervalOfExpr, MapExpr, QuantifiedExpr } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { casterFor, castRefusal } from "../functions/cast.ts";
import { ARRAY, INDEX, MAP } from "../functions/collection.ts";
import { IS_JSON } from "../functions/json.ts";
import * as operators from "../functions/operators.ts";
import { likeToRegExp } from "../functions/patterns.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { SqlRuntimeError } from "../functions/sql-runtime-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { bindCall } from "./bind-call.ts";
import { calciteName } from "./calcite-name.ts";
import {
  arithmetic,
  cannotApply,
  checkBoolean,
  checkInItems,
  comparablePair,
  type Comparison,
  equalityOf,
  illegalNull,
  inItemEquality,
  requireComparable,
  unify,
} from "./coercion.ts";
import { UTC_CONTEXT } from "./constant.ts";
import { bindInterval, bindLiteral } from "./literals.ts";
import { parserOnly } from "./parser-only.ts";
import { hasTypedNulls } from "./null-inference.ts";
import { literalOf, type Rex } from "./rex.ts";
import { andOf, callOf, castTo, chainOf, isBareNull, keepsValue, LONG_CHAIN } from "./rex-calls.ts";
import type { Scope } from "./scope.ts";
import { typeOfNode } from "./type-rules.ts";

export { unknownFunction } from "./bind-call.ts";
export { andOf, calciteName, callOf, castTo, illegalNull };

/** Subqueries and special calls are bound by the query around; `null` = not mine, go on. */
export interface BindHook {
  expression(expr: Expr, binder: ExpressionBinder): Rex | null;
}

/** Operators that associate to the left and are written in long rows. */
const CHAINED: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "||"]);

/** The deepest expression that later phases walk without running out of stack, with room to spare. */
const MAX_CHAIN = 1000;

/** The terms under one operation whose brackets do not matter, as a tree of little depth. */
function balanced(terms: readonly Rex[], join: (left: Rex, right: Rex) => Rex): Rex {
  if (terms.length === 1) return terms[0];
  const middle = terms.length >> 1;
  return join(balanced(terms.slice(0, middle), join), balanced(terms.slice(middle), join));
}

/** Items of a constructor: one type, and at least one of them must have one. */
function unifyElements(items: readonly Rex[], span: Span): Rex[] {
  const message = "Parameters must be of the same type";
  if (items.every(isBareNull)) throw new SqlError("validate", "SQL_TYPE_MISMATCH", message, span);
  return unify(items, span, message);
}

export class ExpressionBinder {
  readonly scope: Scope;
  private readonly hook: BindHook | null;

  constructor(scope: Scope, hook: BindHook | null = null) {
    this.scope = scope;
    this.hook = hook;
  }

  bind(expr: Expr): Rex {
    const hooked = this.hook?.expression(expr, this) ?? null;
    if (hooked !== null) return hooked;
    switch (expr.kind) {
      case "literal":
        return bindLiteral(expr);
      case "interval":
        return bindInterval(expr);
      case "unit":
        return literalOf(expr.unit, { root: "DESCRIPTOR", nullable: false });
      case "name":
        return this.bindName(expr.parts);
      case "field":
        return this.bindField(expr);
      case "unary":
        if (expr.op === "-" && expr.operand.kind === "literal") return bindLiteral(expr.operand, true);
        return this.bindUnary(expr.op, this.bind(expr.operand), expr.span);
      case "binary":
        return this.bindBinary(expr);
      case "is":
        return this.bindIs(expr.what, expr.negated, this.bind(expr.operand), expr.span);
      case "isDistinct": {
        const [left, right] = comparablePair(this.bind(expr.left), this.bind(expr.right), "IS DISTINCT FROM", expr.span);
        const same = callOf(operators.IS_NOT_DISTINCT, [left, right]);
        return expr.negated ? same : callOf(operators.NOT, [same]);
      }
      case "between": {
        const bounds = [expr.operand, expr.low, expr.high].map((part) => this.bind(part));
        requireComparable(bounds, `${expr.negated ? "NOT " : ""}BETWEEN`, expr.symmetric ? "SYMMETRIC" : "ASYMMETRIC", expr.span);
        const [operand, low, high] = bounds;
        const within = (a: Rex, b: Rex): Rex =>
          callOf(operators.AND, [
            callOf(operators.GREATER_EQUAL, comparablePair(operand, a, ">=", expr.span)),
            callOf(operators.LESS_EQUAL, comparablePair(operand, b, "<=", expr.span)),
          ]);
        const test = expr.symmetric ? callOf(operators.OR, [within(low, high), within(high, low)]) : within(low, high);
        return expr.negated ? callOf(operators.NOT, [test]) : test;
      }
      case "in": {
        if (expr.list === null) throw this.noSubquery(expr.span);
        const operand = this.bind(expr.operand);
        const items = expr.list.map((item) => this.bind(item));
        checkInItems(items, expr.span);
        const tests = expr.list.map((item, i) => inItemEquality(operand, items[i], item.span));
        const any = chainOf(operators.OR, tests);
        return expr.negated ? callOf(operators.NOT, [any]) : any;
      }
      case "like": {
        const args = [this.bind(expr.operand), this.bind(expr.pattern)];
        if (expr.escape !== null) args.push(this.bind(expr.escape));
        const fn = expr.similar ? operators.SIMILAR : operators.LIKE;
        if (args.some((arg) => isBareNull(arg) || !isCharacter(arg.type))) {
          const name = expr.negated ? `NOT ${fn.name}` : fn.name;
          throw cannotApply(name, args, expr.span, `${name}(<STRING>, <STRING>, <STRING>)`);
        }
        checkPattern(expr.similar, args, expr.span);
        const test = callOf(fn, args);
        return expr.negated ? callOf(operators.NOT, [test]) : test;
      }
      case "case":
        return this.bindCase(expr);
      case "cast": {
        const operand = this.bind(expr.operand);
        return this.bindCast(operand, typeOfNode(expr.type), expr.safe, expr.span);
      }
      case "intervalDifference": {
        const left = this.bind(expr.left);
        const right = this.bind(expr.right);
        const months = expr.unit === "YEAR" || expr.unit === "MONTH" || expr.unit === "QUARTER";
        return callOf(months ? operators.MONTH_DIFFERENCE : operators.TIME_DIFFERENCE, [left, right]);
      }
      case "call":
        return bindCall(expr, this);
      case "array": {
        if (expr.items.length === 0) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", "Require at least 1 argument", expr.span);
        return callOf(
          ARRAY,
          unifyElements(
            expr.items.map((item) => this.bind(item)),
            expr.span,
          ),
        );
      }
      case "map": {
        if (expr.items.length === 0) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", "Map requires at least 2 arguments", expr.span);
        if (expr.items.length % 2 === 1)
          throw new SqlError("validate", "SQL_ARGUMENT_COUNT", "Map requires an even number of arguments", expr.span);
        const items = this.mapItems(expr);
        const keys = unifyElements(
          items.filter((_, i) => i % 2 === 0),
          expr.span,
        );
        const values = unifyElements(
          items.filter((_, i) => i % 2 === 1),
          expr.span,
        );
        return callOf(
          MAP,
          keys.flatMap((key, i) => [key, values[i]]),
        );
      }
      case "row":
        return callOf(
          operators.ROW,
          expr.items.map((item) => {
            const bound = this.bind(item);
            if (isBareNull(bound)) throw illegalNull(item.span);
            return bound;
          }),
        );
      case "index": {
        const operand = this.bind(expr.operand);
        const index = this.bind(expr.index);
        return this.bindIndex(operand, index, expr.span);
      }
      case "exists":
      case "subquery":
        throw this.noSubquery(expr.span);
      case "quantified":
        return this.bindQuantified(expr);
      case "star":
        throw new SqlError("validate", "SQL_STAR", "'*' may not stand here.", expr.span);
      case "descriptor":
      case "tableArgument":
      case "namedArgument":
      case "modelArgument":
        throw new SqlError("validate", "SQL_TABLE_ARGUMENT", "This stands only in a table function such as TUMBLE.", expr.span);
      case "intervalOf":
        return this.bind(lengthTimesUnit(expr));
      case "operator":
      case "parameter":
      case "default":
      case "multiset":
      case "collectionQuery":
      case "timeFrame":
      case "partitioned":
        throw parserOnly(expr);
    }
  }

  /** `a > ALL (1, 2)` is `a > 1 AND a > 2`. */
  private bindQuantified({ operand, op, quantifier, list, span }: QuantifiedExpr): Rex {
    if (list === null) throw this.noSubquery(span);
    const tests = list.map((right) => this.bind({ kind: "binary", op, left: operand, right, span }));
    return chainOf(quantifier === "ALL" ? operators.AND : operators.OR, tests);
  }

  private noSubquery(span: Span): SqlError {
    return new SqlError("validate", "SQL_SUBQUERY", "A subquery is not supported in this place.", span);
  }

  private bindName(parts: readonly Identifier[]): Rex {
    const constant = this.nullaryCall(parts);
    if (constant !== null) return constant;
    const { rex, rest } = this.scope.resolve(parts);
    return rest.reduce((operand, field) => this.fieldOf(operand, field, parts), rex);
  }

  /** PI and E may be written without parentheses where no column has the name. */
  private nullaryCall(parts: readonly Identifier[]): Rex | null {
    if (parts.length !== 1 || parts[0].name.toUpperCase() !== "PI" || this.scope.has("PI")) return null;
    return callOf(SCALAR_FUNCTIONS.get("PI")!, []);
  }

  private bindField(expr: FieldExpr): Rex {
    return this.fieldOf(this.bind(expr.operand), expr.field);
  }

  /** @param path the whole name, where the field is part of one. */
  private fieldOf(operand: Rex, field: Identifier, path: readonly Identifier[] = []): Rex {
    const fields = operand.type.fields ?? [];
    const index = fields.findIndex((candidate) => candidate.name === field.name);
    if (index < 0) {
      const table = this.scope.tableOf(path);
      const below = path.slice(path.at(0)?.name === table ? 1 : 0).map(({ name }) => name);
      const message =
        table === null
          ? operand.type.fields === undefined
            ? `Incompatible types: ${typeName(operand.type)} has no fields, only a ROW has.`
            : `Unknown field '${field.name}' in ${typeName(operand.type)}`
          : `Column '${below.join(".")}' not found in table '${table}'`;
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", message, field.span, {
        found: field.name,
        hint: nameHint(
          field.name,
          fields.map((candidate) => candidate.name),
          "fields",
        ),
      });
    }
    const { type } = fields[index];
    return callOf(operators.FIELD, [operand], withNullable(type, type.nullable || operand.type.nullable), { index });
  }

  private mapItems(expr: MapExpr): Rex[] {
    const items = expr.items.map((item) => this.bind(item));
    if (!hasTypedNulls(expr) || isBareNull(items[0])) return items;
    const type = withNullable(items[0].type, true);
    return items.map((item) => (isBareNull(item) ? literalOf(null, type) : item));
  }

  private bindIndex(operand: Rex, index: Rex, span: Span): Rex {
    const { root } = operand.type;
    if (isBareNull(index)) throw illegalNull(span);
    const forms = "<ARRAY>[<INTEGER>] | <MAP>[<ANY>] | <ROW>[<CHARACTER>|<INTEGER>]";
    const refused = cannotApply("ITEM", [operand, index], span, forms);
    if (root === "ARRAY") {
      if (!isInteger(index.type)) throw refused;
      if (index.type.root !== "INT")
        throw new SqlError("plan", "SQL_ARGUMENT_TYPE", "Integer expression type expected.", span, {
          found: typeName(index.type),
          expected: "INT",
        });
      if (index.kind === "literal" && Number(index.value) < 1) {
        throw new SqlError(
          "validate",
          "SQL_ARRAY_INDEX",
          `Array element access needs an index starting at 1 but was ${index.value}.`,
          span,
        );
      }
      return callOf(INDEX, [operand, index]);
    }
    if (root === "ROW" && (isInteger(index.type) || isCharacter(index.type))) return this.bindRowIndex(operand, index, span);
    if (root === "MAP") {
      const key = operand.type.key!;
      const fits = isCharacter(key) ? isCharacter(index.type) : isNumeric(key) ? isNumeric(index.type) : key.root === index.type.root;
      if (!fits) throw refused;
      return callOf(INDEX, [operand, isNumeric(key) ? castTo(index, key) : index]);
    }
    if (root === "VARIANT" && (isCharacter(index.type) || isNumeric(index.type))) {
      if (isCharacter(index.type) && index.kind !== "literal")
        throw new SqlError("plan", "SQL_VARIANT_KEY", "The key of a VARIANT must be a literal.", span);
      return callOf(INDEX, [operand, index]);
    }
    throw refused;
  }

  /** `row[1]` and `row['name']`: the type has to be known, and so the index. */
  private bindRowIndex(operand: Rex, index: Rex, span: Span): Rex {
    const fields = operand.type.fields!;
    const value = index.kind === "literal" ? index.value : null;
    const at = isCharacter(index.type) ? fields.findIndex(({ name }) => name === value) : Number(value) - 1;
    const field = fields[at];
    if (field !== undefined)
      return callOf(operators.FIELD, [operand], withNullable(field.type, field.type.nullable || operand.type.nullable), { index: at });
    const names = fields.map(({ name }) => name);
    const what = isCharacter(index.type) ? `'${value}'` : `at position ${value}`;
    const other = names.find((name) => typeof value === "string" && name.toUpperCase() === value.toUpperCase());
    throw new SqlError(
      other === undefined ? "validate" : "plan",
      "SQL_UNKNOWN_COLUMN",
      other === undefined
        ? `Cannot infer type of field ${what} within ROW type: ${typeName(operand.type)}`
        : `Index -1 out of bounds for length ${fields.length}: the field is written '${other}'.`,
      span,
      { found: String(value), expected: value === null ? "a literal" : undefined, hint: nameHint(String(value), names, "fields") },
    );
  }

  private bindUnary(op: "-" | "+" | "NOT", operand: Rex, span: Span): Rex {
    if (op === "NOT") {
      checkBoolean("NOT", [operand], span);
      return callOf(operators.NOT, [operand]);
    }
    if (!isNumeric(operand.type) && !isInterval(operand.type)) throw cannotApply(op, [operand], span, `${op}<NUMERIC>`);
    return op === "+" ? operand : callOf(operators.NEGATE, [operand]);
  }

  private bindIs(what: string, negated: boolean, operand: Rex, span: Span): Rex {
    if (what === "NULL") return callOf(negated ? operators.IS_NOT_NULL : operators.IS_NULL, [operand]);
    if (what.startsWith("JSON")) {
      const shown = what === "JSON" ? "JSON VALUE" : what;
      if (!isCharacter(operand.type)) throw cannotApply(`IS ${shown}`, [operand], span, `<CHARACTER> IS ${shown}`);
      const test = callOf(IS_JSON, [operand], undefined, { kind: what });
      return negated ? callOf(operators.NOT, [test]) : test;
    }
    if (what !== "TRUE" && what !== "FALSE" && what !== "UNKNOWN")
      throw new SqlError("validate", "SQL_UNSUPPORTED", `IS ${what} is not available.`, span);
    checkBoolean(`IS ${what}`, [operand], span);
    if (what === "UNKNOWN") return callOf(negated ? operators.IS_NOT_NULL : operators.IS_NULL, [operand]);
    const test = callOf(what === "TRUE" ? operators.IS_TRUE : operators.IS_FALSE, [operand]);
    return negated ? callOf(operators.NOT, [test]) : test;
  }

  /** `a + b + c + …` is as deep as it is long: taken apart here, so that no stack is needed for it. */
  private bindBinary(expr: BinaryExpr): Rex {
    const spine: BinaryExpr[] = [expr];
    let first = expr.left;
    const logical = expr.op === "AND" || expr.op === "OR";
    for (; first.kind === "binary" && (logical ? first.op === expr.op : CHAINED.has(first.op)); first = first.left) spine.push(first);
    if (spine.length < LONG_CHAIN || !(logical || CHAINED.has(expr.op)))
      return this.operation(expr, this.bind(expr.left), this.bind(expr.right));
    spine.reverse();
    const bound = [this.bind(first), ...spine.map((part) => this.bind(part.right))];
    const same = spine.every((part) => part.op === expr.op);
    if (logical) {
      for (let i = 1; i < bound.length; i++) checkBoolean(expr.op, [bound[i - 1], bound[i]], expr.span);
      return chainOf(expr.op === "AND" ? operators.AND : operators.OR, bound);
    }
    if (same && expr.op === "||" && bound.every((rex) => isCharacter(rex.type))) return chainOf(operators.CONCAT_OPERATOR, bound);
    // Whole numbers wrap: it is all one where the brackets stand.
    if (same && expr.op === "+" && bound.every((rex) => isInteger(rex.type) && rex.type.root === bound[0].type.root))
      return balanced(bound, (left, right) => this.operation(expr, left, right));
    if (spine.length > MAX_CHAIN) {
      throw new SqlError(
        "validate",
        "SQL_TOO_DEEP",
        `An expression with more than ${MAX_CHAIN} operators in a row is not analyzed.`,
        expr.span,
        {
          found: `${spine.length} operators`,
          hint: "Take parts of it out into columns of a subquery.",
        },
      );
    }
    return spine.reduce((left, part, i) => this.operation(part, left, bound[i + 1]), bound[0]);
  }

  private operation(expr: BinaryExpr, left: Rex, right: Rex): Rex {
    switch (expr.op) {
      case "AND":
      case "OR": {
        const fn = expr.op === "AND" ? operators.AND : operators.OR;
        checkBoolean(expr.op, [left, right], expr.span);
        return callOf(fn, [left, right]);
      }
      case "||": {
        if (isBareNull(left)) throw illegalNull(expr.left.span);
        if (isBareNull(right)) throw illegalNull(expr.right.span);
        if (isCharacter(left.type) && isCharacter(right.type)) return callOf(operators.CONCAT_OPERATOR, [left, right]);
        const [a, b] = [left.type, right.type];
        if ((a.root === "ARRAY" && b.root === "ARRAY") || (isBinary(a) && isBinary(b)))
          throw new SqlError("plan", "SQL_ARGUMENT_TYPE", "String expression type expected.", expr.span, {
            hint: "ARRAY_CONCAT joins arrays.",
          });
        throw cannotApply("||", [left, right], expr.span, "<STRING> || <STRING>");
      }
      case "=":
      case "<>":
      case "<":
      case "<=":
      case ">":
      case ">=": {
        if (expr.op === "=") return equalityOf(left, right, expr.span);
        const fn = {
          "<>": operators.NOT_EQUALS,
          "<": operators.LESS,
          "<=": operators.LESS_EQUAL,
          ">": operators.GREATER,
          ">=": operators.GREATER_EQUAL,
        }[expr.op];
        return callOf(fn, comparablePair(left, right, expr.op, expr.span));
      }
      default:
        return arithmetic(expr.op, left, right, expr.span);
    }
  }

  private bindCase(expr: CaseExpr): Rex {
    const operand = expr.operand === null ? null : this.bind(expr.operand);
    const conditions = expr.whens.map(({ when }) => {
      const bound = this.bind(when);
      if (operand !== null) return equalityOf(operand, bound, when.span);
      if (isBareNull(bound)) return literalOf(null, BOOLEAN);
      checkBoolean("CASE", [bound], when.span);
      return bound;
    });
    const results = expr.whens.map(({ result }) => this.bind(result));
    results.push(expr.otherwise === null ? literalOf(null, { root: "NULL", nullable: true }) : this.bind(expr.otherwise));
    if (results.every(isBareNull)) {
      throw new SqlError("validate", "SQL_TYPE_MISMATCH", "ELSE clause or at least one THEN clause must be non-NULL.", expr.span);
    }
    return caseOf(conditions, unify(results, expr.span, "Illegal mixing of types in CASE or COALESCE statement"));
  }

  private bindCast(operand: Rex, type: LogicalType, safe: boolean, span: Span): Rex {
    const target = withNullable(type, safe || operand.type.nullable);
    if (operand.kind === "literal" && operand.value === null) return literalOf(null, withNullable(type, true));
    const numberToTime = isNumeric(operand.type) && (type.root === "TIMESTAMP" || type.root === "TIMESTAMP_LTZ");
    if (numberToTime) {
      const instead =
        type.root === "TIMESTAMP"
          ? "TO_TIMESTAMP(FROM_UNIXTIME(numeric_col)) instead, note the numeric is in seconds"
          : "TO_TIMESTAMP_LTZ(numeric_col, precision) instead";
      throw new SqlError(
        "validate",
        "SQL_CAST",
        `The cast from NUMERIC type to ${type.root} type is not allowed. It's recommended to use ${instead}.`,
        span,
      );
    }
    const from = operand.type.root;
    if (isNumeric(type) && (from === "TIMESTAMP" || from === "TIMESTAMP_LTZ")) {
      const message = `The cast from ${from} type to NUMERIC type is not allowed. It's recommended to use UNIX_TIMESTAMP(CAST(timestamp_col AS STRING)) instead.`;
      throw new SqlError("validate", "SQL_CAST", message, span);
    }
    if (casterFor(operand.type, type, UTC_CONTEXT) === null) {
      const phase = castRefusal(operand.type, type);
      throw new SqlError(
        phase,
        "SQL_CAST",
        phase === "plan"
          ? `Unsupported cast from '${typeSummary(operand.type)}' to '${typeSummary(safe ? type : withNullable(type, operand.type.nullable))}'.`
          : `Cast function cannot convert value of type ${calciteName(operand.type)} to type ${calciteName(type)}.`,
        span,
      );
    }
    if (!safe && operand.kind === "literal" && keepsValue(operand.type, type)) return literalOf(operand.value, target);
    return callOf(safe ? operators.TRY_CAST : operators.CAST, [operand], target);
  }

  /** For the query around: see coercion.ts. */
  comparablePair(left: Rex, right: Rex, op: Comparison, span: Span): Rex[] {
    return comparablePair(left, right, op, span);
  }

  arithmetic(op: "+" | "-" | "*" | "/" | "%", left: Rex, right: Rex, span: Span): Rex {
    return arithmetic(op, left, right, span);
  }

  unify(items: readonly Rex[], span: Span, message?: string): Rex[] {
    return unify(items, span, message);
  }
}

/** Patterns written out are looked at before the query runs. */
function checkPattern(similar: boolean, [, pattern, escaping]: readonly Rex[], span: Span): void {
  if (pattern.kind !== "literal" || (escaping !== undefined && escaping.kind !== "literal")) return;
  const character = escaping === undefined ? undefined : (escaping.value as string);
  if (character !== undefined && character.length !== 1)
    throw new SqlError("validate", "SQL_INVALID_ESCAPE", `Invalid escape character '${character}'`, span);
  try {
    if (!similar) likeToRegExp(pattern.value as string, character);
  } catch (error) {
    if (error instanceof SqlRuntimeError) throw new SqlError("validate", error.code, error.message, span);
    throw error;
  }
}

/** CASE over conditions and one result more, all of one type. */
export function caseOf(conditions: readonly Rex[], results: readonly Rex[]): Rex {
  const args = conditions.flatMap((condition, i) => [condition, results[i]]);
  args.push(results[results.length - 1]);
  const type = results.find((result) => result.type.root !== "NULL")!.type;
  return callOf(
    operators.CASE,
    args,
    withNullable(
      type,
      results.some((result) => result.type.nullable),
    ),
  );
}

/** `INTERVAL n DAY` is n times one day. */
function lengthTimesUnit({ value, unit, span }: IntervalOfExpr): Expr {
  const one: Expr = {
    kind: "interval",
    text: "1",
    negative: false,
    quoted: true,
    from: unit,
    to: null,
    precision: null,
    fraction: null,
    span,
  };
  return { kind: "binary", op: "*", left: value, right: one, span };
}
