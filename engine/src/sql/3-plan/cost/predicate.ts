/**
 * A predicate as estimates read it: comparisons of one expression with constants are put together into sets, as in the plan, and those
 * that are not single points are taken apart again into comparisons (Calcite: `RexSimplify`, `RexUtil.expandSearch`, `toCnf`).
 */
import { conjuncts, disjuncts, type Rex, type RexLiteral, rexDigest } from "../../2-analyze/rex.ts";
import { isSearch, type Range, type Search, searches } from "../explain/sarg.ts";
import { uncast } from "./comparison.ts";

export type Term =
  | { readonly kind: "and"; readonly terms: readonly Term[] }
  | { readonly kind: "or"; readonly terms: readonly Term[] }
  | { readonly kind: "not"; readonly term: Term }
  | { readonly kind: "in"; readonly operand: Rex; readonly values: readonly RexLiteral[] }
  | { readonly kind: "compare"; readonly op: string; readonly left: Rex; readonly right: Rex }
  | { readonly kind: "rex"; readonly rex: Rex };

export function termOf(rex: Rex): Term {
  if (rex.kind !== "call") return { kind: "rex", rex };
  switch (rex.fn.name) {
    case "AND":
      return all(searches(conjuncts(rex), true).map(termOfPart));
    case "OR":
      return any(searches(disjuncts(rex), false).map(termOfPart));
    case "NOT":
      return { kind: "not", term: termOf(rex.args[0]) };
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { kind: "compare", op: rex.fn.name, left: uncast(rex.args[0]), right: uncast(rex.args[1]) };
    default:
      return { kind: "rex", rex };
  }
}

function termOfPart(part: Rex | Search): Term {
  return isSearch(part) ? termOfSearch(part) : termOf(part);
}

function isPoint({ low, high }: Range): boolean {
  return low.value !== null && high.value !== null && low.value.value === high.value.value;
}

function termOfSearch({ operand, ranges }: Search): Term {
  const compare = (op: string, value: RexLiteral): Term => ({ kind: "compare", op, left: operand, right: value });
  if (ranges.every(isPoint)) {
    const values = ranges.map(({ low }) => low.value!);
    return values.length === 1 ? compare("=", values[0]) : { kind: "in", operand, values };
  }
  const gaps = ranges.slice(1).map(({ low }, i) => ({ low, before: ranges[i].high }));
  const holes = ranges[0].low.value === null && ranges[ranges.length - 1].high.value === null;
  if (holes && gaps.every(({ low, before }) => low.value!.value === before.value!.value))
    return all(gaps.map(({ low }) => compare("<>", low.value!)));
  return any(
    ranges.map((range) => {
      const { low, high } = range;
      if (isPoint(range)) return compare("=", low.value!);
      const bounds: Term[] = [];
      if (low.value !== null) bounds.push(compare(low.closed ? ">=" : ">", low.value));
      if (high.value !== null) bounds.push(compare(high.closed ? "<=" : "<", high.value));
      return all(bounds);
    }),
  );
}

/** Flat and without repetitions; one term stays itself. */
export function all(terms: readonly Term[]): Term {
  const flat = distinct(terms.flatMap((term) => (term.kind === "and" ? term.terms : [term])));
  return flat.length === 1 ? flat[0] : { kind: "and", terms: flat };
}

export function any(terms: readonly Term[]): Term {
  const flat = distinct(terms.flatMap((term) => (term.kind === "or" ? term.terms : [term])));
  return flat.length === 1 ? flat[0] : { kind: "or", terms: flat };
}

function distinct(terms: readonly Term[]): Term[] {
  return [...new Map(terms.map((term) => [digestOf(term), term])).values()];
}

function digestOf(term: Term): string {
  switch (term.kind) {
    case "and":
    case "or":
      return `${term.kind}(${term.terms.map(digestOf).join(",")})`;
    case "not":
      return `not(${digestOf(term.term)})`;
    case "in":
      return `${rexDigest(term.operand)} in (${term.values.map(rexDigest).join(",")})`;
    case "compare":
      return `${rexDigest(term.left)} ${term.op} ${rexDigest(term.right)}`;
    case "rex":
      return rexDigest(term.rex);
  }
}

class TooLarge extends Error {}

/** An AND of ORs, unless that would be more than twice as large. */
export function conjunctiveForm(term: Term): Term {
  const limit = callsIn(term) * 2;
  const checked = (form: Term): Term => {
    if (callsIn(form) > limit) throw new TooLarge();
    return form;
  };
  const form = (part: Term): Term => {
    switch (part.kind) {
      case "and":
        return checked(all(part.terms.map(form)));
      case "or": {
        const heads = partsOf(form(part.terms[0]));
        const tails = partsOf(form(any(part.terms.slice(1))));
        return checked(all(heads.flatMap((head) => tails.map((tail) => any([head, tail])))));
      }
      case "not": {
        const { term: inner } = part;
        if (inner.kind === "not") return form(inner.term);
        if (inner.kind === "or") return form(all(inner.terms.map(negate)));
        if (inner.kind === "and") return form(any(inner.terms.map(negate)));
        return part;
      }
      default:
        return part;
    }
  };
  try {
    return form(term);
  } catch (error) {
    if (error instanceof TooLarge) return term;
    throw error;
  }
}

function negate(term: Term): Term {
  return { kind: "not", term };
}

/** The terms joined by AND. */
export function partsOf(term: Term): readonly Term[] {
  return term.kind === "and" ? term.terms : [term];
}

function callsIn(term: Term): number {
  switch (term.kind) {
    case "and":
    case "or":
      return term.terms.reduce((sum, part) => sum + callsIn(part), 1);
    case "not":
      return 1 + callsIn(term.term);
    case "in":
      return 1 + callsInRex(term.operand);
    case "compare":
      return 1 + callsInRex(term.left) + callsInRex(term.right);
    case "rex":
      return callsInRex(term.rex);
  }
}

function callsInRex(rex: Rex): number {
  return rex.kind === "call" ? rex.args.reduce((sum, arg) => sum + callsInRex(arg), 1) : 0;
}
