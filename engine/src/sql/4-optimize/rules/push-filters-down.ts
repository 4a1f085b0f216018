/**
 * Conditions move towards the sources: into joins and to the side they look at, below aggregations when they look at keys only, into each
 * input of a union. An outer join whose padded rows a condition above throws away anyway is an inner one.
 */
import { andOf } from "../../2-analyze/bind-expression.ts";
import { isLookupJoin } from "../../2-analyze/lookup-side.ts";
import type { Filter, Join, Rel, RelJoinType } from "../../2-analyze/rel.ts";
import { filter, join, namesOf } from "../../2-analyze/rel-builder.ts";
import {
  conjuncts,
  disjuncts,
  inputRef,
  inputsOf,
  isDeterministic,
  isFalse,
  isTrue,
  mapLeaves,
  type Rex,
  rexDigest,
  shiftInputs,
} from "../../2-analyze/rex.ts";
import { chainOf } from "../../2-analyze/rex-calls.ts";
import * as operators from "../../functions/operators.ts";
import { mergeProjections } from "./merge-projections.ts";

export function pushFiltersDown(rel: Rel): Rel {
  if (rel.kind === "join" && rel.asOf === null) return pushConditions(withImpliedConditions(rel));
  if (rel.kind === "join" && isLookupJoin(rel)) return pushLookupConditions(rel, []);
  if (rel.kind !== "filter") return rel;
  const { input } = rel;
  const parts = conjuncts(rel.condition);
  switch (input.kind) {
    case "join":
      if (input.asOf === null) return throughJoin(rel, input, parts);
      if (isLookupJoin(input) && isDeterministic(rel.condition) && simplified(input.type, parts, input.left.columns.length) === "inner")
        return pushLookupConditions({ ...input, type: "inner" }, parts);
      return throughTemporalJoin(input, parts);
    case "union": {
      if (!isDeterministic(rel.condition)) return rel;
      return { ...input, inputs: input.inputs.map((each) => settle(filter(each, rel.condition))) };
    }
    case "aggregate": {
      if (input.keys.length === 0) return rel;
      const below = parts.filter((part) => [...inputsOf(part)].every((field) => field < input.keys.length));
      if (below.length === 0) return rel;
      const moved = below.map((part) =>
        mapLeaves(part, (leaf) => (leaf.kind === "input" ? inputRef(input.keys[leaf.index], leaf.type) : leaf)),
      );
      return above({ ...input, input: settle(filter(input.input, andOf(moved))) }, parts, below);
    }
    case "unnest": {
      const width = input.input.columns.length;
      const left = parts.filter(
        (part) => isDeterministic(part) && inputsOf(part).size > 0 && [...inputsOf(part)].every((field) => field < width),
      );
      const right =
        input.outer || input.condition !== null
          ? []
          : parts.filter((part) => inputsOf(part).size > 0 && [...inputsOf(part)].every((field) => field >= width));
      if (left.length === 0 && right.length === 0) return rel;
      const condition = right.length === 0 ? input.condition : andOf(right.map((part) => shiftInputs(part, -width)));
      const below = left.length === 0 ? input.input : settle(filter(input.input, andOf(left)));
      return above({ ...input, input: below, condition }, parts, [...left, ...right]);
    }
    default:
      return rel;
  }
}

/** A filter that has come to rest may be able to go on. */
function settle(rel: Rel): Rel {
  const merged = mergeProjections(rel);
  if (merged.kind === "filter") return pushFiltersDown(merged);
  if (merged.kind === "project" && merged.input.kind === "filter") {
    const input = settle(merged.input);
    return input === merged.input ? merged : mergeProjections({ ...merged, input });
  }
  return merged;
}

function above(rel: Rel, parts: readonly Rex[], moved: readonly Rex[]): Rel {
  const rest = parts.filter((part) => !moved.includes(part));
  return rest.length === 0 ? rel : filter(rel, andOf(rest));
}

