/**
 * Calls of asynchronous functions become steps of their own: below, what they are given; in an AsyncCalc, one call beside the fields that go on; above, what is
 * made of the result. Inner calls come first. (Flink: `AsyncCalcSplitRule`)
 *
 * `SELECT f(a + 1) * 2, b` is Calc(f0 * 2, b) over AsyncCalc(b, f(f0) AS f0) over Calc(b, a + 1 AS f0).
 */
import { SqlError } from "../1-parse/sql-error.ts";
import { inputRef, inputsOf, mapLeaves, partsOf, type Rex, type RexCall, rewriteRex } from "../2-analyze/rex.ts";
import { uniqueNames } from "../2-analyze/rel-builder.ts";
import { calc } from "./build.ts";
import type { Correlate, PhysicalNode } from "./physical.ts";

export function isAsyncCall(rex: Rex): rex is RexCall {
  return rex.kind === "call" && rex.fn.startAsync !== undefined;
}

/** The rows of a table function that answers later. */
export function isAsyncCorrelate({ call }: Correlate): boolean {
  return call.kind === "unnest" && isAsyncCall(call.collection);
}

/** A Calc, or several with asynchronous steps between. A condition that waits for no answer is asked first. */
export function calcWithAsync(
  input: PhysicalNode,
  projection: readonly Rex[],
  condition: Rex | null,
  names: readonly string[],
): PhysicalNode {
  const inner = innermostAsync([...(condition === null ? [] : [condition]), ...projection]);
  if (inner === null) return calc(input, projection, condition, names);
  const filter = condition !== null && innermostAsync([condition]) === null ? condition : null;
  const later = filter === null ? condition : null;
  const isReady = filter === null && inner.args.every((arg) => arg.kind === "input" || arg.kind === "literal");
  if (isReady && later === null && projection.every((rex) => rex.kind === "input" || rex === inner)) {
    return { ...calc(input, projection, null, names), isAsync: true };
  }
  // Fields that are needed when the call is out of the way; below the call, those that it reads as well.
  const rest = [...(later === null ? [] : [later]), ...projection].flatMap((rex) => [...inputsOf(without(rex, inner))]);
  const read = isReady ? [] : inner.args.flatMap((arg) => (arg.kind === "input" ? [arg.index] : []));
  const kept = [...new Set([...rest, ...read])].sort((a, b) => a - b);
  const fields = kept.map((field): Rex => inputRef(field, input.columns[field].type));
  const fieldNames = kept.map((field) => input.columns[field].name);
  const computed = inner.args.filter((arg) => arg.kind !== "literal" && arg.kind !== "input");
  const given = (arg: Rex): Rex => {
    if (arg.kind === "literal") return arg;
    return inputRef(mark(arg.kind === "input" ? kept.indexOf(arg.index) : kept.length + computed.indexOf(arg)), arg.type);
  };
  const step: PhysicalNode = isReady
    ? { ...calc(input, [...fields, inner], null, uniqueNames([...fieldNames, "f0"])), isAsync: true }
    : calc(input, [...fields, ...computed], filter, uniqueNames([...fieldNames, ...computed.map((_, i) => `f${i}`)]));
  const instead: Rex = isReady ? inputRef(mark(kept.length), inner.type) : { ...inner, args: inner.args.map(given) };
  const moved = (rex: Rex): Rex =>
    mapLeaves(
      rewriteRex(rex, (part) => (part === inner ? instead : part)),
      (leaf) => (leaf.kind === "input" ? inputRef(leaf.index < 0 ? mark(leaf.index) : kept.indexOf(leaf.index), leaf.type) : leaf),
    );
  return calcWithAsync(step, projection.map(moved), later === null ? null : moved(later), names);
}

/** Numbers of fields of the step, told from those of its input; its own reverse. */
function mark(index: number): number {
  return -1 - index;
}

/** The first call that has none in its arguments. */
function innermostAsync(expressions: readonly Rex[]): RexCall | null {
  for (const rex of expressions) {
    for (const part of partsOf(rex)) {
      if (!isAsyncCall(part)) continue;
      const inside = innermostAsync(part.args);
      return inside ?? part;
    }
  }
  return null;
}

/** The expression without the fields that only the call reads. */
function without(rex: Rex, call: RexCall): Rex {
  return rewriteRex(rex, (part) => (part === call ? { kind: "literal", value: null, type: call.type } : part));
}

/** Flink's limits of table functions that answer later. */
export function requirePlainCorrelate(condition: Rex | null, args: readonly Rex[]): void {
  if (condition === null && !args.some((arg) => isAsyncCall(arg))) return;
  throw new SqlError("plan", "ASYNC_CORRELATE", "Currently Async correlate does not support projections or conditions.", null, {
    hint: "Filter in a query around it.",
  });
}
