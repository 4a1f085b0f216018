/** A join's condition taken apart: equalities of a left with a right column, bounds between time attributes, and the rest. */
import { constantValue, isConstant } from "../2-analyze/constant.ts";
import type { Join, RelColumn } from "../2-analyze/rel.ts";
import { conjuncts, inputsOf, isTrue, type Rex } from "../2-analyze/rex.ts";

export interface ConditionParts {
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** Per key: NULL equals nothing. */
  readonly filterNulls: readonly boolean[];
  readonly rest: readonly Rex[];
}

export function splitCondition(rel: Join): ConditionParts {
  const width = rel.left.columns.length;
  const leftKeys: number[] = [];
  const rightKeys: number[] = [];
  const filterNulls: boolean[] = [];
  const rest: Rex[] = [];
  for (const part of conjuncts(rel.condition)) {
    if (isTrue(part)) continue;
    const equality = part.kind === "call" && (part.fn.name === "=" || part.fn.name === "IS NOT DISTINCT FROM");
    const [a, b] = equality ? part.args : [];
    if (a?.kind === "input" && b?.kind === "input" && a.index < width !== b.index < width) {
      leftKeys.push(Math.min(a.index, b.index));
      rightKeys.push(Math.max(a.index, b.index) - width);
      filterNulls.push(part.kind === "call" && part.fn.name === "=");
    } else {
      rest.push(part);
    }
  }
  return { leftKeys, rightKeys, filterNulls, rest };
}

/** A time attribute moved by a constant. */
interface TimePoint {
  readonly field: number;
  readonly offsetMs: number;
}

export interface TimeBounds {
  readonly leftTime: number;
  readonly rightTime: number;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
  /** left time − right time lies within. */
  readonly lowerMs: number;
  readonly upperMs: number;
  /** What is left of the condition besides keys. */
  readonly rest: readonly Rex[];
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function timePoint(rex: Rex, columns: readonly RelColumn[]): TimePoint | null {
  if (rex.kind === "input") return columns[rex.index].type.timeAttribute === undefined ? null : { field: rex.index, offsetMs: 0 };
  if (rex.kind !== "call") return null;
  if (rex.fn.name === "CAST") return timePoint(rex.args[0], columns);
  if (rex.fn.name !== "+" && rex.fn.name !== "-") return null;
  const [first, second] = rex.args;
  const [base, interval] = first.type.root.startsWith("INTERVAL") ? [second, first] : [first, second];
  const point = timePoint(base, columns);
  if (point === null || interval.type.root !== "INTERVAL_DAY_TIME" || !isConstant(interval)) return null;
  const ms = constantValue(interval) as number;
  return { field: point.field, offsetMs: point.offsetMs + (rex.fn.name === "+" ? ms : -ms) };
}

/** The interval of time in which a left row meets right ones; null unless there are two bounds between two attributes of one kind. */
export function timeBounds(rel: Join, rest: readonly Rex[]): TimeBounds | null {
  const width = rel.left.columns.length;
  const columns = [...rel.left.columns, ...rel.right.columns];
  let lowerMs = Number.NEGATIVE_INFINITY;
  let upperMs = Number.POSITIVE_INFINITY;
  let leftTime = -1;
  let rightTime = -1;
  const others: Rex[] = [];
  for (const part of rest) {
    const [a, b] =
      part.kind === "call" && MIRRORED[part.fn.name] !== undefined ? part.args.map((arg) => timePoint(arg, columns)) : [null, null];
    if (part.kind !== "call" || a === null || b === null || a.field < width === b.field < width) {
      others.push(part);
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
  const timeAttribute = columns[leftTime].type.timeAttribute!;
  if (columns[width + rightTime].type.timeAttribute !== timeAttribute) return null;
  if (others.some((part) => [...inputsOf(part)].some((field) => columns[field].type.timeAttribute !== undefined))) return null;
  return { leftTime, rightTime, timeAttribute, lowerMs, upperMs, rest: others };
}
