/** FROM: joins, with ON, USING, NATURAL, and lateral ones. */
import { comeBy } from "./null-inference.ts";
import { typeName, withNullable } from "../../types/logical-type.ts";
import type { TableRef } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import * as operators from "../functions/operators.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { andOf, callOf, ExpressionBinder } from "./bind-expression.ts";
import { pushedJoin } from "./join-conditions.ts";
import { lookupHintsFor } from "./lookup-hint.ts";
import type { QueryContext } from "./query-context.ts";
import type { Hints, Rel, RelJoinType } from "./rel.ts";
import { filter, joinColumns, project } from "./rel-builder.ts";
import { inputRef, isTrue, mapLeaves, type Rex, type RexInput } from "./rex.ts";
import { type MergedColumns, Scope, type ScopeColumn } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";
import { type BoundTable, bindTable } from "./bind-table.ts";

const JOIN_TYPES: Readonly<Record<string, RelJoinType>> = { INNER: "inner", CROSS: "inner", LEFT: "left", RIGHT: "right", FULL: "full" };

export function bindJoin(ref: Extract<TableRef, { kind: "join" }>, context: QueryContext, parent: Scope | null): BoundTable {
  const left = bindTable(ref.left, context, parent);
  if (ref.right.kind === "table") refuseTwice(aliasOf(ref.right), left.scope, ref.right.span);
  const lateral = ref.right.kind === "unnest" || isLateral(ref.right);
  const asOf = ref.right.kind === "table" ? ref.right.asOf : null;
  // The right side of a lateral join sees the left one as the query around it.
  const outer = lateral || asOf !== null ? new Scope(left.scope.tables, parent, left.scope.star) : null;
  const right = bindTable(ref.right, context, outer ?? parent);
  const offset = left.rel.columns.length;
  const shifted = right.scope.tables.map((table) => ({
    alias: table.alias,
    columns: table.columns.map((column) => ({ ...column, index: column.index + offset })),
  }));
  const shiftedStar = right.scope.star.map((column) => ({ ...column, index: column.index + offset }));
  for (const { alias } of right.scope.tables) if (alias !== null) refuseTwice(alias, left.scope, ref.right.span);
  const merged = new Map([...left.scope.merged, ...right.scope.merged]);
  const scope = new Scope([...left.scope.tables, ...shifted], parent, [...left.scope.star, ...shiftedStar], { merged });
  const type = JOIN_TYPES[ref.type];
  const names = ref.natural
    ? left.scope.star.filter((column) => shiftedStar.some((other) => other.name === column.name)).map((column) => column.name)
    : ref.using.map((name) => name.name);
  if (ref.type === "CROSS" && !ref.comma && (ref.on !== null || ref.natural || ref.using.length > 0)) {
    throw new SqlError(
      "validate",
      "SQL_JOIN_CONDITION",
      "Cannot specify condition (NATURAL keyword, or ON or USING clause) following CROSS JOIN",
      ref.span,
      { expected: "INNER JOIN" },
    );
  }
  if (ref.on === null && ref.type !== "CROSS" && !ref.natural && ref.using.length === 0) {
    throw new SqlError(
      "validate",
      "SQL_JOIN_CONDITION",
      `${ref.type} JOIN requires a condition (NATURAL keyword or ON or USING clause)`,
      ref.span,
    );
  }
  const pairs = usingPairs(left, right, { names, ref, offset });
  const on = names.length > 0 ? pairsEqual(pairs, ref.span) : bindOn(ref, scope, context);
  const bound =
    outer?.correlation != null
      ? correlated(left, right, { type, on, outer, ref, scope, hints: lookupHints(ref.right, context) })
      : {
          rel: pushedJoin(left.rel, right.rel, { type, condition: on, span: ref.span, variable: scope.correlation }),
          scope: afterJoin(scope, type, offset),
        };
  if (names.length === 0) return bound;
  const word = ref.natural ? "NATURAL" : "USING";
  const all = new Map([...merged, ...names.map((name) => [name, word] as const)]);
  return mergeUsing(bound, pairs, { names, left, right, offset, type, parent, merged: all });
}

function aliasOf({ alias, path }: Extract<TableRef, { kind: "table" }>): string {
  return alias?.name.name ?? path[path.length - 1].name;
}

function refuseTwice(alias: string, { tables }: Scope, span: Span): void {
  if (!tables.some((table) => table.alias === alias)) return;
  throw new SqlError("validate", "SQL_DUPLICATE_TABLE", `Duplicate relation name '${alias}' in FROM clause`, span, {
    found: alias,
    hint: "Give each use of a table an alias of its own.",
  });
}

function isLateral(ref: TableRef): boolean {
  return (ref.kind === "derived" && ref.lateral) || ref.kind === "function";
}

function bindOn(ref: Extract<TableRef, { kind: "join" }>, scope: Scope, context: QueryContext): Rex {
  if (ref.on === null) return andOf([]);
  comeBy(ref.on);
  const condition = onJoin(() => new ExpressionBinder(scope.unmerged(), new SubqueryHook(context)).bind(ref.on!));
  if (condition.type.root !== "BOOLEAN" && condition.type.root !== "NULL") {
    throw new SqlError("validate", "SQL_CONDITION", "ON clause must be a condition", ref.on.span, {
      found: typeName(condition.type),
      expected: "BOOLEAN",
    });
  }
  return condition;
}

