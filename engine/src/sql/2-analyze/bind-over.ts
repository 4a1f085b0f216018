/**
 * Calls with OVER. SUM and AVG over rows that may be none become what Calcite makes of them: `CASE(COUNT(x) > 0, $SUM0(x), NULL)`
 * and the quotient of that and the count.
 */
import { BIGINT, isDatetime, isNumeric, type LogicalType, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { CallExpr, Expr, FrameBound, Identifier, WindowSpec } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import * as operators from "../functions/operators.ts";
import { belongsTo, familyName, type ParameterFamily } from "../functions/scalar-function.ts";
import { type BindHook, calciteName, callOf, castTo, ExpressionBinder, unknownFunction } from "./bind-expression.ts";
import { constantValue, isConstant } from "./constant.ts";
import { bindUserAggregate, userAggregate } from "./bind-user-function.ts";
import type { QueryContext } from "./query-context.ts";
import { literalOf, type Rex, type RexFrameBound, type RexOver, type RexWindow } from "./rex.ts";
import { walk } from "./walk.ts";
import { NAVIGATION, RANKING } from "./window-functions.ts";

const NEEDS_ORDER = ["RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST"];

export type NamedWindows = readonly { readonly name: Identifier; readonly spec: WindowSpec }[];

/** Stands in for OVER calls while a select list is bound; everything else is left to the hook below. */
export class OverHook implements BindHook {
  private readonly below: BindHook;
  private readonly named: NamedWindows;
  private readonly context: QueryContext;

  constructor(below: BindHook, named: NamedWindows, context: QueryContext) {
    this.below = below;
    this.named = named;
    this.context = context;
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind === "call" && expr.over !== null) return this.bindOver(expr, binder);
    return this.below.expression(expr, binder);
  }

  private bindOver(call: CallExpr, outer: ExpressionBinder): Rex {
    if (call.filter !== null) {
      throw new SqlError("validate", "SQL_OVER_FILTER", "OVER must be applied to aggregate function", call.filter.span, {
        hint: "FILTER does not go with OVER: put the condition into the argument, SUM(CASE WHEN … THEN x END) OVER …",
      });
    }
    for (const arg of call.args) {
      walk(arg, (part) => {
        if (part.kind === "call" && part.over !== null)
          throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expressions cannot be nested", part.span);
        return true;
      });
    }
    // OVER inside OVER is refused: what is inside is bound by the hook below.
    const binder = new ExpressionBinder(outer.scope, this.below);
    const window = this.bindWindow(call, binder);
    const user = userAggregate(call, this.context);
    if (user !== null) {
      const { fn, args } = bindUserAggregate(user, call, binder);
      const type = withNullable(fn.result([]), true);
      return { kind: "over", name: fn.name, fn, args, distinct: call.distinct, window, type };
    }
    const fn = AGGREGATE_FUNCTIONS.get(call.name) ?? null;
    if (fn === null && !RANKING.includes(call.name) && !NAVIGATION.includes(call.name)) {
      if (!SCALAR_FUNCTIONS.has(call.name)) throw unknownFunction(call, [...RANKING, ...NAVIGATION]);
      throw new SqlError("validate", "SQL_OVER", "OVER must be applied to aggregate function", call.nameSpan, { found: call.name });
    }
    const args = call.star ? [] : call.args.map((arg) => binder.bind(arg));
    if (fn !== null && args.length > 0) {
      const family = fn.parameters[0].replace("?", "") as ParameterFamily;
      if (!belongsTo(args[0].type, family)) {
        throw new SqlError(
          "validate",
          "SQL_ARGUMENT_TYPE",
          `Cannot apply '${fn.name}' to arguments of type '${fn.name}(<${calciteName(args[0].type)}>)'. Supported form(s): '${fn.name}(<${familyName(family)}>)'`,
          call.span,
        );
      }
    }
    const types = args.map((arg) => arg.type);
    if (NAVIGATION.includes(call.name)) checkOffset(call, types);
    if (fn !== null && call.nullTreatment !== null)
      throw new SqlError(
        "validate",
        "SQL_NULL_TREATMENT",
        `Cannot specify IGNORE NULLS or RESPECT NULLS following '${call.name}'`,
        call.span,
      );
    const over = (name: string, callFn: RexOver["fn"], type: LogicalType): RexOver => ({
      kind: "over",
      name,
      fn: callFn,
      args,
      distinct: call.distinct,
      window,
      type,
    });
    const type = typeOf(call, types);
    if (call.name !== "SUM" && call.name !== "AVG") return over(call.name, fn, type);
    const count = over("COUNT", AGGREGATE_FUNCTIONS.get("COUNT")!, withNullable(BIGINT, false));
    const sumType = AGGREGATE_FUNCTIONS.get("SUM")!.result(types);
    const sum = nullWhenNone(
      over("$SUM0", AGGREGATE_FUNCTIONS.get("$SUM0")!, withNullable(sumType, false)),
      count,
      withNullable(sumType, types[0].nullable),
    );
    if (call.name === "SUM") return sum;
    const quotient = binder.arithmetic("/", sum, count, call.span);
    return castTo(quotient, withNullable(type, quotient.type.nullable));
  }

  private specOf(call: CallExpr): WindowSpec {
    if (call.over !== null && "kind" in call.over) return call.over;
    return this.namedSpec(call.over as Identifier);
  }

  private namedSpec(name: Identifier): WindowSpec {
    const found = this.named.find((candidate) => candidate.name.name === name.name);
    if (found === undefined)
      throw new SqlError("validate", "SQL_UNKNOWN_WINDOW", `Window '${name.name}' not found.`, name.span, { found: name.name });
    return found.spec;
  }

  private bindWindow(call: CallExpr, binder: ExpressionBinder): RexWindow {
    let spec = this.specOf(call);
    if (spec.base !== null) {
      const base = this.namedSpec(spec.base);
      spec = {
        ...spec,
        partitionBy: [...base.partitionBy, ...spec.partitionBy],
        orderBy: spec.orderBy.length > 0 ? spec.orderBy : base.orderBy,
        frame: spec.frame ?? base.frame,
      };
    }
    const partition = spec.partitionBy.map((expr) => binder.bind(expr));
    const order = spec.orderBy.map((item) => ({
      rex: binder.bind(item.expr),
      descending: item.descending,
      nullsFirst: item.nulls === null ? !item.descending : item.nulls === "FIRST",
    }));
    const ranking = RANKING.includes(call.name);
    if (order.length === 0 && NEEDS_ORDER.includes(call.name)) {
      throw new SqlError(
        "validate",
        "SQL_OVER_ORDER",
        "RANK or DENSE_RANK functions require ORDER BY clause in window specification",
        call.span,
      );
    }
    if (call.name === "ROW_NUMBER" && order.length === 0) {
      throw new SqlError(
        "validate",
        "SQL_OVER_ORDER",
        "Over Agg: The window rank function requires order by clause with non-constant fields. please re-check the over window statement.",
        call.span,
      );
    }
    if (ranking && spec.frame !== null) {
      throw new SqlError(
        "validate",
        "SQL_OVER_FRAME",
        "ROW/RANGE not allowed with RANK, DENSE_RANK, ROW_NUMBER or PERCENTILE_CONT/DISC functions.",
        spec.span,
      );
    }
    const start: RexFrameBound = { kind: "unboundedPreceding" };
    const end: RexFrameBound = { kind: "currentRow" };
    if (call.name === "ROW_NUMBER") return { partition, order, unit: "ROWS", from: start, to: end };
    if (spec.frame === null || NAVIGATION.includes(call.name)) return { partition, order, unit: "RANGE", from: start, to: end };
    const { frame } = spec;
    if (frame.unit === "RANGE") for (const bound of [frame.start, frame.end]) this.checkRange(bound, order, binder);
    return { partition, order, unit: frame.unit, from: this.bindBound(frame.start, binder), to: this.bindBound(frame.end, binder) };
  }

  /** What RANGE reaches back by must fit what the rows are ordered by. */
  private checkRange(bound: FrameBound, order: RexWindow["order"], binder: ExpressionBinder): void {
    if ((bound.kind !== "preceding" && bound.kind !== "following") || order.length !== 1) return;
    const { type } = order[0].rex;
    const offset = binder.bind(bound.offset!).type;
    const fits = isNumeric(type) ? isNumeric(offset) : isDatetime(type) ? offset.root.startsWith("INTERVAL") : true;
    if (fits) return;
    throw new SqlError("validate", "SQL_OVER_FRAME", "Data Type mismatch between ORDER BY and RANGE clause", bound.offset!.span, {
      found: calciteName(offset),
      expected: isNumeric(type) ? "a number" : "an INTERVAL",
    });
  }

  private bindBound(bound: FrameBound, binder: ExpressionBinder): RexFrameBound {
    if (bound.kind !== "preceding" && bound.kind !== "following") return { kind: bound.kind };
    const offset = binder.bind(bound.offset!);
    if (!isConstant(offset))
      throw new SqlError("validate", "SQL_OVER_FRAME", "The bound of a frame must be a constant.", bound.offset!.span);
    if (offset.type.root === "INTERVAL_YEAR_MONTH")
      throw new SqlError("validate", "SQL_OVER_FRAME", "INTERVAL_YEAR_MONTH type is not allowed for window boundary", bound.offset!.span);
    const literal = offset.kind === "literal" ? offset : literalOf(constantValue(offset), offset.type);
    return { kind: bound.kind, offset: literal };
  }
}

