/** FOR SYSTEM_TIME AS OF: by event time over a versioned table, by processing time over one that is looked up in. */
import { typeName } from "../../types/logical-type.ts";
import type { Join as LogicalJoin, Rel, Scan } from "../2-analyze/rel.ts";
import { inputRef, isIdentity, type Rex } from "../2-analyze/rex.ts";
import { INSERTS } from "./build.ts";
import { tableName } from "../catalog/catalog.ts";
import { lookupHint } from "./lookup-hint.ts";
import type { ConditionParts } from "./join-condition.ts";
import type { LookupJoin, PhysicalNode } from "./physical.ts";
import { joinBase, temporalError } from "./plan-join.ts";
import type { Planner } from "./planner.ts";
import { upsertKeys } from "./upsert-keys.ts";

const EVENT_TIME = "Event-Time Temporal Table Join requires both primary key and row time attribute in versioned table, but no";

export function planTemporalJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts): PhysicalNode {
  const time = rel.left.columns[rel.asOf!].type.timeAttribute;
  if (time === undefined) {
    throw temporalError(
      "validate",
      "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field",
      rel,
      "Name the column of the WATERMARK of the left table, or its PROCTIME() column.",
    );
  }
  const lookup = lookupSource(rel.right);
  if (lookup !== null) return planLookupJoin(planner, rel, parts, lookup);
  if (time === "PROCTIME") {
    throw temporalError(
      "plan",
      "Processing-time temporal join is not supported yet.",
      rel,
      "Use event time, or a table whose connector can be looked up in.",
    );
  }
  const rightTime = rel.right.columns.findIndex((column) => column.type.timeAttribute === "ROWTIME");
  if (rightTime < 0)
    throw temporalError("validate", `${EVENT_TIME} row time attribute can be found.`, rel, "Declare a WATERMARK in the versioned table.");
  if (parts.leftKeys.length === 0) {
    throw temporalError(
      "validate",
      "Currently the join key in Temporal Table Join can not be empty.",
      rel,
      "Compare the primary key of the versioned table with a column.",
    );
  }
  const [leftType, rightType] = [rel.left.columns[rel.asOf!].type, rel.right.columns[rightTime].type];
  if (leftType.root !== rightType.root) {
    const types = `${typeName(leftType)} *ROWTIME* and ${typeName(rightType)} *ROWTIME*`;
    throw temporalError(
      "validate",
      `Event-Time Temporal Table Join requires same rowtime type in left table and versioned table, but the rowtime types are ${types}.`,
      rel,
      "Declare both watermarks over columns of one type.",
    );
  }
  const inputs = [planner.plan(rel.left), planner.plan(rel.right)] as const;
  const keys = upsertKeys(inputs[1]);
  if (keys.length === 0)
    throw temporalError(
      "validate",
      `${EVENT_TIME} primary key can be found.`,
      rel,
      "Declare a PRIMARY KEY, or use a view that keeps the last row per key.",
    );
  const key = keys.find((each) => each.every((field) => parts.rightKeys.includes(field)));
  if (key === undefined) {
    const names = keys[0].map((field) => rel.right.columns[field].name).join(", ");
    throw temporalError(
      "validate",
      "Temporal Table Join requires primary key in versioned table, but no primary key can be found. The physical plan is:",
      rel,
      `Compare every column of the primary key (${names}) with a column of the left table.`,
    );
  }
  return {
    kind: "TemporalJoin",
    ...joinBase(rel, inputs, parts, parts.rest),
    joinType: rel.type === "left" ? "left" : "inner",
    leftTime: rel.asOf!,
    rightTime,
    rightPrimaryKey: key,
  };
}

interface LookupSource {
  readonly scan: Scan;
  /** The right side's columns over those of the scan. */
  readonly exprs: readonly Rex[];
  readonly condition: Rex | null;
}

/** A table that its connector can be asked for by key, perhaps filtered and projected. */
function lookupSource(rel: Rel): LookupSource | null {
  switch (rel.kind) {
    case "scan":
      return rel.table.lookup !== undefined
        ? { scan: rel, exprs: rel.columns.map((column, i) => inputRef(i, column.type)), condition: null }
        : null;
    case "project": {
      const below = lookupSource(rel.input);
      return below === null || !isIdentity(below.exprs, below.scan.columns.length) ? null : { ...below, exprs: rel.exprs };
    }
    case "filter": {
      const below = lookupSource(rel.input);
      return below === null || below.condition !== null ? null : { ...below, condition: rel.condition };
    }
    default:
      return null;
  }
}

function planLookupJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts, source: LookupSource): PhysicalNode {
  const input = planner.plan(rel.left);
  const { scan, exprs } = source;
  const columnOf = (field: number): number => {
    const expr = exprs[field];
    return expr.kind === "input" ? scan.fields[expr.index] : -1;
  };
  const width = rel.left.columns.length;
  const rest: Rex[] = [];
  const keys: LookupJoin["keys"][number][] = [];
  parts.leftKeys.forEach((field, i) => {
    const column = columnOf(parts.rightKeys[i]);
    if (column >= 0) keys.push({ column, from: { kind: "field", field } });
  });
  for (const part of parts.rest) {
    const [a, b] = part.kind === "call" && part.fn.name === "=" ? part.args : [];
    const column = a?.kind === "input" && a.index >= width && b?.kind === "literal" ? columnOf(a.index - width) : -1;
    if (column >= 0 && b !== undefined) keys.push({ column, from: { kind: "constant", rex: b } });
    else rest.push(part);
  }
  if (keys.length === 0) {
    throw temporalError(
      "plan",
      `Temporal table join requires an equality condition on fields of table [${tableName(scan.table)}].`,
      rel,
      "Compare a column of the looked-up table with one of the left table.",
    );
  }
  const node: LookupJoin = {
    kind: "LookupJoin",
    input,
    table: scan.table,
    joinType: rel.type === "left" ? "left" : "inner",
    keys,
    fields: exprs.map((_, field) => columnOf(field)),
    tableCondition: source.condition,
    condition:
      rest.length === 0 ? null : rest.length === 1 ? rest[0] : { ...(rel.condition as Extract<Rex, { kind: "call" }>), args: rest },
    hint: lookupHint(rel.hints),
    async: null,
    upsertKey: null,
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}
