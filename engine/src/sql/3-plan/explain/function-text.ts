/**
 * Functions that Calcite knows under another shape than the user wrote: `YEAR(d)` is an EXTRACT, `TIMESTAMPDIFF` a subtraction whose
 * result is read as a number. Plans show them so; what runs is the function itself.
 */
import { DOUBLE, INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH, decimalOf } from "../../../types/logical-type.ts";
import { literalOf, type Rex, type RexCall, type RexLiteral } from "../../2-analyze/rex.ts";

const EXTRACTED: Readonly<Record<string, string>> = {
  YEAR: "YEAR",
  QUARTER: "QUARTER",
  MONTH: "MONTH",
  WEEK: "WEEK",
  DAYOFYEAR: "DOY",
  DAYOFMONTH: "DAY",
  DAYOFWEEK: "DOW",
  HOUR: "HOUR",
  MINUTE: "MINUTE",
  SECOND: "SECOND",
};

/** In ms, or in months. */
const UNITS: Readonly<Record<string, readonly [size: number, months: boolean]>> = {
  SECOND: [1000, false],
  MINUTE: [60_000, false],
  HOUR: [3_600_000, false],
  DAY: [86_400_000, false],
  MONTH: [1, true],
  YEAR: [12, true],
};

/** Functions whose arguments stand as they were written, though they meet in one type. */
const UNCAST: ReadonlySet<string> = new Set(["COALESCE", "IF", "IFNULL"]);

function flag(word: string): Rex {
  return literalOf(word, { root: "DESCRIPTOR", nullable: false });
}

function call(rex: RexCall, name: string, args: readonly Rex[], type = rex.type): RexCall {
  return { kind: "call", fn: { ...rex.fn, name }, args, type, options: {} };
}

/** @param folded constants are computed, as in optimized plans */
export function shownCall(rex: RexCall, folded: boolean): RexCall {
  const { name } = rex.fn;
  const { args } = rex;
  if (EXTRACTED[name] !== undefined && args.length === 1) return call(rex, "EXTRACT", [flag(EXTRACTED[name]), args[0]]);
  switch (name) {
    case "TRIM":
      return call(rex, name, [
        flag(String(rex.options.side ?? "BOTH")),
        args[1] ?? literalOf(" ", { root: "CHAR", length: 1, nullable: false }),
        args[0],
      ]);
    case "SQRT":
      return call(rex, "POWER", [args[0], literalOf(5n, { ...decimalOf(2, 1), nullable: false })], DOUBLE);
    case "JSON_OBJECT":
    case "JSON_ARRAY": {
      const onNull = rex.options.onNull ?? (name === "JSON_OBJECT" ? "NULL" : "ABSENT");
      return call(rex, name, [flag(`${String(onNull)}_ON_NULL`), ...args]);
    }
    case "TIMESTAMPADD":
      return shownAddition(rex, folded);
    case "TIMESTAMPDIFF":
      return shownDifference(rex);
    default:
      return UNCAST.has(name) ? call(rex, name, args.map(asWritten)) : rex;
  }
}

/**
 * IS [NOT] DISTINCT FROM by its parts. What cannot be NULL is left out but in conditions of the syntax tree (`role` absent); in conditions
 * of plans an equality need not say that it is true.
 */
export function shownDistinction(rex: RexCall, apart: boolean, role: string | undefined): RexCall {
  const [a, b] = rex.args;
  const equal = call(rex, "=", [a, b]);
  const certain = role !== undefined && !(a.type.nullable && b.type.nullable);
  if (apart) {
    const differs = call(rex, "IS NOT TRUE", [equal]);
    if (certain) return differs;
    return call(rex, "AND", [call(rex, "OR", [call(rex, "IS NOT NULL", [a]), call(rex, "IS NOT NULL", [b])]), differs]);
  }
  const same = role === "condition" ? equal : call(rex, "IS TRUE", [equal]);
  if (certain) return same;
  return call(rex, "OR", [call(rex, "AND", [call(rex, "IS NULL", [a]), call(rex, "IS NULL", [b])]), same]);
}

/** A text keeps its own length. */
function asWritten(rex: Rex): Rex {
  if (rex.kind !== "literal" || rex.type.root !== "VARCHAR" || typeof rex.value !== "string") return rex;
  return { ...rex, type: { root: "CHAR", length: rex.value.length, nullable: rex.type.nullable } };
}

function unitOf(rex: RexCall): string {
  const [unit] = rex.args;
  return unit.kind === "literal" ? String(unit.value) : "";
}

function shownAddition(rex: RexCall, folded: boolean): RexCall {
  const unit = unitOf(rex);
  const known = UNITS[unit];
  if (known === undefined) return rex;
  const [, count, time] = rex.args;
  const [size, months] = known;
  const interval = (value: number): RexLiteral => ({
    kind: "literal",
    value,
    type: { ...(months ? INTERVAL_YEAR_MONTH : INTERVAL_DAY_TIME), nullable: false },
    qualifier: unit,
  });
  const constant = folded && count.kind === "literal" && typeof count.value === "number";
  const added = constant ? interval(size * Number(count.value)) : call(rex, "*", [interval(size), count]);
  return call(rex, "+", [time, added]);
}

function shownDifference(rex: RexCall): RexCall {
  const known = UNITS[unitOf(rex)];
  if (known === undefined) return rex;
  const [, from, to] = rex.args;
  const [size, months] = known;
  const between = call(rex, "Reinterpret", [call(rex, "-", [to, from], months ? INTERVAL_YEAR_MONTH : INTERVAL_DAY_TIME)]);
  if (size === 1) return call(rex, "CAST", [between]);
  return call(rex, "CAST", [call(rex, "/INT", [between, literalOf(size, { root: "INT", nullable: false })])]);
}