function sideOf(part: Rex, width: number): "left" | "right" | "both" | "none" {
  const fields = [...inputsOf(part)];
  if (fields.length === 0 || !isDeterministic(part)) return "none";
  if (fields.every((field) => field < width)) return "left";
  return fields.every((field) => field >= width) ? "right" : "both";
}

/** True when the condition cannot hold for a row in which the side's fields are all NULL. */
function rejectsNulls(part: Rex, isPadded: (field: number) => boolean): boolean {
  if (part.kind !== "call") return part.kind === "input" && isPadded(part.index);
  const strict = /^(=|<>|<|<=|>|>=|LIKE|\+|-|\*|\/)$/.test(part.fn.name);
  if (strict) return part.args.some((arg) => nullWhenPadded(arg, isPadded));
  if (part.fn.name === "IS NOT NULL" || part.fn.name === "IS TRUE") return nullWhenPadded(part.args[0], isPadded);
  if (part.fn.name === "AND") return part.args.some((arg) => rejectsNulls(arg, isPadded));
  if (part.fn.name === "OR") return part.args.every((arg) => rejectsNulls(arg, isPadded));
  return false;
}

function nullWhenPadded(rex: Rex, isPadded: (field: number) => boolean): boolean {
  if (rex.kind === "input") return isPadded(rex.index);
  if (rex.kind !== "call") return false;
  return /^(=|<>|<|<=|>|>=|\+|-|\*|\/|CAST|NEGATE|UPPER|LOWER)$/.test(rex.fn.name) && rex.args.some((arg) => nullWhenPadded(arg, isPadded));
}

function simplified(type: RelJoinType, parts: readonly Rex[], width: number): RelJoinType {
  const rejectsRight = parts.some((part) => rejectsNulls(part, (field) => field >= width));
  const rejectsLeft = parts.some((part) => rejectsNulls(part, (field) => field < width));
  if (type === "left") return rejectsRight ? "inner" : "left";
  if (type === "right") return rejectsLeft ? "inner" : "right";
  if (type === "full") return rejectsLeft && rejectsRight ? "inner" : rejectsLeft ? "left" : rejectsRight ? "right" : "full";
  return type;
}

function throughJoin(rel: Filter, input: Join, parts: readonly Rex[]): Rel {
  const width = input.left.columns.length;
  if (input.type === "semi" || input.type === "anti") {
    const movable = parts.filter((part) => sideOf(part, width) === "left");
    if (movable.length === 0) return rel;
    return above({ ...input, left: settle(filter(input.left, andOf(movable))) }, parts, movable);
  }
  const type = simplified(input.type, parts, width);
  if (type === "inner") {
    const condition = andOf([...conjuncts(input.condition).filter((part) => !isTrue(part)), ...parts]);
    if (!isDeterministic(andOf([...parts]))) return rel;
    return renamed(pushConditions(join(input.left, input.right, { ...input, type, condition })), input);
  }
  const left = parts.filter((part) => type === "left" && sideOf(part, width) === "left");
  const right = parts.filter((part) => type === "right" && sideOf(part, width) === "right");
  if (left.length === 0 && right.length === 0)
    return type === input.type ? rel : filter(join(input.left, input.right, { ...input, type }), rel.condition);
  const joined = join(
    left.length === 0 ? input.left : settle(filter(input.left, andOf(left))),
    right.length === 0 ? input.right : settle(filter(input.right, andOf(right.map((part) => shiftInputs(part, -width))))),
    { ...input, type },
  );
  return above(joined, parts, [...left, ...right]);
}

/** A row asks for what it needs: conditions on the answers alone go to the table, those on the row alone come first. */
function pushLookupConditions(rel: Join, above: readonly Rex[]): Rel {
  const width = rel.left.columns.length;
  const own = conjuncts(rel.condition).filter((part) => !isTrue(part));
  const parts = [...own, ...above];
  const left = rel.type === "inner" ? parts.filter((part) => sideOf(part, width) === "left") : [];
  const right = parts.filter((part) => sideOf(part, width) === "right");
  if (left.length === 0 && right.length === 0 && above.length === 0) return rel;
  const rest = parts.filter((part) => !left.includes(part) && !right.includes(part));
  const condition = andOf(rest);
  return {
    ...rel,
    left: left.length === 0 ? rel.left : settle(filter(rel.left, andOf(left))),
    right: right.length === 0 ? rel.right : settle(filter(rel.right, andOf(right.map((part) => shiftInputs(part, -width))))),
    condition,
  };
}

