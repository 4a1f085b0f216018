/**
 * MATCH_RECOGNIZE. Columns belong to pattern variables here: `A.px` is a field of the row that A matched last, `px` one of the row matched last by
 * whatever variable. As in Calcite, a column outside of FIRST, LAST and aggregates becomes `PREV(X.px, 0)` in the definition of X itself, that is the
 * row in question, and `LAST(A.px, 0)` in other definitions; navigation goes down to the columns: `LAST(A.px + 1)` is `LAST(A.px, 0) + LAST(1, 0)`.
 */
import {
  INTERVAL_DAY_TIME,
  type LogicalType,
  timestampLtzOf,
  typeName,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import type { CallExpr, Expr, Identifier, MatchRecognizeRef, PatternNode } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { belongsTo, type ParameterFamily } from "../functions/scalar-function.ts";
import { type BindHook, calciteName, castTo, ExpressionBinder } from "./bind-expression.ts";
import { sortKey } from "./bind-query.ts";
import { bindUserAggregate, bindUserCall, type NamedFunction, userAggregate } from "./bind-user-function.ts";
import { arithmetic } from "./coercion.ts";
import {
  ANY_VARIABLE,
  matchAggregate,
  type MatchTime,
  matchTime,
  type Navigation,
  navigate,
  patternField,
  unsupportedMatchCall,
} from "./match-expressions.ts";
import type { QueryContext } from "./query-context.ts";
import type { Match, Rel, RelColumn, RowPattern } from "./rel.ts";
import { windowTimeType } from "./rel-builder.ts";
import type { Rex } from "./rex.ts";
import { Scope } from "./scope.ts";
import { walk } from "./walk.ts";

export function bindMatch(ref: MatchRecognizeRef, input: Rel, context: QueryContext, parent: Scope | null): Match {
  const columns = input.columns.map((column, index) => ({ ...column, index }));
  const scope = new Scope([{ alias: null, columns }], parent);
  const binder = new ExpressionBinder(scope);
  const fieldOf = (expr: Expr, clause: string): number => {
    const rex = binder.bind(expr);
    if (rex.kind === "input") return rex.index;
    throw new SqlError("validate", "SQL_MATCH_RECOGNIZE", `${clause} of MATCH_RECOGNIZE takes columns.`, expr.span);
  };
  const variables = [...new Set([...variablesOf(ref.pattern), ...ref.subsets.map(({ name }) => name.name)])];
  const hook = new MatchHook(input, [...variables, ...ref.define.map(({ variable }) => variable.name)], context);
  const measures = ref.measures.map(({ expr, alias }) => ({ name: alias.name, rex: hook.measure(expr, scope) }));
  const defines = ref.define.map(({ variable, condition }) => {
    const rex = hook.definition(condition, variable.name, scope);
    if (rex.type.root !== "BOOLEAN")
      throw new SqlError("validate", "SQL_CONDITION", "DEFINE clause must be a condition", condition.span, {
        found: calciteName(rex.type),
      });
    return { variable: variable.name, rex };
  });
  const after = ref.afterMatch;
  if (after !== null && "variable" in after && !variables.includes(after.variable.name)) {
    throw new SqlError("validate", "SQL_MATCH_RECOGNIZE", `Unknown pattern '${after.variable.name}'`, after.variable.span, {
      found: after.variable.name,
      hint: nameHint(after.variable.name, variables, "variables"),
    });
  }
  const within = ref.within === null ? null : binder.bind(ref.within);
  const partition = ref.partitionBy.map((expr) => fieldOf(expr, "PARTITION BY"));
  return {
    kind: "match",
    input,
    partition,
    order: ref.orderBy.map((item) => sortKey(fieldOf(item.expr, "ORDER BY"), item)),
    measures,
    pattern: rowPattern(ref.pattern),
    defines,
    subsets: ref.subsets.map(({ name, members }) => ({ name: name.name, members: members.map(printExpression) })),
    after: after === null ? { kind: "toNextRow" } : "variable" in after ? { kind: after.kind, variable: after.variable.name } : after,
    allRows: ref.rowsPerMatch === "ALL",
    withinMs: within?.kind === "literal" && within.type.root === INTERVAL_DAY_TIME.root ? Number(within.value) : null,
    within,
    columns: [...partition.map((field) => input.columns[field]), ...measures.map(({ name, rex }): RelColumn => ({ name, type: rex.type }))],
    span: ref.span,
  };
}

/** In the order in which they occur. */
function variablesOf(pattern: PatternNode): string[] {
  switch (pattern.kind) {
    case "variable":
      return [pattern.name.name];
    case "sequence":
    case "alternation":
    case "permute":
      return pattern.parts.flatMap(variablesOf);
    case "exclude":
    case "quantified":
      return variablesOf(pattern.part);
  }
}

function rowPattern(pattern: PatternNode): RowPattern {
  switch (pattern.kind) {
    case "variable":
      return { kind: "variable", name: pattern.name.name };
    case "sequence":
      return pattern.parts.map(rowPattern).reduce((left, right): RowPattern => ({ kind: "concat", left, right }));
    case "alternation":
      return pattern.parts.map(rowPattern).reduce((left, right): RowPattern => ({ kind: "other", operator: "|", parts: [left, right] }));
    case "permute":
      return { kind: "other", operator: "PATTERN_PERMUTE", parts: pattern.parts.map(rowPattern) };
    case "exclude":
      return { kind: "other", operator: "PATTERN_EXCLUDE", parts: [rowPattern(pattern.part)] };
    case "quantified": {
      const { part, min, max, greedy } = pattern;
      return { kind: "quantified", pattern: rowPattern(part), from: min, to: max ?? -1, reluctant: !greedy };
    }
  }
}

/** How a column is wrapped where the binder stands now. */
interface Place {
  /** The variable that is being defined; null = in MEASURES. */
  readonly defined: string | null;
  readonly navigation: { readonly name: Navigation; readonly offset: number } | null;
  readonly inAggregate: boolean;
}

const MEASURES: Place = { defined: null, navigation: null, inAggregate: false };
const PHYSICAL = ["PREV", "NEXT"];
const LOGICAL = ["FIRST", "LAST"];

class MatchHook implements BindHook {
  private readonly input: Rel;
  private readonly variables: readonly string[];
  private readonly context: QueryContext;
  private place: Place = MEASURES;

  constructor(input: Rel, variables: readonly string[], context: QueryContext) {
    this.input = input;
    this.variables = variables;
    this.context = context;
  }

  measure(expr: Expr, scope: Scope): Rex {
    this.place = MEASURES;
    const written = expr.kind === "operator" && expr.op === "FINAL" ? expr.operands[0] : expr;
    return new ExpressionBinder(scope, this).bind(written);
  }

  definition(condition: Expr, variable: string, scope: Scope): Rex {
    this.place = { defined: variable, navigation: null, inAggregate: false };
    return new ExpressionBinder(scope, this).bind(condition);
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    switch (expr.kind) {
      case "name":
        return this.column(expr.parts);
      case "literal":
      case "interval":
        return this.place.navigation === null ? null : this.navigated(new ExpressionBinder(binder.scope).bind(expr));
      case "operator":
        return this.running(expr, binder);
      case "call":
        return this.call(expr, binder);
      default:
        return null;
    }
  }

  private column(parts: readonly Identifier[]): Rex {
    const [first, second] = parts;
    const qualified = second !== undefined;
    if (qualified && !this.variables.includes(first.name)) {
      throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `Table '${first.name}' not found`, first.span, {
        found: first.name,
        expected: "a variable of the PATTERN",
        hint: nameHint(first.name, this.variables, "variables"),
      });
    }
    const name = qualified ? second : first;
    const field = this.input.columns.findIndex((column) => column.name === name.name);
    if (field < 0) {
      const names = this.input.columns.map((column) => column.name);
      const where = qualified ? `table '${first.name}'` : "any table";
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Column '${name.name}' not found in ${where}`, name.span, {
        found: name.name,
        hint: nameHint(name.name, names, "columns"),
      });
    }
    const variable = qualified ? first.name : ANY_VARIABLE;
    const column = patternField({ variable, field }, withoutTimeAttribute(this.input.columns[field].type));
    return this.place.inAggregate ? column : this.navigated(column, variable);
  }

  private navigated(leaf: Rex, variable: string | null = null): Rex {
    const { navigation, defined } = this.place;
    if (navigation !== null) return navigate(navigation.name, leaf, navigation.offset);
    if (defined === null) return leaf;
    return navigate(variable === defined ? "PREV" : "LAST", leaf, 0);
  }

  /** RUNNING is what Flink cannot do; FINAL is how all measures are. */
  private running(expr: Extract<Expr, { kind: "operator" }>, binder: ExpressionBinder): Rex | null {
    if (expr.op !== "RUNNING" && expr.op !== "FINAL") return null;
    const operand = binder.bind(expr.operands[0]);
    return expr.op === "FINAL" ? operand : unsupportedMatchCall(`RUNNING(${typeName(operand.type)})`, [], operand.type);
  }

  private call(expr: CallExpr, binder: ExpressionBinder): Rex | null {
    if (expr.over !== null) return null;
    if (LOGICAL.includes(expr.name) || PHYSICAL.includes(expr.name)) return this.navigation(expr, binder);
    const user = userAggregate(expr, this.context);
    if (user !== null) return this.userAggregate(user, expr, binder);
    if (AGGREGATE_FUNCTIONS.has(expr.name)) return this.aggregate(expr, binder);
    switch (expr.name) {
      case "CLASSIFIER":
        return unsupportedMatchCall("CLASSIFIER()", [], { root: "VARCHAR", length: 2147483647, nullable: true });
      case "MATCH_ROWTIME":
      case "MATCH_PROCTIME":
        return this.time(expr.name, expr, binder);
      default:
        return bindUserCall(expr, binder, this.context);
    }
  }

  private time(name: MatchTime, expr: CallExpr, binder: ExpressionBinder): Rex {
    if (name === "MATCH_PROCTIME") return matchTime(name, { ...timestampLtzOf(3), nullable: false, timeAttribute: "PROCTIME" });
    const args = expr.args.map((arg) => binder.bind(arg));
    const rowtime = this.input.columns.find(({ type }) => type.timeAttribute === "ROWTIME")?.type;
    const root = args[0]?.type.root ?? rowtime?.root ?? "TIMESTAMP";
    const type = windowTimeType({ root, precision: 3, nullable: true, timeAttribute: "ROWTIME" });
    return matchTime(name, withNullable(type, args.length > 0), args);
  }

  private navigation(expr: CallExpr, binder: ExpressionBinder): Rex {
    this.requireOneVariable(
      expr,
      `${expr.name}(${quoted(expr.args[0])}, ${expr.args[1] === undefined ? defaultOffset(expr.name) : printExpression(expr.args[1])})`,
    );
    const [, written] = expr.args;
    const offset = written?.kind === "literal" ? Number(written.text) : defaultOffset(expr.name);
    const outer = this.place;
    if (PHYSICAL.includes(expr.name) && outer.defined === null)
      throw new SqlError(
        "validate",
        "SQL_MATCH_RECOGNIZE",
        `Cannot use PREV/NEXT in MEASURE '${expr.name}(${quoted(expr.args[0])}, ${offset})'`,
        expr.span,
        { hint: "LAST(A.x, 1) is the row of A before the last one." },
      );
    if (PHYSICAL.includes(expr.name)) {
      if (offset !== 0 || expr.name === "NEXT") {
        const operand = binder.bind(expr.args[0]);
        return unsupportedMatchCall(expr.name, [operand], operand.type);
      }
      return binder.bind(expr.args[0]);
    }
    this.place = { ...outer, navigation: { name: expr.name as Navigation, offset } };
    const bound = binder.bind(expr.args[0]);
    this.place = outer;
    return bound;
  }

  /**
   * Flink's validator does not know users' functions as aggregates: in DEFINE it makes steps of their columns, which the operator then reads as the
   * columns of each row. That all of them belong to one variable is asked when the pattern is planned.
   */
  private userAggregate(named: NamedFunction, expr: CallExpr, binder: ExpressionBinder): Rex {
    refuseDistinct(expr, `\`${named.name}\``);
    const outer = this.place;
    this.place = { ...outer, navigation: null, inAggregate: outer.defined === null };
    const { fn, args } = bindUserAggregate(named, expr, binder);
    this.place = outer;
    return matchAggregate(fn, args, fn.result(args.map(({ type }) => type)));
  }

  private aggregate(expr: CallExpr, binder: ExpressionBinder): Rex {
    refuseDistinct(expr, expr.name);
    this.requireOneVariable(expr, `${expr.name}(${expr.args.map(quoted).join(", ")})`);
    const fn = AGGREGATE_FUNCTIONS.get(expr.name)!;
    const outer = this.place;
    this.place = { ...outer, navigation: null, inAggregate: true };
    const args = expr.star ? [] : expr.args.map((arg) => binder.bind(arg));
    this.place = outer;
    const types = args.map((arg) => arg.type);
    types.forEach((type, i) => {
      const family = fn.parameters[i]?.replace("?", "") as ParameterFamily | undefined;
      if (family !== undefined && belongsTo(type, family)) return;
      const message = `Cannot apply '${fn.name}' to arguments of type '${fn.name}(<${calciteName(type)}>)'.`;
      throw new SqlError("validate", "SQL_ARGUMENT_TYPE", message, expr.span);
    });
    const type = resultType(fn.name, fn.result(types));
    if (fn.name !== "AVG") return matchAggregate(fn, args, type);
    const part = (name: string): Rex => {
      const partFn = AGGREGATE_FUNCTIONS.get(name)!;
      return matchAggregate(partFn, args, resultType(name, partFn.result(types)));
    };
    return castTo(arithmetic("/", part("SUM"), part("COUNT"), expr.span), type);
  }

  private requireOneVariable(expr: CallExpr, text: string): void {
    const used = new Set<string>();
    for (const arg of expr.args) {
      walk(arg, (part) => {
        if (part.kind === "name" && part.parts.length > 1) used.add(part.parts[0].name);
        return true;
      });
    }
    if (used.size > 1)
      throw new SqlError("validate", "SQL_MATCH_RECOGNIZE", `Multiple pattern variables in '${text}'`, expr.span, {
        found: [...used].join(" and "),
      });
  }
}

function refuseDistinct(expr: CallExpr, name: string): void {
  if (!expr.distinct) return;
  const text = `${name}(DISTINCT ${expr.args.map(quoted).join(", ")})`;
  throw new SqlError("validate", "SQL_MATCH_RECOGNIZE", `DISTINCT/ALL not allowed with ${text} function`, expr.span, {
    hint: "Aggregates over the rows of a match take all of them.",
  });
}

function resultType(name: string, type: LogicalType): LogicalType {
  return withNullable(type, name !== "COUNT");
}

function defaultOffset(name: string): number {
  return PHYSICAL.includes(name) ? 1 : 0;
}

/** As Calcite prints it, with names in back quotes. */
function quoted(expr: Expr): string {
  if (expr.kind === "name") return expr.parts.map((part) => `\`${part.name}\``).join(".");
  if (expr.kind === "binary") return `${quoted(expr.left)} ${expr.op} ${quoted(expr.right)}`;
  return printExpression(expr);
}
