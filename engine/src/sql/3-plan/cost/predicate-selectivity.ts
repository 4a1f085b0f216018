/**
 * Which share of the rows a predicate keeps, from what is known of the columns' values, else from constants (Flink:
 * `SelectivityEstimator`). Comparisons of one field with constants are taken together, as the bounds of one interval; all others count as
 * independent of each other.
 */
import type { LogicalType } from "../../../types/logical-type.ts";
import { isCharacter, isInterval, isNumeric, isTimestamp } from "../../../types/logical-type.ts";
import { isFalse, isTrue, type Rex, type RexLiteral } from "../../2-analyze/rex.ts";
import type { PhysicalNode } from "../physical.ts";
import { compareOf, MIRRORED, plainValue } from "./comparison.ts";
import { distinctRows } from "./distinct-rows.ts";
import { nullCount } from "./null-count.ts";
import { all, any, conjunctiveForm, partsOf, type Term, termOf } from "./predicate.ts";
import { artificialShare } from "./pseudo-functions.ts";
import { rowCount } from "./row-count.ts";
import { contains, intersect, isInfinite, type ValueInterval, valueInterval } from "./value-interval.ts";

const COMPARED = 0.5;
const EQUAL = 0.15;
const IS_NULL = 0.1;
const LIKE = 0.05;
const OTHER = 0.25;

/** The estimate cannot be made: the whole predicate is guessed. */
class Unsupported extends Error {}

