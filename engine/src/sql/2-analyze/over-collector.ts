/** The OVER calls of a SELECT: collects them into one Over node and stands in for them while the select list is bound. */
import { BIGINT, type LogicalType, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { CallExpr, Expr, Identifier, WindowSpec } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { belongsTo, type ParameterFamily } from "../functions/scalar-function.ts";
import { type BindHook, calciteName, ExpressionBinder, unknownFunction } from "./bind-expression.ts";
import { sortKey } from "./bind-query.ts";
import type { BoundTable } from "./bind-table.ts";
import { constantValue, isConstant } from "./constant.ts";
import type { Frame, OverCall, Rel, SortKey } from "./rel.ts";
import { allFields, project } from "./rel-builder.ts";
import { inputRef, type Rex, rexDigest } from "./rex.ts";
import { walk } from "./walk.ts";

const RANKING = ["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST"];
const NAVIGATION = ["LAG", "LEAD"];

interface Window {
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly frame: Frame;
  readonly digest: string;
}

export class OverCollector implements BindHook {
  private readonly below: BindHook;
  private readonly input: BoundTable;
  private readonly named: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
  /** Fields of the input, then what partitions, orders and arguments compute. */
  private readonly exprs: Rex[];
  private readonly calls: { readonly digest: string; readonly call: OverCall }[] = [];
  private window: Window | null = null;
  private first: CallExpr | null = null;

  constructor(below: BindHook, input: BoundTable, named: readonly { readonly name: Identifier; readonly spec: WindowSpec }[]) {
    this.below = below;
    this.input = input;
    this.named = named;
    this.exprs = allFields(input.rel);
  }

  collect(expr: Expr): void {
    walk(expr, (part) => {
      if (part.kind !== "call" || part.over === null) return true;
      this.add(part);
      return false;
    });
  }

  private fieldOf(rex: Rex): number {
    const digest = rexDigest(rex);
    const at = this.exprs.findIndex((candidate) => rexDigest(candidate) === digest);
    return at >= 0 ? at : this.exprs.push(rex) - 1;
  }

  private add(call: CallExpr): number {
    const binder = new ExpressionBinder(this.input.scope, this.below);
    const window = this.bindWindow(call, binder);
    if (this.window === null) {
      this.window = window;
      this.first = call;
    } else if (this.window.digest !== window.digest) {
      throw new SqlError(
        "plan",
        "SQL_OVER_WINDOWS",
        "Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window.",
        call.span,
      );
    }
    const fn = AGGREGATE_FUNCTIONS.get(call.name) ?? null;
    if (fn === null && !RANKING.includes(call.name) && !NAVIGATION.includes(call.name))
      throw unknownFunction(call, [...RANKING, ...NAVIGATION]);
    const bound = call.star ? [] : call.args.map((arg) => binder.bind(arg));
    if (fn !== null && bound.length > 0) {
      const family = fn.parameters[0].replace("?", "") as ParameterFamily;
      if (!belongsTo(bound[0].type, family)) {
        throw new SqlError(
          "validate",
          "SQL_ARGUMENT_TYPE",
          `Cannot apply '${fn.name}' to arguments of type '${fn.name}(<${calciteName(bound[0].type)}>)'.`,
          call.span,
        );
      }
    }
    const args = bound.map((arg) => this.fieldOf(arg));
    const type = this.typeOf(
      call,
      bound.map((arg) => arg.type),
    );
    const digest = `${call.name}|${call.distinct}|${args.join(",")}`;
    const known = this.calls.findIndex((candidate) => candidate.digest === digest);
    if (known >= 0) return known;
    return this.calls.push({ digest, call: { name: call.name, fn, args, distinct: call.distinct, type } }) - 1;
  }

  private typeOf(call: CallExpr, types: readonly LogicalType[]): LogicalType {
    if (RANKING.includes(call.name)) return withNullable(BIGINT, false);
    if (NAVIGATION.includes(call.name)) return withNullable(withoutTimeAttribute(types[0]), types[2]?.nullable ?? true);
    const type = AGGREGATE_FUNCTIONS.get(call.name)!.result(types);
    return call.name === "COUNT" ? type : withNullable(type, types.length === 0 || types[0].nullable);
  }

  private specOf(call: CallExpr): WindowSpec {
    if (call.over !== null && "kind" in call.over) return call.over;
    const name = call.over as Identifier;
    const found = this.named.find((candidate) => candidate.name.name === name.name);
    if (found === undefined)
      throw new SqlError("validate", "SQL_UNKNOWN_WINDOW", `Window '${name.name}' not found.`, name.span, { found: name.name });
    return found.spec;
  }

  private bindWindow(call: CallExpr, binder: ExpressionBinder): Window {
    let spec = this.specOf(call);
    if (spec.base !== null) {
      const base = spec.base;
      const found = this.named.find((candidate) => candidate.name.name === base.name);
      if (found === undefined)
        throw new SqlError("validate", "SQL_UNKNOWN_WINDOW", `Window '${base.name}' not found.`, base.span, { found: base.name });
      spec = {
        ...spec,
        partitionBy: [...found.spec.partitionBy, ...spec.partitionBy],
        orderBy: spec.orderBy.length > 0 ? spec.orderBy : found.spec.orderBy,
        frame: spec.frame ?? found.spec.frame,
      };
    }
    const partition = spec.partitionBy.map((expr) => this.fieldOf(binder.bind(expr)));
    const order = spec.orderBy.map((item) => sortKey(this.fieldOf(binder.bind(item.expr)), item));
    if (RANKING.includes(call.name) && order.length === 0) {
      throw new SqlError(
        "validate",
        "SQL_OVER_ORDER",
        "Over Agg: The window rank function requires order by clause with non-constant fields.",
        call.span,
      );
    }
    if (RANKING.includes(call.name) && spec.frame !== null) {
      throw new SqlError("validate", "SQL_OVER_FRAME", "ROW/RANGE not allowed with RANK, DENSE_RANK or ROW_NUMBER functions.", spec.span);
    }
    const frame = this.bindFrame(call, spec, binder);
    return { partition, order, frame, digest: JSON.stringify([partition, order, frame]) };
  }

  private bindFrame(call: CallExpr, spec: WindowSpec, binder: ExpressionBinder): Frame {
    if (RANKING.includes(call.name) || NAVIGATION.includes(call.name)) return { unit: "ROWS", preceding: null };
    if (spec.frame === null) return { unit: "RANGE", preceding: null };
    const { unit, start, end } = spec.frame;
    if (end.kind !== "currentRow" || start.kind === "following" || start.kind === "unboundedFollowing" || start.kind === "currentRow") {
      throw new SqlError("plan", "SQL_OVER_FRAME", "OVER RANGE FOLLOWING windows are not supported yet.", spec.span, {
        expected: "BETWEEN … PRECEDING AND CURRENT ROW",
      });
    }
    if (start.kind === "unboundedPreceding") return { unit, preceding: null };
    const offset = binder.bind(start.offset!);
    if (!isConstant(offset))
      throw new SqlError("validate", "SQL_OVER_FRAME", "The bound of a frame must be a constant.", start.offset!.span);
    return { unit, preceding: Number(constantValue(offset)) };
  }

  build(): Rel {
    const { rel } = this.input;
    if (this.window === null || this.first === null) return rel;
    const names = this.exprs.map((_, i) => rel.columns[i]?.name ?? `$o${i}`);
    const input = this.exprs.length === rel.columns.length ? rel : project(rel, this.exprs, names);
    const calls = this.calls.map(({ call }) => call);
    const columns = [...input.columns, ...calls.map((call, i) => ({ name: `$w${i}`, type: call.type }))];
    return {
      kind: "over",
      input,
      partition: this.window.partition,
      order: this.window.order,
      frame: this.window.frame,
      calls,
      columns,
      span: this.first.span,
    };
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind === "call" && expr.over !== null) {
      const index = this.add(expr);
      return inputRef(this.exprs.length + index, this.calls[index].call.type);
    }
    return this.below.expression(expr, binder);
  }
}
