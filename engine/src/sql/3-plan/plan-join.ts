/** Joins: within windows, within an interval of time, with the version of a time, or without bound; the condition decides which. */
import { SqlError } from "../1-parse/sql-error.ts";
import { andOf } from "../2-analyze/bind-expression.ts";
import type { Hints, Join as LogicalJoin, Rel } from "../2-analyze/rel.ts";
import { conjuncts, type Rex } from "../2-analyze/rex.ts";
import { byKeys, INSERTS } from "./build.ts";
import { stateTtls } from "./hints.ts";
import { type ConditionParts, splitCondition, timeBounds } from "./join-condition.ts";
import type { Join, JoinInputSpec, PhysicalNode, Windowing } from "./physical.ts";
import { planTemporalJoin } from "./plan-temporal-join.ts";
import type { Planner } from "./planner.ts";
import { type Keys, uniqueKeys } from "./unique-keys.ts";
import { type WindowProperties, windowPropertiesOf } from "../2-analyze/window-properties.ts";

export function planJoin(planner: Planner, rel: LogicalJoin, hints: Hints): PhysicalNode {
  const parts = splitCondition(rel);
  if (rel.asOf !== null) return planTemporalJoin(planner, rel, parts);
  return planWindowJoin(planner, rel, parts) ?? planIntervalJoin(planner, rel, parts) ?? planRegularJoin(planner, rel, parts, hints);
}

/** Joins within time run for themselves, whatever a session says of joins of many. */
export function hasOwnOperator(rel: LogicalJoin): boolean {
  return timeBounds(rel, splitCondition(rel).rest) !== null || isWindowJoin(rel);
}

function isWindowJoin(rel: LogicalJoin): boolean {
  const [left, right] = [windowPropertiesOf(rel.left), windowPropertiesOf(rel.right)];
  if (left === null || right === null) return false;
  const { leftKeys, rightKeys } = splitCondition(rel);
  const pairs = (a: readonly number[], b: readonly number[]): boolean =>
    leftKeys.some((key, i) => a.includes(key) && b.includes(rightKeys[i]));
  return pairs(left.starts, right.starts) && pairs(left.ends, right.ends) && sameWindows(left, right);
}

/** What all joins of two inputs have in common. */
export function joinBase(rel: LogicalJoin, inputs: readonly [PhysicalNode, PhysicalNode], parts: ConditionParts, rest: readonly Rex[]) {
  return {
    left: byKeys(inputs[0], parts.leftKeys),
    right: byKeys(inputs[1], parts.rightKeys),
    joinType: rel.type,
    leftKeys: parts.leftKeys,
    rightKeys: parts.rightKeys,
    filterNulls: parts.filterNulls,
    nonEqui: rest.length === 0 ? null : andOf([...rest]),
    condition: rel.condition,
    columns: rel.columns,
    changelog: INSERTS,
  } as const;
}

function planRegularJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts, hints: Hints): PhysicalNode {
  const left = planner.plan(rel.left);
  const right = planner.plan(rel.right);
  const ttls = stateTtls([...(rel.hints as readonly never[]), ...(hints as readonly never[])]);
  const node: Join = {
    kind: "Join",
    ...joinBase(rel, [left, right], parts, parts.rest),
    leftSpec: inputSpec(parts.leftKeys, uniqueKeys(left)),
    rightSpec: inputSpec(parts.rightKeys, uniqueKeys(right)),
    miniBatch: false,
    leftTtlMs: ttlOf(rel.left, ttls),
    rightTtlMs: ttlOf(rel.right, ttls),
  };
  return node;
}

/** STATE_TTL names tables; a side that is made of one table takes its value. */
function ttlOf(rel: Rel, ttls: ReadonlyMap<string, number>): number | null {
  if (ttls.size === 0) return null;
  if (rel.kind === "scan") return ttls.get(rel.table.name) ?? null;
  return "input" in rel ? ttlOf(rel.input, ttls) : null;
}

