/** The right side of a join as a table that its connector can be asked for by key: a scan, perhaps filtered and projected. */
import { andOf } from "./bind-expression.ts";
import type { Join, Rel, Scan } from "./rel.ts";
import { inputRef, type Rex, substituteInputs } from "./rex.ts";

export interface LookupSide {
  readonly scan: Scan;
  /** The side's columns over those of the scan. */
  readonly exprs: readonly Rex[];
  /** What rows must meet, over the columns of the scan. */
  readonly condition: Rex | null;
}

/** null = the connector cannot be asked, or more than filters and projections lies between. */
export function lookupSide(rel: Rel): LookupSide | null {
  switch (rel.kind) {
    case "scan":
      return rel.table.lookup === undefined
        ? null
        : { scan: rel, exprs: rel.columns.map((column, i) => inputRef(i, column.type)), condition: null };
    case "project": {
      const below = lookupSide(rel.input);
      return below === null ? null : { ...below, exprs: rel.exprs.map((expr) => substituteInputs(expr, below.exprs)) };
    }
    case "filter": {
      const below = lookupSide(rel.input);
      if (below === null) return null;
      const own = substituteInputs(rel.condition, below.exprs);
      return { ...below, condition: below.condition === null ? own : andOf([below.condition, own]) };
    }
    default:
      return null;
  }
}

/** FOR SYSTEM_TIME AS OF processing time over such a table. */
export function isLookupJoin(rel: Join): boolean {
  if (rel.asOf === null || lookupSide(rel.right) === null) return false;
  return rel.asOf === LOOKED_UP || rel.left.columns[rel.asOf].type.timeAttribute === "PROCTIME";
}

/** `asOf` of a lookup join whose time is not read any more: it asks when it asks. */
export const LOOKED_UP = -1;
