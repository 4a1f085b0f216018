/**
 * What the engine knows of a table, and its program must not: the space that all tables of an environment share, with the session and the graph in it, and the
 * relation that the table stands for. It is kept beside the tables, for those who import this module.
 */
import { invariant } from "../base/invariant.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { TableSpace } from "./table-space.ts";

export interface TableInternals {
  readonly space: TableSpace;
  readonly rel: Rel;
}

const internals = new WeakMap<object, TableInternals>();

/** Called once for each table, when it is made. */
export function registerTable(table: object, own: TableInternals): void {
  requireSpace(own.space);
  internals.set(table, own);
}

/** Constructors can be called by programs too, with whatever they like; what they make must not hand anything of the engine to that. */
export function requireSpace(space: TableSpace): void {
  invariant(space instanceof TableSpace, "tables are made by tables and environments");
}

export function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null && internals.has(value);
}

export function spaceOf(table: object): TableSpace {
  return internalsOf(table).space;
}

export function relOf(table: object): Rel {
  return internalsOf(table).rel;
}

function internalsOf(table: object): TableInternals {
  const own = internals.get(table);
  invariant(own !== undefined, "this is no table that the engine has made");
  return own;
}
