/**
 * A name in WITH and a view stand for their query wherever they are used, so that twenty short lines can mean a million nodes: `w2` reads
 * `w1` twice, `w3` reads `w2` twice, … What would not be planned in a reasonable time is refused while it is still small in memory.
 */
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { inputsOfRel, type Rel } from "./rel.ts";

/** More than ten times what the longest published queries have. */
const MOST_NODES = 20_000;

const SIZES = new WeakMap<Rel, number>();

/** Nodes of the tree; what is shared counts as often as it is used. */
function sizeOf(rel: Rel): number {
  const known = SIZES.get(rel);
  if (known !== undefined) return known;
  const size = inputsOfRel(rel).reduce((sum, input) => sum + sizeOf(input), 1);
  SIZES.set(rel, size);
  return size;
}

/** The query itself; throws SqlError when there is too much of it. */
export function withinSize(rel: Rel, phase: "validate" | "plan", span: Span | null): Rel {
  const size = sizeOf(rel);
  if (size <= MOST_NODES) return rel;
  throw new SqlError(
    phase,
    "SQL_TOO_LARGE",
    `The query has more than ${MOST_NODES} operations when its names are replaced by their queries.`,
    span,
    {
      found: `${size > Number.MAX_SAFE_INTEGER ? "far too many" : size} operations`,
      expected: `at most ${MOST_NODES}`,
      hint: "Write intermediate results into tables of their own.",
    },
  );
}