export function inputSpec(joinKeys: readonly number[], keys: Keys): JoinInputSpec {
  if (keys.length === 0) return { kind: "NoUniqueKey" };
  const contained = keys.filter((key) => key.every((field) => joinKeys.includes(field)));
  const smallest = (list: Keys): readonly number[] => list.reduce((best, key) => (key.length < best.length ? key : best));
  if (contained.length > 0) return { kind: "JoinKeyContainsUniqueKey", keys: smallest(contained) };
  return { kind: "HasUniqueKey", keys: smallest(keys) };
}

type AttachedWindowing = Windowing & { readonly origin: { readonly kind: "attached"; readonly start: number; readonly end: number } };

export function attachedWindowing(properties: WindowProperties, start: number, end: number): AttachedWindowing {
  const { spec, localTime, timeAttribute } = properties;
  return { spec, origin: { kind: "attached", start, end }, localTime, attribute: timeAttribute };
}

/** Both window bounds of both sides are equal: rows meet within their window only. */
function planWindowJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts): PhysicalNode | null {
  const left = windowPropertiesOf(rel.left);
  const right = windowPropertiesOf(rel.right);
  if (left === null || right === null) return null;
  const pair = (a: readonly number[], b: readonly number[]): number =>
    parts.leftKeys.findIndex((key, i) => a.includes(key) && b.includes(parts.rightKeys[i]));
  const start = pair(left.starts, right.starts);
  const end = pair(left.ends, right.ends);
  if (start < 0 || end < 0 || !sameWindows(left, right)) return null;
  const inputs = [planner.plan(rel.left), planner.plan(rel.right)] as const;
  const kept = parts.leftKeys.flatMap((_, i) => (i === start || i === end ? [] : [i]));
  const keys: ConditionParts = {
    leftKeys: kept.map((i) => parts.leftKeys[i]),
    rightKeys: kept.map((i) => parts.rightKeys[i]),
    filterNulls: kept.map((i) => parts.filterNulls[i]),
    rest: parts.rest,
  };
  const width = rel.left.columns.length;
  const isBound = (part: Rex): boolean => {
    const [a, b] =
      part.kind === "call" && part.fn.name === "=" ? part.args.map((arg) => (arg.kind === "input" ? arg.index : -1)) : [-1, -1];
    const pairs = [start, end].map((i) => [parts.leftKeys[i], parts.rightKeys[i] + width]);
    return pairs.some(([x, y]) => (a === x && b === y) || (a === y && b === x));
  };
  return {
    kind: "WindowJoin",
    ...joinBase(rel, inputs, keys, parts.rest),
    condition: andOf(conjuncts(rel.condition).filter((part) => !isBound(part))),
    leftWindowing: attachedWindowing(left, parts.leftKeys[start], parts.leftKeys[end]),
    rightWindowing: attachedWindowing(right, parts.rightKeys[start], parts.rightKeys[end]),
  };
}

function sameWindows(left: WindowProperties, right: WindowProperties): boolean {
  const plain = (properties: WindowProperties): string => JSON.stringify({ ...properties.spec, partition: null });
  return plain(left) === plain(right) && left.timeAttribute === right.timeAttribute;
}

function planIntervalJoin(planner: Planner, rel: LogicalJoin, parts: ConditionParts): PhysicalNode | null {
  if (rel.type === "semi" || rel.type === "anti") return null;
  const bounds = timeBounds(rel, parts.rest);
  if (bounds === null) return null;
  const inputs = [planner.plan(rel.left), planner.plan(rel.right)] as const;
  const { leftTime, rightTime, timeAttribute, lowerMs, upperMs, rest } = bounds;
  return { kind: "IntervalJoin", ...joinBase(rel, inputs, parts, rest), timeAttribute, leftTime, rightTime, lowerMs, upperMs };
}

export function temporalError(phase: "validate" | "plan", message: string, rel: LogicalJoin, hint: string): SqlError {
  return new SqlError(phase, "SQL_TEMPORAL_JOIN", message, rel.span, { hint });
}
