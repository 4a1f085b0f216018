/**
 * Expressions of the syntax tree to typed expressions: names through the scope, types by Flink's coercion rules (numbers widen, text
 * never turns into numbers on its own), functions from the registry.
 */
import {
  BOOLEAN,
  DOUBLE,
  decimalOf,
  isApproximate,
  isCharacter,
  isDatetime,
  isInterval,
  isNumeric,
  type LogicalType,
  numericRank,
  typeName,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import type { BinaryExpr, CallExpr, CaseExpr, Expr, FieldExpr, Identifier } from "../1-parse/ast.ts";
import { CONTEXT_VARIABLES } from "../1-parse/keywords.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { COMMON_TYPE_FROM } from "../functions/conditional.ts";
import { additionType, divisionType, moduloType, multiplicationType } from "../functions/decimal.ts";
import { casterFor } from "../functions/cast.ts";
import * as operators from "../functions/operators.ts";
import { ARRAY, INDEX, MAP } from "../functions/collection.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { belongsTo, type ScalarFunction } from "../functions/scalar-function.ts";
import { nameHint } from "../../base/nearest.ts";
import { UTC_CONTEXT } from "./constant.ts";
import { parserOnly } from "./parser-only.ts";
import { bindInterval, bindLiteral } from "./literals.ts";
import { literalOf, type Rex } from "./rex.ts";
import type { Scope } from "./scope.ts";
import { comparable, commonType, decimalForm, typeOfNode } from "./type-rules.ts";

/** Subqueries and special calls are bound by the query around; `null` = not mine, go on. */
export interface BindHook {
  expression(expr: Expr, binder: ExpressionBinder): Rex | null;
}

export function callOf(fn: ScalarFunction, args: readonly Rex[], type?: LogicalType, options: Readonly<Record<string, unknown>> = {}): Rex {
  const types = args.map((arg) => arg.type);
  let result = type ?? fn.result(types, args);
  if (fn.nullAware !== true && type === undefined)
    result = withNullable(result, fn.alwaysNullable === true || types.some((t) => t.nullable && t.root !== "DESCRIPTOR"));
  return { kind: "call", fn, args, type: withoutTimeAttributeUnlessProctime(fn, result), options };
}

function withoutTimeAttributeUnlessProctime(fn: ScalarFunction, type: LogicalType): LogicalType {
  return fn.name === "PROCTIME" ? type : withoutTimeAttribute(type);
}

/** A cast, unless the types differ in nothing but nullability. */
export function castTo(rex: Rex, type: LogicalType): Rex {
  if (typeName(rex.type) === typeName(type)) return rex;
  if (rex.kind === "literal" && rex.value === null) return literalOf(null, withNullable(type, true));
  return callOf(operators.CAST, [rex], withNullable(type, rex.type.nullable));
}

/** A cast that nobody wrote: operands of comparisons and arithmetic meet in their common type. EXPLAIN leaves it out. */
function coerced(rex: Rex, type: LogicalType): Rex {
  const cast = castTo(rex, type);
  return cast.kind === "call" && cast !== rex ? { ...cast, options: { ...cast.options, implicit: true } } : cast;
}

export function andOf(conditions: readonly Rex[]): Rex {
  if (conditions.length === 0) return literalOf(true, withNullable(BOOLEAN, false));
  return conditions.reduce((left, right) => callOf(operators.AND, [left, right]));
}

/** How types are named in messages: Calcite's spelling. */
export function calciteName(type: LogicalType): string {
  if (type.root === "INT") return "INTEGER";
  if (type.root === "VARCHAR") return `VARCHAR(${type.length})`;
  return typeName(type);
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
        return this.bindUnary(expr.op, this.bind(expr.operand), expr.span);
      case "binary":
        return this.bindBinary(expr);
      case "is":
        return this.bindIs(expr.what, expr.negated, this.bind(expr.operand), expr.span);
      case "isDistinct": {
        const [left, right] = this.comparablePair(this.bind(expr.left), this.bind(expr.right), "IS DISTINCT FROM", expr.span);
        const same = callOf(operators.IS_NOT_DISTINCT, [left, right]);
        return expr.negated ? same : callOf(operators.NOT, [same]);
      }
      case "between": {
        const operand = this.bind(expr.operand);
        const low = this.bind(expr.low);
        const high = this.bind(expr.high);
        const within = (a: Rex, b: Rex): Rex =>
          callOf(operators.AND, [
            callOf(operators.GREATER_EQUAL, this.comparablePair(operand, a, ">=", expr.span)),
            callOf(operators.LESS_EQUAL, this.comparablePair(operand, b, "<=", expr.span)),
          ]);
        const test = expr.symmetric ? callOf(operators.OR, [within(low, high), within(high, low)]) : within(low, high);
        return expr.negated ? callOf(operators.NOT, [test]) : test;
      }
      case "in": {
        if (expr.list === null) throw this.noSubquery(expr.span);
        const operand = this.bind(expr.operand);
        const tests = expr.list.map((item) => callOf(operators.EQUALS, this.comparablePair(operand, this.bind(item), "=", item.span)));
        const any = tests.reduce((left, right) => callOf(operators.OR, [left, right]));
        return expr.negated ? callOf(operators.NOT, [any]) : any;
      }
      case "like": {
        const args = [this.bind(expr.operand), this.bind(expr.pattern)];
        if (expr.escape !== null) args.push(this.bind(expr.escape));
        const fn = expr.similar ? operators.SIMILAR : operators.LIKE;
        this.checkArguments(fn, args, expr.span);
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
        return callOf(operators.TIME_DIFFERENCE, [left, right]);
      }
      case "call":
        return this.bindCall(expr);
      case "array": {
        const items = this.unify(
          expr.items.map((item) => this.bind(item)),
          expr.span,
        );
        return callOf(ARRAY, items);
      }
      case "map": {
        if (expr.items.length % 2 === 1)
          throw new SqlError("validate", "SQL_ARGUMENT_COUNT", "MAP wants pairs of key and value.", expr.span);
        const bound = expr.items.map((item) => this.bind(item));
        const keys = this.unify(
          bound.filter((_, i) => i % 2 === 0),
          expr.span,
        );
        const values = this.unify(
          bound.filter((_, i) => i % 2 === 1),
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
          expr.items.map((item) => this.bind(item)),
        );
      case "index": {
        const operand = this.bind(expr.operand);
        const index = this.bind(expr.index);
        if (operand.type.root !== "ARRAY" && operand.type.root !== "MAP") throw this.cannotApply("ITEM", [operand, index], expr.span);
        return callOf(INDEX, [operand, index]);
      }
      case "exists":
      case "subquery":
      case "quantified":
        throw this.noSubquery(expr.span);
      case "star":
        throw new SqlError("validate", "SQL_STAR", "'*' may not stand here.", expr.span);
      case "descriptor":
      case "tableArgument":
      case "namedArgument":
      case "modelArgument":
        throw new SqlError("validate", "SQL_TABLE_ARGUMENT", "This stands only in a table function such as TUMBLE.", expr.span);
      case "intervalOf":
      case "parameter":
      case "default":
      case "operator":
      case "multiset":
      case "collectionQuery":
      case "timeFrame":
      case "partitioned":
        throw parserOnly(expr);
    }
  }

  /** USER and its like are keywords for values that Flink does not have; mostly a column was meant. */
  private keywordAsName({ name, nameSpan: span }: CallExpr): SqlError {
    const column = this.scope.star.find((candidate) => candidate.name.toUpperCase() === name);
    if (column === undefined) return this.scope.notFound([{ name: name.toLowerCase(), span }]);
    return new SqlError("validate", "SQL_UNKNOWN_FUNCTION", `${name} is a keyword of SQL, and not this column.`, span, {
      found: name,
      hint: `As a name it stands in back quotes: \`${column.name}\`.`,
    });
  }

  private noSubquery(span: Span): SqlError {
    return new SqlError("validate", "SQL_SUBQUERY", "A subquery is not supported in this place.", span);
  }

  private bindName(parts: readonly Identifier[]): Rex {
    const { rex, rest } = this.scope.resolve(parts);
    return rest.reduce((operand, field) => this.fieldOf(operand, field), rex);
  }

  private bindField(expr: FieldExpr): Rex {
    return this.fieldOf(this.bind(expr.operand), expr.field);
  }

  private fieldOf(operand: Rex, field: Identifier): Rex {
    const fields = operand.type.root === "ROW" ? operand.type.fields! : [];
    const index = fields.findIndex((candidate) => candidate.name === field.name);
    if (index < 0) {
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `There is no field '${field.name}' in ${typeName(operand.type)}.`, field.span, {
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

  private bindUnary(op: "-" | "+" | "NOT", operand: Rex, span: Span): Rex {
    if (op === "NOT") {
      if (!belongsTo(operand.type, "boolean")) throw this.cannotApply("NOT", [operand], span);
      return callOf(operators.NOT, [operand]);
    }
    if (!isNumeric(operand.type) && !isInterval(operand.type)) throw this.cannotApply(op, [operand], span);
    if (op === "+") return operand;
    if (operand.kind === "literal" && typeof operand.value === "number" && operand.value !== 0)
      return literalOf(-operand.value, operand.type);
    return callOf(operators.NEGATE, [operand]);
  }

  private bindIs(what: string, negated: boolean, operand: Rex, span: Span): Rex {
    if (what === "NULL") return callOf(negated ? operators.IS_NOT_NULL : operators.IS_NULL, [operand]);
    if (what === "UNKNOWN") return callOf(negated ? operators.IS_NOT_NULL : operators.IS_NULL, [operand]);
    if (what !== "TRUE" && what !== "FALSE") throw new SqlError("validate", "SQL_UNSUPPORTED", `IS ${what} is not available.`, span);
    const fn = what === "TRUE" ? operators.IS_TRUE : operators.IS_FALSE;
    const test = callOf(fn, [operand]);
    return negated ? callOf(operators.NOT, [test]) : test;
  }

  private bindBinary(expr: BinaryExpr): Rex {
    const left = this.bind(expr.left);
    const right = this.bind(expr.right);
    switch (expr.op) {
      case "AND":
      case "OR": {
        const fn = expr.op === "AND" ? operators.AND : operators.OR;
        this.checkArguments(fn, [left, right], expr.span);
        return callOf(fn, [left, right]);
      }
      case "||": {
        if (left.kind === "literal" && left.value === null) throw illegalNull(expr.left.span);
        if (right.kind === "literal" && right.value === null) throw illegalNull(expr.right.span);
        const texts = isCharacter(left.type) && isCharacter(right.type);
        const arrays = left.type.root === "ARRAY" && right.type.root === "ARRAY";
        if (!texts && !arrays) throw this.cannotApply("||", [left, right], expr.span);
        return callOf(operators.CONCAT_OPERATOR, [left, right]);
      }
      case "=":
      case "<>":
      case "<":
      case "<=":
      case ">":
      case ">=": {
        const fn = {
          "=": operators.EQUALS,
          "<>": operators.NOT_EQUALS,
          "<": operators.LESS,
          "<=": operators.LESS_EQUAL,
          ">": operators.GREATER,
          ">=": operators.GREATER_EQUAL,
        }[expr.op];
        return callOf(fn, this.comparablePair(left, right, expr.op, expr.span));
      }
      default:
        return this.arithmetic(expr.op, left, right, expr.span);
    }
  }

  /** `+ - * /` and MOD over numbers, points in time and intervals. */
  arithmetic(op: "+" | "-" | "*" | "/" | "%", left: Rex, right: Rex, span: Span): Rex {
    const fn = { "+": operators.ADD, "-": operators.SUBTRACT, "*": operators.MULTIPLY, "/": operators.DIVIDE, "%": operators.MODULO }[op];
    const a = left.type.root === "NULL" ? right.type : left.type;
    const b = right.type.root === "NULL" ? left.type : right.type;
    if (left.type.root === "NULL" && left.kind === "literal") throw illegalNull(span);
    if (right.type.root === "NULL" && right.kind === "literal") throw illegalNull(span);
    const nullable = left.type.nullable || right.type.nullable;
    if (isNumeric(a) && isNumeric(b)) {
      const type = withNullable(this.arithmeticType(op, a, b), nullable);
      if (type.root === "DECIMAL") {
        const cast = (rex: Rex): Rex => {
          const form = decimalForm(rex.type);
          return coerced(rex, decimalOf(form.precision, form.scale));
        };
        return callOf(fn, [cast(left), cast(right)], type);
      }
      return callOf(fn, [coerced(left, type), coerced(right, type)], type);
    }
    const pointAndInterval =
      (isDatetime(a) && isInterval(b) && (op === "+" || op === "-")) || (isInterval(a) && isDatetime(b) && op === "+");
    if (pointAndInterval) return callOf(fn, [left, right], withNullable(withoutTimeAttribute(isDatetime(a) ? a : b), nullable));
    if (isInterval(a) && a.root === b.root && (op === "+" || op === "-")) return callOf(fn, [left, right], withNullable(a, nullable));
    if (isInterval(a) && isNumeric(b) && (op === "*" || op === "/"))
      return callOf(fn, [left, coerced(right, DOUBLE)], withNullable(a, nullable));
    if (isNumeric(a) && isInterval(b) && op === "*") return callOf(fn, [coerced(left, DOUBLE), right], withNullable(b, nullable));
    throw this.cannotApply(op, [left, right], span);
  }

  private arithmeticType(op: string, a: LogicalType, b: LogicalType): LogicalType {
    if (isApproximate(a) || isApproximate(b))
      return a.root === "DOUBLE" || b.root === "DOUBLE" || a.root !== b.root
        ? (a.root === "FLOAT" && numericRank(b) < 4) || (b.root === "FLOAT" && numericRank(a) < 4)
          ? { root: "FLOAT", nullable: true }
          : DOUBLE
        : a;
    if (a.root === "DECIMAL" || b.root === "DECIMAL") {
      const x = decimalForm(a);
      const y = decimalForm(b);
      const derive = { "+": additionType, "-": additionType, "*": multiplicationType, "/": divisionType, "%": moduloType }[op]!;
      return derive(x.precision, x.scale, y.precision, y.scale);
    }
    if (op === "%") return b;
    return numericRank(a) >= numericRank(b) ? a : b;
  }

  /** Both operands cast to their common type; refuses what Flink does not compare. */
  comparablePair(left: Rex, right: Rex, op: string, span: Span): Rex[] {
    if (!comparable(left.type, right.type)) {
      const mixed = (isCharacter(left.type) && isNumeric(right.type)) || (isNumeric(left.type) && isCharacter(right.type));
      if (mixed) {
        throw new SqlError(
          "validate",
          "SQL_IMPLICIT_CONVERSION",
          `Implicit conversion between ${calciteName(left.type)} and ${calciteName(right.type)} is not supported.`,
          span,
          {
            hint: "Cast one side: CAST(x AS INT) or CAST(x AS STRING).",
          },
        );
      }
      throw this.cannotApply(op, [left, right], span);
    }
    if (isCharacter(left.type) && isCharacter(right.type)) return [left, right];
    const type = commonType(left.type, right.type);
    return type === null || isDatetime(type) ? this.datetimePair(left, right, type) : [coerced(left, type), coerced(right, type)];
  }

  /** Timestamps of different precision compare as they are; TIMESTAMP and TIMESTAMP_LTZ through the session zone. */
  private datetimePair(left: Rex, right: Rex, type: LogicalType | null): Rex[] {
    if (type === null || left.type.root === right.type.root) return [left, right];
    return [coerced(left, type), coerced(right, type)];
  }

  unify(items: readonly Rex[], span: Span): Rex[] {
    if (items.length === 0) return [];
    let type: LogicalType | null = items[0].type;
    for (const item of items.slice(1)) type = type === null ? null : commonType(type, item.type);
    if (type === null) {
      throw new SqlError(
        "validate",
        "SQL_TYPE_MISMATCH",
        `No common type for ${items.map((item) => calciteName(item.type)).join(", ")}.`,
        span,
      );
    }
    const common = type;
    return items.map((item) => castTo(item, common));
  }

  private bindCase(expr: CaseExpr): Rex {
    const operand = expr.operand === null ? null : this.bind(expr.operand);
    const conditions = expr.whens.map(({ when }) => {
      const bound = this.bind(when);
      if (operand !== null) return callOf(operators.EQUALS, this.comparablePair(operand, bound, "=", when.span));
      if (!belongsTo(bound.type, "boolean")) throw this.cannotApply("CASE", [bound], when.span);
      return bound;
    });
    const results = expr.whens.map(({ result }) => this.bind(result));
    results.push(expr.otherwise === null ? literalOf(null, { root: "NULL", nullable: true }) : this.bind(expr.otherwise));
    if (results.every((result) => result.type.root === "NULL")) {
      throw new SqlError("validate", "SQL_TYPE_MISMATCH", "ELSE clause or at least one THEN clause must be non-NULL.", expr.span);
    }
    const unified = this.unify(results, expr.span);
    const args = conditions.flatMap((condition, i) => [condition, unified[i]]);
    args.push(unified[unified.length - 1]);
    const type = unified.find((result) => result.type.root !== "NULL")!.type;
    return callOf(
      operators.CASE,
      args,
      withNullable(
        type,
        unified.some((result) => result.type.nullable),
      ),
    );
  }

  private bindCast(operand: Rex, type: LogicalType, safe: boolean, span: Span): Rex {
    const target = withNullable(type, safe || operand.type.nullable);
    if (operand.kind === "literal" && operand.value === null) return literalOf(null, withNullable(type, true));
    const numberToTime = isNumeric(operand.type) && (type.root === "TIMESTAMP" || type.root === "TIMESTAMP_LTZ");
    if (numberToTime) {
      throw new SqlError("validate", "SQL_CAST", `The cast from NUMERIC type to ${type.root} type is not allowed.`, span, {
        hint: type.root === "TIMESTAMP" ? "Use TO_TIMESTAMP(FROM_UNIXTIME(seconds))." : "Use TO_TIMESTAMP_LTZ(number, 3).",
      });
    }
    if (casterFor(operand.type, type, UTC_CONTEXT) === null) {
      throw new SqlError(
        "validate",
        "SQL_CAST",
        `Cast function cannot convert value of type ${typeName(operand.type)} to type ${typeName(type)}.`,
        span,
      );
    }
    return callOf(safe ? operators.TRY_CAST : operators.CAST, [operand], target);
  }

  private bindCall(expr: CallExpr): Rex {
    if (expr.over !== null) throw new SqlError("validate", "SQL_OVER", `${expr.name} OVER may not stand here.`, expr.span);
    const fn = SCALAR_FUNCTIONS.get(expr.name);
    if (fn === undefined) {
      if (AGGREGATE_FUNCTIONS.has(expr.name)) {
        throw new SqlError("validate", "SQL_AGGREGATE", `Aggregate expression ${expr.name} is illegal here.`, expr.span, {
          hint: "Conditions on aggregates belong into HAVING.",
        });
      }
      if (CONTEXT_VARIABLES.has(expr.name) && expr.args.length === 0) throw this.keywordAsName(expr);
      throw unknownFunction(expr, []);
    }
    const options: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(expr.options)) options[key] = typeof value === "string" ? value : this.bind(value);
    const args = expr.args.map((arg) => this.bind(arg));
    if (fn.name === "MOD") {
      if (args.length !== 2) throw argumentCount(fn, expr);
      return this.arithmetic("%", args[0], args[1], expr.span);
    }
    args.forEach((arg, i) => {
      if (arg.kind === "literal" && arg.value === null && arg.type.root === "NULL" && fn.operator !== true)
        throw illegalNull(expr.args[i].span);
    });
    this.checkArity(fn, expr);
    this.checkArguments(fn, args, expr.span);
    const from = COMMON_TYPE_FROM[fn.name];
    const cast = from === undefined ? args : [...args.slice(0, from), ...this.unify(args.slice(from), expr.span)];
    return callOf(fn, cast, undefined, options);
  }

  private checkArity(fn: ScalarFunction, expr: CallExpr): void {
    const least = fn.parameters.filter((parameter) => parameter.optional !== true).length;
    const variadic = fn.parameters.some((parameter) => parameter.variadic === true);
    if (expr.args.length < least || (!variadic && expr.args.length > fn.parameters.length)) throw argumentCount(fn, expr);
  }

  private checkArguments(fn: ScalarFunction, args: readonly Rex[], span: Span): void {
    args.forEach((arg, i) => {
      const parameter = fn.parameters[Math.min(i, fn.parameters.length - 1)];
      if (!belongsTo(arg.type, parameter.family))
        throw this.cannotApply(fn.name, args, span, `${fn.name}(${fn.parameters.map((p) => `<${p.family.toUpperCase()}>`).join(", ")})`);
    });
  }

  private cannotApply(name: string, args: readonly Rex[], span: Span, expected?: string): SqlError {
    const types = args.map((arg) => `<${calciteName(arg.type)}>`);
    const infix = args.length === 2 && !/^[A-Z]/.test(name);
    const shown = infix ? types.join(` ${name} `) : `${name}(${types.join(", ")})`;
    return new SqlError("validate", "SQL_ARGUMENT_TYPE", `Cannot apply '${name}' to arguments of type '${shown}'.`, span, {
      found: shown,
      expected,
    });
  }
}

export function illegalNull(span: Span): SqlError {
  return new SqlError("validate", "SQL_ILLEGAL_NULL", "Illegal use of 'NULL': it has no type here.", span, {
    hint: "Write CAST(NULL AS STRING).",
  });
}

export function unknownFunction(expr: CallExpr, more: readonly string[]): SqlError {
  const known = [...SCALAR_FUNCTIONS.keys(), ...AGGREGATE_FUNCTIONS.keys(), ...more];
  return new SqlError("validate", "SQL_UNKNOWN_FUNCTION", `There is no function ${expr.name}.`, expr.nameSpan, {
    found: expr.name,
    hint: nameHint(expr.name, known, "functions"),
  });
}

function argumentCount(fn: ScalarFunction, expr: CallExpr): SqlError {
  const expected = fn.parameters.filter((parameter) => parameter.optional !== true).length;
  return new SqlError(
    "validate",
    "SQL_ARGUMENT_COUNT",
    `Invalid number of arguments to function '${fn.name}': ${expr.args.length}.`,
    expr.span,
    {
      found: `${expr.args.length} arguments`,
      expected: `${fn.name}(${fn.parameters.map((p) => `${p.name}${p.variadic === true ? "…" : p.optional === true ? "?" : ""}`).join(", ")}), at least ${expected}`,
    },
  );
}