/** null = it cannot be told. */
export function predicateSelectivity(node: PhysicalNode, predicate: Rex): number | null {
  if (isTrue(predicate)) return 1;
  if (isFalse(predicate)) return 0;
  try {
    return new Estimator(node).share(termOf(predicate));
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}

type Comparison = Extract<Term, { kind: "compare" }>;

class Estimator {
  private readonly node: PhysicalNode;

  constructor(node: PhysicalNode) {
    this.node = node;
  }

  share(term: Term): number | null {
    switch (term.kind) {
      case "and": {
        const parts = conjunctsOf(term);
        return parts.length === 1 ? this.ofBounds(term) : parts.reduce((product, part) => product * this.operand(part), 1);
      }
      case "or": {
        const parts = disjunctsOf(term);
        if (parts.length === 1) return parts[0].kind === "in" ? this.ofIn(parts[0]) : this.ofDisjoint(term.terms);
        const shares = parts.map((part) => this.operand(part));
        return Math.min(1, shares.reduce((sum, share) => sum + share, 0) - shares.reduce((product, share) => product * share, 1));
      }
      case "not":
        return 1 - this.operand(term.term);
      case "in":
        return this.ofIn(term);
      case "compare":
        return this.ofComparison(term);
      case "rex":
        return this.ofRex(term.rex);
    }
  }

  private operand(term: Term): number {
    return this.share(term) ?? 1;
  }

  private ofRex(rex: Rex): number | null {
    if (rex.kind === "input" && rex.type.root === "BOOLEAN")
      return this.ofEqual(rex.index, { kind: "literal", value: true, type: rex.type });
    const artificial = artificialShare(rex);
    if (artificial !== null) return artificial;
    if (rex.kind !== "call") return null;
    switch (rex.fn.name) {
      case "IS NULL": {
        const nulls = nullCount(this.node, fieldOf(rex.args[0]));
        return nulls === null ? IS_NULL : Math.min(nulls / rowCount(this.node), 1);
      }
      case "IS NOT NULL": {
        const nulls = nullCount(this.node, fieldOf(rex.args[0]));
        return nulls === null ? 1 - IS_NULL : 1 - nulls / rowCount(this.node);
      }
      case "LIKE":
        return LIKE;
      default:
        return OTHER;
    }
  }

  private ofComparison({ op, left, right }: Comparison): number {
    if (op === "<>") return 1 - this.ofComparison({ kind: "compare", op: "=", left, right });
    const unknown = op === "=" ? EQUAL : COMPARED;
    if (!isSupported(left.type) || !isSupported(right.type)) return unknown;
    if (left.kind === "input" && right.kind === "literal")
      return op === "=" ? this.ofEqual(left.index, right) : this.ofBound(op, left.index, right);
    if (left.kind === "literal" && right.kind === "input")
      return op === "=" ? this.ofEqual(right.index, left) : this.ofBound(MIRRORED[op], right.index, left);
    if (left.kind !== "input" || right.kind !== "input" || !isOrdered(left.type) || !isOrdered(right.type)) return unknown;
    const intervals = [left, right].map(({ index }) => valueInterval(this.node, index));
    if (intervals.some((interval) => interval === null || isInfinite(interval))) return unknown;
    return intervals.some((interval) => interval!.empty) ? 0 : unknown;
  }

  private ofEqual(field: number, literal: RexLiteral): number {
    if (literal.value === null) return this.ofRex({ kind: "input", index: field, type: literal.type }) ?? IS_NULL;
    const interval = this.intervalOf(field, literal.type);
    if (interval === null || isInfinite(interval)) return EQUAL;
    if (interval.empty || !contains(interval, plainValue(literal)!)) return 0;
    const distinct = distinctRows(this.node, [field], null);
    return distinct === null ? EQUAL : 1 / distinct;
  }

  /** Texts are compared only within two bounds. */
  private intervalOf(field: number, type: LogicalType): ValueInterval | null {
    const interval = valueInterval(this.node, field);
    if (interval === null || interval.empty || isInfinite(interval)) return interval;
    if (isCharacter(type) ? interval.low === null || interval.high === null : !isOrdered(type)) throw new Unsupported();
    return interval;
  }

  private ofBound(op: string, field: number, literal: RexLiteral): number {
    if (literal.value === null) throw new Unsupported();
    const value = plainValue(literal);
    if (!isOrdered(this.node.columns[field]?.type ?? literal.type) || value === null) return COMPARED;
    const interval = valueInterval(this.node, field);
    if (interval === null || isInfinite(interval)) return COMPARED;
    if (interval.empty) return 0;
    return this.partOf(interval, { op, field, value: Number(value) });
  }

  private partOf({ low, high }: ValueInterval, { op, field, value }: { op: string; field: number; value: number }): number {
    const [min, max] = [low === null ? null : Number(low.value), high === null ? null : Number(high.value)];
    const upward = op === ">" || op === ">=";
    const near = upward ? high : low;
    const far = upward ? low : high;
    const sign = upward ? -1 : 1;
    const order = (bound: typeof low): number => compareOf(Number(bound!.value), value) * sign;
    const strict = op === "<" || op === ">";
    if (near !== null && (order(near) > 0 || (order(near) === 0 && (strict || !near.closed)))) return 0;
    if (far !== null && (order(far) < 0 || (order(far) === 0 && (!strict || !far.closed)))) return 1;
    if (min === null || max === null) return COMPARED;
    const edge = strict ? far! : near!;
    if (Math.abs(Number(edge.value) - value) < 1e-6) {
      const distinct = edge.closed ? distinctRows(this.node, [field], null) : null;
      if (!edge.closed) return strict ? 1 : 0;
      return distinct === null ? COMPARED : strict ? 1 - 1 / distinct : 1 / distinct;
    }
    return (upward ? max - value : value - min) / (max - min);
  }

  /** Bounds of one field. */
  private ofBounds(term: Term): number {
    const parts = partsOf(conjunctiveForm(term));
    const bounds = parts.map((part) => {
      const bound = boundOf(part);
      if (bound === null) throw new Unsupported();
      return bound;
    });
    if (bounds.some(({ type, literal }) => !isOrdered(type) || !isOrdered(literal.type)))
      return parts.reduce((product, part) => product * this.operand(part), 1);
    const unknown = COMPARED ** bounds.length;
    const interval = valueInterval(this.node, bounds[0].field);
    if (interval === null) return unknown;
    if (interval.empty) return 0;
    const within = bounds
      .map(({ op, literal }): ValueInterval => {
        const bound = { value: Number(plainValue(literal)), closed: op.endsWith("=") };
        return op.startsWith("<") ? { empty: false, low: null, high: bound } : { empty: false, low: bound, high: null };
      })
      .reduce(intersect, numeric(interval));
    if (interval.low === null || interval.high === null) return unknown;
    if (within.empty) return 0;
    return (Number(within.high!.value) - Number(within.low!.value)) / (Number(interval.high.value) - Number(interval.low.value));
  }

  private ofDisjoint(terms: readonly Term[]): number {
    return Math.min(
      1,
      terms.reduce((sum, term) => sum + this.operand(term), 0),
    );
  }

  private ofIn({ operand, values }: Extract<Term, { kind: "in" }>): number {
    const field = fieldOf(operand);
    const unknown = Math.min(1, EQUAL * values.length);
    if (!isSupported(operand.type)) return unknown;
    const interval = this.intervalOf(field, operand.type);
    if (interval !== null && isInfinite(interval)) return unknown;
    if (interval?.empty === true) return 0;
    const valid = interval === null ? values.length : values.filter((value) => contains(interval, plainValue(value)!)).length;
    if (valid === 0) return 0;
    const distinct = distinctRows(this.node, [field], null);
    if (distinct === null) return unknown;
    return interval === null ? valid / distinct : Math.min(1, Math.min(distinct, valid) / distinct);
  }
}

function numeric(interval: ValueInterval): ValueInterval {
  const number = (bound: ValueInterval["low"]): ValueInterval["low"] => (bound === null ? null : { ...bound, value: Number(bound.value) });
  return { ...interval, low: number(interval.low), high: number(interval.high) };
}

function fieldOf(rex: Rex): number {
  if (rex.kind !== "input") throw new Unsupported();
  return rex.index;
}

/** Types whose values can be told apart at all. */
function isSupported(type: LogicalType): boolean {
  return isOrdered(type) || isCharacter(type);
}

/** Types whose values are numbers in the end. */
function isOrdered(type: LogicalType): boolean {
  return (isNumeric(type) && !isInterval(type)) || isTimestamp(type) || ["BOOLEAN", "DATE", "TIME"].includes(type.root);
}

interface FieldBound {
  readonly field: number;
  readonly type: LogicalType;
  readonly op: string;
  readonly literal: RexLiteral;
}

/** `<`, `<=`, `>`, `>=` between a field and a constant. */
function boundOf(term: Term): FieldBound | null {
  if (term.kind !== "compare" || term.op === "=" || term.op === "<>") return null;
  const { left, right, op } = term;
  if (left.kind === "input" && right.kind === "literal") return { field: left.index, type: left.type, op, literal: right };
  if (left.kind === "literal" && right.kind === "input") return { field: right.index, type: right.type, op: MIRRORED[op], literal: left };
  return null;
}

/** Bounds of a field together; bare fields are dropped, as in Flink. */
function conjunctsOf(term: Term): readonly Term[] {
  const { groups, others } = groupedByField(partsOf(conjunctiveForm(term)), (part) => boundOf(part)?.field ?? null);
  return [...groups.map(all), ...others];
}

function disjunctsOf(term: Extract<Term, { kind: "or" }>): readonly Term[] {
  const { groups, others } = groupedByField(term.terms, (part) => boundOf(part)?.field ?? equalField(part));
  return [...groups.flatMap(disjunctsOfField), ...others];
}

function equalField(term: Term): number | null {
  if (term.kind !== "compare" || term.op !== "=") return null;
  if (term.left.kind === "input" && term.right.kind === "literal") return term.left.index;
  return term.left.kind === "literal" && term.right.kind === "input" ? term.right.index : null;
}

function disjunctsOfField(parts: readonly Term[]): readonly Term[] {
  const equal = parts.filter((part): part is Comparison => part.kind === "compare" && part.op === "=");
  if (equal.length < 2) return [any(parts)];
  const operand = equal[0].left.kind === "input" ? equal[0].left : equal[0].right;
  const values = equal.map(({ left, right }) => (left.kind === "literal" ? left : right) as RexLiteral);
  const rest = parts.filter((part) => part.kind !== "compare" || part.op !== "=");
  const points: Term = { kind: "in", operand, values };
  return rest.length === 0 ? [points] : [points, any(rest)];
}

interface Grouped {
  readonly groups: readonly (readonly Term[])[];
  readonly others: readonly Term[];
}

function groupedByField(terms: readonly Term[], fieldOfTerm: (term: Term) => number | null): Grouped {
  const groups = new Map<number, Term[]>();
  const others: Term[] = [];
  for (const term of terms) {
    if (term.kind === "rex" && term.rex.kind !== "call") continue;
    const field = fieldOfTerm(term);
    if (field === null) others.push(term);
    else groups.set(field, [...(groups.get(field) ?? []), term]);
  }
  const slots = slotsFor(groups.size);
  const ordered = [...groups].sort(([a], [b]) => slotOf(a, slots) - slotOf(b, slots));
  return { groups: ordered.map(([, group]) => group), others };
}

/** Products of shares round in the order of a Java hash map with the names of the fields. */
function slotsFor(entries: number): number {
  let slots = 16;
  while (entries > slots * 0.75) slots *= 2;
  return slots;
}

function slotOf(field: number, slots: number): number {
  let hash = 0;
  for (const char of `$${field}`) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return (hash ^ (hash >>> 16)) & (slots - 1);
}
