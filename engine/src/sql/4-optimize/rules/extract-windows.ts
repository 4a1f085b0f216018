/**
 * OVER calls leave their projection: those over the same window become one node below, which appends a field per call; what they partition,
 * order and compute by is projected first when it is more than a column.
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Frame, OverCall, OverGroup, Project, Rel, SortKey } from "../../2-analyze/rel.ts";
import { allFields, namesOf, project } from "../../2-analyze/rel-builder.ts";
import {
  hasOver,
  inputRef,
  isIdentity,
  partsOf,
  type Rex,
  rexDigest,
  type RexOver,
  rewriteRex,
  type RexWindow,
  windowDigest,
} from "../../2-analyze/rex.ts";

const NOWHERE = { start: 0, end: 0 };

export function extractWindows(rel: Rel): Rel {
  return rel.kind === "project" && rel.exprs.some(hasOver) ? extract(rel) : rel;
}

interface Collected {
  readonly window: RexWindow;
  readonly calls: { readonly digest: string; readonly over: RexOver }[];
}

function extract(rel: Project): Rel {
  const groups = new Map<string, Collected>();
  for (const expr of rel.exprs) {
    for (const part of partsOf(expr)) {
      if (part.kind !== "over") continue;
      const key = windowDigest(part.window);
      const group: Collected = groups.get(key) ?? { window: part.window, calls: [] };
      groups.set(key, group);
      const digest = rexDigest(part);
      if (!group.calls.some((call) => call.digest === digest)) group.calls.push({ digest, over: part });
    }
  }
  const { input, extra } = withComputed(rel.input, [...groups.values()]);
  const fieldOf = (rex: Rex): number => (rex.kind === "input" ? rex.index : rel.input.columns.length + extra.indexOf(rexDigest(rex)));
  const made = [...groups.values()].map((group): OverGroup => {
    const order = group.window.order.map(
      (key): SortKey => ({ field: fieldOf(key.rex), descending: key.descending, nullsFirst: key.nullsFirst }),
    );
    const calls = group.calls.map(({ over }): OverCall => {
      const args = over.args.map((arg): Rex => (arg.kind === "literal" ? arg : inputRef(fieldOf(arg), arg.type)));
      return { name: over.name, fn: over.fn, args, distinct: over.distinct, type: over.type };
    });
    return { partition: group.window.partition.map(fieldOf), order, ...frameOf(group.window), calls };
  });
  let next = input.columns.length;
  const fields = new Map<string, Rex>();
  const appended = [...groups.values()].flatMap((group, g) =>
    group.calls.map(({ digest, over }, i) => {
      fields.set(digest, inputRef(next++, over.type));
      return { name: `w${g}$o${i}`, type: over.type };
    }),
  );
  const isComputed = (expr: Rex): boolean => expr.kind !== "input" && !hasOver(expr);
  const computes = rel.exprs.some(isComputed) || (input.kind === "project" && input.exprs.some(isComputed));
  const over: Rel = { kind: "over", input, groups: made, computes, columns: [...input.columns, ...appended], span: NOWHERE };
  const exprs = rel.exprs.map((expr) => rewriteRex(expr, (part) => (part.kind === "over" ? fields.get(rexDigest(part))! : part)));
  const names = namesOf(rel);
  const computed = rel.exprs.some((expr) => expr.kind !== "over" && hasOver(expr));
  // Calcite numbers the fields of a projection that takes an OVER call as it is.
  const plain = isIdentity(exprs, over.columns.length)
    ? names
    : rel.exprs.map((expr, i) => (expr.kind === "over" && !computed ? `$${i}` : names[i]));
  return { ...project(over, exprs, plain), hints: rel.hints };
}

/** What windows and arguments compute, as further columns of the input. */
function withComputed(input: Rel, groups: readonly Collected[]): { input: Rel; extra: string[] } {
  const extra: string[] = [];
  const exprs: Rex[] = [];
  const note = (rex: Rex): void => {
    if (rex.kind === "input" || extra.includes(rexDigest(rex))) return;
    extra.push(rexDigest(rex));
    exprs.push(rex);
  };
  for (const { window, calls } of groups) {
    window.partition.forEach(note);
    for (const key of window.order) note(key.rex);
    for (const { over } of calls) for (const arg of over.args) if (arg.kind !== "literal") note(arg);
  }
  if (exprs.length === 0) return { input, extra };
  const width = input.columns.length;
  return { input: project(input, [...allFields(input), ...exprs], [...namesOf(input), ...exprs.map((_, i) => `$${width + i}`)]), extra };
}

function frameOf(window: RexWindow): { frame: Frame; following: boolean } {
  const { unit, from, to } = window;
  const following =
    to.kind !== "currentRow" || from.kind === "following" || from.kind === "currentRow" || from.kind === "unboundedFollowing";
  const preceding = from.kind === "preceding" ? Number(from.offset.value) : null;
  if (preceding !== null && Number.isNaN(preceding))
    throw new SqlError("plan", "SQL_OVER_FRAME", "The bound of a frame must be a constant.", null);
  return { frame: { unit, preceding }, following };
}
