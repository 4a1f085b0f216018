/** Joins: within windows, within an interval of event time, or without bound; the condition decides which. */
import { SqlError } from "../1-parse/sql-error.ts";
import { andOf } from "../2-analyze/bind-expression.ts";
import { constantValue, isConstant } from "../2-analyze/constant.ts";
import type { Join } from "../2-analyze/rel.ts";
import { conjuncts, inputsOf, type Rex } from "../2-analyze/rex.ts";
import { IntervalJoinOperator } from "../5-execute/operators/interval-join.ts";
import { type JoinOptions, RegularJoinOperator } from "../5-execute/operators/regular-join.ts";
import { WindowJoinOperator } from "../5-execute/operators/window-join.ts";
import { ALL_CHANGES, type Distribution, INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { windowPropertiesOf } from "./window-properties.ts";

export function planJoin(planner: Planner, rel: Join): PhysicalNode {
  if (rel.asOf !== null) {
    throw new SqlError("plan", "SQL_TEMPORAL_JOIN", "Temporal joins (FOR SYSTEM_TIME AS OF) are not available yet.", rel.span, {
      hint: "An interval join on the event times often answers the same question.",
    });
  }
  const parts = splitCondition(rel);
  return planWindowJoin(planner, rel, parts) ?? planIntervalJoin(planner, rel, parts) ?? planRegularJoin(planner, rel, parts);
}

interface ConditionParts {
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly rest: readonly Rex[];
}

/** Equalities of a left with a right field, and the rest. */
function splitCondition(rel: Join): ConditionParts {
  const width = rel.left.columns.length;
  const leftKeys: number[] = [];
  const rightKeys: number[] = [];
  const rest: Rex[] = [];
  for (const part of conjuncts(rel.condition)) {
    if (part.kind === "literal" && part.value === true) continue;
    const pair = part.kind === "call" && part.fn.name === "=" ? part.args : [];
    const [a, b] = pair;
    if (pair.length === 2 && a.kind === "input" && b.kind === "input" && a.index < width !== b.index < width) {
      leftKeys.push(Math.min(a.index, b.index));
      rightKeys.push(Math.max(a.index, b.index) - width);
    } else {
      rest.push(part);
    }
  }
  return { leftKeys, rightKeys, rest };
}

function optionsOf(rel: Join, parts: ConditionParts, condition: readonly Rex[]): JoinOptions {
  return {
    type: rel.type,
    leftKeys: parts.leftKeys,
    rightKeys: parts.rightKeys,
    condition: condition.length === 0 ? null : andOf(condition),
    leftWidth: rel.left.columns.length,
    rightWidth: rel.right.columns.length,
  };
}

function distributions(parts: ConditionParts): [Distribution, Distribution] {
  if (parts.leftKeys.length === 0) return [{ kind: "single" }, { kind: "single" }];
  return [
    { kind: "hash", keys: parts.leftKeys },
    { kind: "hash", keys: parts.rightKeys },
  ];
}

function planRegularJoin(planner: Planner, rel: Join, parts: ConditionParts): PhysicalNode {
  const left = planner.plan(rel.left);
  const right = planner.plan(rel.right);
  const inputs = isInsertOnly(left.changelog) && isInsertOnly(right.changelog);
  const options = optionsOf(rel, parts, parts.rest);
  return {
    name: "Join",
    detail: `joinType=[${rel.type}], leftKeys=[${parts.leftKeys.join(", ")}], rightKeys=[${parts.rightKeys.join(", ")}]`,
    columns: rel.columns,
    changelog: inputs && (rel.type === "inner" || rel.type === "semi") ? INSERT_ONLY : ALL_CHANGES,
    upsertKey: null,
    body: {
      kind: "two",
      left,
      right,
      distributions: distributions(parts),
      create: () => new RegularJoinOperator(planner.session, options),
    },
  };
}

function planWindowJoin(planner: Planner, rel: Join, parts: ConditionParts): PhysicalNode | null {
  const left = windowPropertiesOf(rel.left);
  const right = windowPropertiesOf(rel.right);
  if (left === null || right === null) return null;
  const has = (a: readonly number[], b: readonly number[]): number =>
    parts.leftKeys.findIndex((key, i) => a.includes(key) && b.includes(parts.rightKeys[i]));
  const start = has(left.starts, right.starts);
  const end = has(left.ends, right.ends);
  if (start < 0 || end < 0 || JSON.stringify(left.spec) !== JSON.stringify(right.spec)) return null;
  const inputs = [planner.plan(rel.left), planner.plan(rel.right)];
  if (!inputs.every((input) => isInsertOnly(input.changelog))) return null;
  const options = { ...optionsOf(rel, parts, parts.rest), leftEnd: parts.leftKeys[end], rightEnd: parts.rightKeys[end] };
  return {
    name: "WindowJoin",
    detail: `joinType=[${rel.type}]`,
    columns: rel.columns,
    changelog: INSERT_ONLY,
    upsertKey: null,
    body: {
      kind: "two",
      left: inputs[0],
      right: inputs[1],
      distributions: distributions(parts),
      create: () => new WindowJoinOperator(planner.session, options),
    },
  };
}

/** A time attribute moved by a constant. */
interface TimePoint {
  readonly field: number;
  readonly offsetMs: number;
}

function timePoint(rex: Rex): TimePoint | null {
  if (rex.kind === "input") return rex.type.timeAttribute === "ROWTIME" ? { field: rex.index, offsetMs: 0 } : null;
  if (rex.kind !== "call" || (rex.fn.name !== "+" && rex.fn.name !== "-")) return null;
  const base = timePoint(rex.args[0]);
  const interval = rex.args[1];
  if (base === null || interval.type.root !== "INTERVAL_DAY_TIME" || !isConstant(interval)) return null;
  const ms = constantValue(interval) as number;
  return { field: base.field, offsetMs: base.offsetMs + (rex.fn.name === "+" ? ms : -ms) };
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function planIntervalJoin(planner: Planner, rel: Join, parts: ConditionParts): PhysicalNode | null {
  if (rel.type === "semi" || rel.type === "anti") return null;
  const width = rel.left.columns.length;
  let lowerMs = Number.NEGATIVE_INFINITY;
  let upperMs = Number.POSITIVE_INFINITY;
  let leftTime = -1;
  let rightTime = -1;
  const rest: Rex[] = [];
  for (const part of parts.rest) {
    const [a, b] = part.kind === "call" && MIRRORED[part.fn.name] !== undefined ? part.args.map(timePoint) : [null, null];
    if (part.kind !== "call" || a === null || b === null || a.field < width === b.field < width) {
      rest.push(part);
      continue;
    }
    const [left, right, op] = a.field < width ? [a, b, part.fn.name] : [b, a, MIRRORED[part.fn.name]];
    leftTime = left.field;
    rightTime = right.field - width;
    // left + x op right + y, so left − right op y − x.
    const bound = right.offsetMs - left.offsetMs;
    if (op === ">=" || op === "=") lowerMs = Math.max(lowerMs, bound);
    if (op === ">") lowerMs = Math.max(lowerMs, bound + 1);
    if (op === "<=" || op === "=") upperMs = Math.min(upperMs, bound);
    if (op === "<") upperMs = Math.min(upperMs, bound - 1);
  }
  if (!Number.isFinite(lowerMs) || !Number.isFinite(upperMs)) return null;
  if (rest.some((part) => [...inputsOf(part)].some((field) => columnAt(rel, field)?.timeAttribute !== undefined))) return null;
  const left = planner.plan(rel.left);
  const right = planner.plan(rel.right);
  for (const input of [left, right]) {
    if (isInsertOnly(input.changelog)) continue;
    throw new SqlError(
      "plan",
      "SQL_UPDATES_NOT_SUPPORTED",
      `IntervalJoin doesn't support consuming update and delete changes which is produced by node ${input.name}(${input.detail}).`,
      rel.span,
    );
  }
  const options = { ...optionsOf(rel, parts, rest), leftTime, rightTime, lowerMs, upperMs };
  return {
    name: "IntervalJoin",
    detail: `joinType=[${rel.type}], windowBounds=[isRowTime=true, leftLowerBound=${lowerMs}, leftUpperBound=${upperMs}]`,
    columns: rel.columns,
    changelog: INSERT_ONLY,
    upsertKey: null,
    body: {
      kind: "two",
      left,
      right,
      distributions: distributions(parts),
      create: () => new IntervalJoinOperator(planner.session, options),
    },
  };
}

function columnAt(rel: Join, field: number) {
  const width = rel.left.columns.length;
  return (field < width ? rel.left.columns[field] : rel.right.columns[field - width])?.type;
}
