/** FOR SYSTEM_TIME AS OF: by event time over a versioned table, by processing time over one that is looked up in. */
import { type LogicalType, typeName } from "../../types/logical-type.ts";
import { invariant } from "../../base/invariant.ts";
import { andOf } from "../2-analyze/bind-expression.ts";
import { lookupHintOf } from "../2-analyze/lookup-hint.ts";
import { isLookupJoin, type LookupSide, lookupSide } from "../2-analyze/lookup-side.ts";
import type { Join as LogicalJoin } from "../2-analyze/rel.ts";
import { conjuncts, inputRef, mapLeaves, type Rex } from "../2-analyze/rex.ts";
import { byKeys, INSERTS } from "./build.ts";
import { tableName } from "../catalog/catalog.ts";
import type { ConditionParts } from "./join-condition.ts";
import type { LookupJoin, PhysicalNode } from "./physical.ts";
import { joinBase, temporalError } from "./plan-join.ts";
import type { Planner } from "./planner.ts";
import { upsertKeys } from "./upsert-keys.ts";

export function planTemporalJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts): PhysicalNode {
  const lookup = lookupSide(rel.right);
  if (lookup !== null && isLookupJoin(rel)) return planLookupJoin(planner, rel, parts, lookup);
  const time = rel.left.columns[rel.asOf!].type.timeAttribute;
  if (time === undefined) {
    throw temporalError(
      "validate",
      "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field",
      rel,
      "Name the column of the WATERMARK of the left table, or its PROCTIME() column.",
    );
  }
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
    throw temporalError(
      "validate",
      "Event-Time Temporal Table Join requires both primary key and row time attribute in versioned table, but no row time attribute can be found.",
      rel,
      "Declare a WATERMARK in the versioned table.",
    );
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
  // A view of one row at all has a key of no columns, which is none to look a version up by.
  const keys = upsertKeys(inputs[1]).filter((key) => key.length > 0);
  if (keys.length === 0)
    throw temporalError(
      "validate",
      // Also where the table has a key, but nothing compares or selects it: columns without use are gone by now.
      "Temporal Table Join requires primary key in versioned table, but no primary key can be found.",
      rel,
      "Declare a PRIMARY KEY, or use a view that keeps the last row per key, and compare every column of it with a column of the left table.",
    );
  const key = keys.find((each) => each.every((field) => parts.rightKeys.includes(field)));
  if (key === undefined) {
    const names = keys[0].map((field) => rel.columns[rel.left.columns.length + field].name).join(",");
    const compared = parts.leftKeys.map((field, i) => `${rel.left.columns[field].name}=${rel.right.columns[parts.rightKeys[i]].name}`);
    throw temporalError(
      "validate",
      `Temporal table's primary key [${names}] must be included in the equivalence condition of temporal join, but current temporal join condition is [${compared.join(", ")}].`,
      rel,
      "Compare every column of the primary key with a column of the left table.",
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

function planLookupJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts, side: LookupSide): PhysicalNode {
  const { scan, exprs, condition } = side;
  const input = planner.plan(rel.left);
  const columnOf = (expr: Rex): number => (expr.kind === "input" ? scan.fields[expr.index] : -1);
  const ofTable = (rex: Rex): Rex =>
    mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(scan.fields[leaf.index], leaf.type) : leaf));
  const keys: LookupJoin["keys"][number][] = [];
  for (const part of condition === null ? [] : conjuncts(condition)) {
    const [column, rex] = constantOf(part);
    if (column !== null) keys.push({ column: columnOf(column), from: { kind: "constant", rex } });
  }
  const rest = [...parts.rest];
  parts.leftKeys.forEach((field, i) => {
    const column = columnOf(exprs[parts.rightKeys[i]]);
    if (column >= 0 && holds(scan.table.columns[column].type, rel.left.columns[field].type))
      keys.push({ column, from: { kind: "field", field } });
    else rest.push(equality(rel, field, parts.rightKeys[i]));
  });
  if (keys.length === 0) {
    throw temporalError(
      "plan",
      `Temporal table join requires an equality condition on fields of table [${tableName(scan.table)}].`,
      rel,
      "Compare a column of the looked-up table with one of the left table.",
    );
  }
  const [hint] = rel.hints;
  const read = hint === undefined ? null : lookupHintOf(hint);
  const fields = keys.flatMap(({ from }) => (from.kind === "field" ? [from.field] : []));
  const node: LookupJoin = {
    kind: "LookupJoin",
    input: read?.shuffle === true && fields.length > 0 ? byKeys(input, fields) : input,
    table: scan.table,
    joinType: rel.type === "left" ? "left" : "inner",
    keys,
    projection: exprs.map(ofTable),
    tableCondition: condition === null ? null : ofTable(condition),
    condition: rest.length === 0 ? null : andOf(rest),
    hint: read,
    async: null,
    upsertKey: null,
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}

/** From the narrowest on; a comparison is made in the wider of two. */
const NUMBERS: readonly string[] = ["TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE"];

/** The stream's value can be asked for as it is, or made the column's type. Else the column would have to be made another, and is no key. */
function holds(column: LogicalType, value: LogicalType): boolean {
  return column.root === value.root || !NUMBERS.includes(column.root) || NUMBERS.indexOf(column.root) > NUMBERS.indexOf(value.root);
}

/** `column = literal`, either way round. */
function constantOf(part: Rex): [column: Rex, literal: Rex] | [null, null] {
  if (part.kind !== "call" || part.fn.name !== "=") return [null, null];
  const [a, b] = part.args;
  const pair: [Rex, Rex] | null =
    a.kind === "input" && b.kind === "literal" ? [a, b] : a.kind === "literal" && b.kind === "input" ? [b, a] : null;
  return pair === null || pair[0].type.root !== pair[1].type.root ? [null, null] : pair;
}

/** The part of the condition that compares these two. */
function equality(rel: LogicalJoin, left: number, right: number): Rex {
  const width = rel.left.columns.length;
  const found = conjuncts(rel.condition).find((part) => {
    const fields = part.kind === "call" && part.args.length === 2 ? part.args.map((arg) => (arg.kind === "input" ? arg.index : -1)) : [];
    return fields.includes(left) && fields.includes(right + width);
  });
  invariant(found !== undefined, "keys are equalities of the condition");
  return found;
}