/** Types that do not compare are found when a join is planned, not when its condition is read. */
export function onJoin<T>(bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== "SQL_IMPLICIT_CONVERSION") throw error;
    const message = error.message
      .replace(/^Implicit/, "implicit")
      .replace(/ is not supported( now)?\.?$/, " is not supported on join's condition now");
    throw new SqlError("plan", error.code, message, error.span, error.details);
  }
}

interface CorrelatedParts {
  readonly type: RelJoinType;
  readonly on: Rex;
  readonly outer: Scope;
  readonly ref: Extract<TableRef, { kind: "join" }>;
  readonly scope: Scope;
  readonly hints: Hints;
}

function lookupHints(ref: TableRef, { hints = [] }: QueryContext): Hints {
  return ref.kind === "table" ? lookupHintsFor(hints, aliasOf(ref)) : [];
}

/** The right side reads fields of the left one: its part of the condition goes into it, as a filter over the correlation variable. */
function correlated(left: BoundTable, right: BoundTable, { type, on, outer, ref, scope, hints }: CorrelatedParts): BoundTable {
  const offset = left.rel.columns.length;
  const id = outer.correlation!;
  if (type === "right" || type === "full") {
    throw new SqlError("validate", "SQL_CORRELATED_JOIN", `Unknown join type ${type.toUpperCase()}`, ref.span, {
      expected: "INNER, CROSS or LEFT",
    });
  }
  const condition = mapLeaves(on, (leaf) => {
    if (leaf.kind !== "input") return leaf;
    if (leaf.index >= offset) return inputRef(leaf.index - offset, leaf.type);
    return { kind: "correl", id, index: leaf.index, name: left.rel.columns[leaf.index].name, type: leaf.type };
  });
  const inner = isTrue(condition) ? right.rel : filter(right.rel, condition);
  const columns = joinColumns(left.rel.columns, right.rel.columns, type);
  const rel: Rel = {
    kind: "correlate",
    type: type as "inner" | "left",
    left: left.rel,
    right: inner,
    id,
    hints,
    columns,
    span: ref.span,
  };
  return { rel, scope: afterJoin(scope, type, offset) };
}

/** The padded side's columns become nullable. */
function afterJoin(scope: Scope, type: RelJoinType, offset: number): Scope {
  const pad = (column: ScopeColumn): ScopeColumn => {
    const padded = column.index < offset ? type === "right" || type === "full" : type === "left" || type === "full";
    return padded ? { ...column, type: withNullable(column.type, true) } : column;
  };
  return new Scope(
    scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map(pad) })),
    scope.parent,
    scope.star.map(pad),
    { merged: scope.merged },
  );
}

interface UsingParts {
  readonly names: readonly string[];
  readonly ref: Extract<TableRef, { kind: "join" }>;
  readonly offset: number;
}

type UsingPair = readonly [left: RexInput, right: RexInput];

function usingPairs(left: BoundTable, right: BoundTable, { names, ref, offset }: UsingParts): UsingPair[] {
  return names.map((name) => {
    const a = left.scope.star.find((column) => column.name === name);
    const b = right.scope.star.find((column) => column.name === name);
    if (a === undefined || b === undefined) {
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Column '${name}' not found in any table`, ref.span, { found: name });
    }
    return [inputRef(a.index, a.type), inputRef(b.index + offset, b.type)] as const;
  });
}

function pairsEqual(pairs: readonly UsingPair[], span: Span): Rex {
  const binder = new ExpressionBinder(new Scope([], null));
  return andOf(pairs.map(([a, b]) => callOf(operators.EQUALS, binder.comparablePair(a, b, "=", span))));
}

interface MergeParts {
  readonly names: readonly string[];
  readonly left: BoundTable;
  readonly right: BoundTable;
  readonly offset: number;
  readonly type: RelJoinType;
  readonly parent: Scope | null;
  readonly merged: MergedColumns;
}

/** USING and NATURAL: `*` names the common columns once, first, as the value that is not NULL. */
function mergeUsing(
  joined: BoundTable,
  pairs: readonly UsingPair[],
  { names, left, right, offset, parent, merged: mergedColumns }: MergeParts,
): BoundTable {
  const at = (index: number): Rex => inputRef(index, joined.rel.columns[index].type);
  const values = pairs.map(([a, b]) => callOf(SCALAR_FUNCTIONS.get("COALESCE")!, [at(a.index), at(b.index)]));
  const all = joined.rel.columns.map((_, index) => at(index));
  const made = project(joined.rel, [...values, ...all], [...names, ...joined.rel.columns.map((column) => column.name)]);
  const rel: Rel = { ...made, using: true };
  const moved = (column: ScopeColumn, by: number): ScopeColumn => {
    const index = column.index + by + names.length;
    return { name: column.name, type: rel.columns[index].type, index };
  };
  const tables = [
    ...left.scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map((column) => moved(column, 0)) })),
    ...right.scope.tables.map((table) => ({ alias: table.alias, columns: table.columns.map((column) => moved(column, offset)) })),
  ];
  const star = [
    ...names.map((name, index) => ({ name, type: rel.columns[index].type, index })),
    ...left.scope.star.filter((column) => !names.includes(column.name)).map((column) => moved(column, 0)),
    ...right.scope.star.filter((column) => !names.includes(column.name)).map((column) => moved(column, offset)),
  ];
  return { rel, scope: new Scope(tables, parent, star, { merged: mergedColumns }) };
}
