/** Between which numbers the values of a column lie, as far as conditions, constants and counts tell (Flink: `FlinkRelMdColumnInterval`). */
import { conjuncts, type Rex } from "../../2-analyze/rex.ts";
import type { PhysicalNode } from "../physical.ts";

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

const ANY: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** @param filter a boolean column: of the rows in which it is true; -1 = of all. */
export function columnInterval(node: PhysicalNode, field: number, filter = -1): Interval {
  switch (node.kind) {
    case "Exchange":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
      return columnInterval(node.input, field, filter);
    case "Calc": {
      const rex = node.projection[field];
      const conditions = [node.condition, filter < 0 ? null : node.projection[filter]].flatMap((each) =>
        each === null ? [] : conjuncts(each),
      );
      return conditions.reduce((interval, condition) => within(interval, boundsOf(condition, rex)), intervalOf(rex, node.input));
    }
    case "GroupAggregate":
      return node.phase !== "LOCAL" && node.calls[field - node.keys.length]?.fn.name === "COUNT" ? { ...ANY, lower: 0 } : ANY;
    default:
      return ANY;
  }
}

function intervalOf(rex: Rex, input: PhysicalNode): Interval {
  if (rex.kind === "input") return columnInterval(input, rex.index);
  if (rex.kind === "literal" && typeof rex.value === "number") return { lower: rex.value, upper: rex.value };
  return ANY;
}

function within(a: Interval, b: Interval): Interval {
  return { lower: Math.max(a.lower, b.lower), upper: Math.min(a.upper, b.upper) };
}

/** What a condition that holds says of an expression. */
function boundsOf(condition: Rex, rex: Rex): Interval {
  if (condition.kind !== "call" || rex.kind !== "input") return ANY;
  const { fn, args } = condition;
  if (fn.name === "IS TRUE") return boundsOf(args[0], rex);
  if (args.length !== 2) return ANY;
  const [left, right] = args;
  if (isField(left, rex.index) && isNumber(right)) return compared(fn.name, right.value);
  if (isField(right, rex.index) && isNumber(left)) return compared(MIRRORED[fn.name] ?? "", left.value);
  return ANY;
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function compared(operator: string, value: number): Interval {
  switch (operator) {
    case "=":
      return { lower: value, upper: value };
    case ">":
    case ">=":
      return { ...ANY, lower: value };
    case "<":
    case "<=":
      return { ...ANY, upper: value };
    default:
      return ANY;
  }
}

function isField(rex: Rex, index: number): boolean {
  return rex.kind === "input" && rex.index === index;
}

function isNumber(rex: Rex): rex is Extract<Rex, { kind: "literal" }> & { readonly value: number } {
  return rex.kind === "literal" && typeof rex.value === "number";
}