/** The row decides which version it meets: only what looks at the row alone may go before. */
function throughTemporalJoin(input: Join, parts: readonly Rex[]): Rel {
  const width = input.left.columns.length;
  const left = parts.filter((part) => sideOf(part, width) === "left");
  const original: Rel = filter(input, andOf([...parts]));
  if (left.length === 0) return original;
  return above({ ...input, left: settle(filter(input.left, andOf(left))) }, parts, left);
}

function renamed(rel: Rel, like: Rel): Rel {
  return rel.columns.length === like.columns.length
    ? { ...rel, columns: rel.columns.map((column, i) => ({ ...column, name: namesOf(like)[i] })) }
    : rel;
}

/**
 * An alternative whose every branch says something about one side alone says that much about the side: it can be asked before the join
 * (Flink: `JoinDependentConditionDerivationRule`).
 */
function withImpliedConditions(rel: Join): Join {
  if (rel.type !== "inner") return rel;
  const width = rel.left.columns.length;
  const parts = conjuncts(rel.condition);
  const implied = parts.flatMap((part) => {
    const branches = disjuncts(part);
    if (branches.length < 2 || sideOf(part, width) !== "both") return [];
    return (["left", "right"] as const).flatMap((side) => {
      const own = branches.map((branch) => conjuncts(branch).filter((each) => sideOf(each, width) === side));
      return own.some((each) => each.length === 0) ? [] : [chainOf(operators.OR, own.map(andOf))];
    });
  });
  const known = new Set(
    [rel.left, rel.right].flatMap((side, i) => conditionsAbove(side).map((part) => rexDigest(i === 0 ? part : shiftInputs(part, width)))),
  );
  const added = implied.filter((part) => !known.has(rexDigest(part)));
  return added.length === 0 ? rel : { ...rel, condition: andOf([...parts, ...added]) };
}

/** What has been asked of a side already. */
function conditionsAbove(rel: Rel): readonly Rex[] {
  if (rel.kind === "filter") return [...conjuncts(rel.condition), ...conditionsAbove(rel.input)];
  if (rel.kind !== "project" || !rel.exprs.every((expr) => expr.kind === "input")) return [];
  const places = new Map(rel.exprs.map((expr, i) => [expr.kind === "input" ? expr.index : -1, i]));
  return conditionsAbove(rel.input).flatMap((part) => {
    if ([...inputsOf(part)].some((field) => !places.has(field))) return [];
    return [mapLeaves(part, (leaf) => (leaf.kind === "input" ? inputRef(places.get(leaf.index)!, leaf.type) : leaf))];
  });
}

/** Parts of a join's condition that look at one side only go below it, where the join's type lets them. */
function pushConditions(rel: Join): Rel {
  const width = rel.left.columns.length;
  const left: Rex[] = [];
  const right: Rex[] = [];
  const both: Rex[] = [];
  const leftOpen = rel.type === "inner" || rel.type === "right" || rel.type === "semi";
  const rightOpen = rel.type === "inner" || rel.type === "left" || rel.type === "semi" || rel.type === "anti";
  for (const part of conjuncts(rel.condition)) {
    const side = sideOf(part, width);
    if (side === "left" && leftOpen) left.push(part);
    else if (side === "right" && rightOpen) right.push(shiftInputs(part, -width));
    else if (!isTrue(part)) both.push(part);
  }
  if (left.length === 0 && right.length === 0) return rel;
  if (left.some(isFalse) || right.some(isFalse)) return rel;
  return {
    ...rel,
    left: left.length === 0 ? rel.left : settle(filter(rel.left, andOf(left))),
    right: right.length === 0 ? rel.right : settle(filter(rel.right, andOf(right))),
    condition: andOf(both),
  };
}