function checkOffset(call: CallExpr, types: readonly LogicalType[]): void {
  if (types[1] === undefined || ["TINYINT", "SMALLINT", "INT"].includes(types[1].root)) return;
  throw new SqlError(
    "validate",
    "SQL_ARGUMENT_TYPE",
    `Could not find an implementation method 'accumulate' in class 'org.apache.flink.table.runtime.functions.aggregate.LagAggFunction' for function '${call.name}' that matches the following signature: the offset is ${calciteName(types[1])}.`,
    call.args[1].span,
    { found: calciteName(types[1]), expected: "INT", hint: "CAST(… AS INT) makes an offset of it." },
  );
}

function nullWhenNone(sum: Rex, count: Rex, type: LogicalType): Rex {
  if (!type.nullable) return sum;
  const some = callOf(operators.GREATER, [count, literalOf(0, withNullable(BIGINT, false))]);
  return callOf(operators.CASE, [some, sum, literalOf(null, type)], type);
}

function typeOf(call: CallExpr, types: readonly LogicalType[]): LogicalType {
  if (call.name === "PERCENT_RANK" || call.name === "CUME_DIST") return { root: "DOUBLE", nullable: false };
  if (RANKING.includes(call.name)) return withNullable(BIGINT, false);
  if (NAVIGATION.includes(call.name)) return withNullable(withoutTimeAttribute(types[0]), types[2]?.nullable ?? true);
  const type = AGGREGATE_FUNCTIONS.get(call.name)!.result(types);
  return call.name === "COUNT" ? type : withNullable(type, types.length === 0 || types[0].nullable);
}
