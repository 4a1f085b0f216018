/** Which problems name each item of coverage.yaml, and what is missing. */
import type { Problem } from "../pack/problem.ts";
import { ALL, type CoverageYaml, REAL_DATA } from "../pack/schema/coverage.ts";

export interface Coverage {
  readonly rows: readonly { readonly id: string; readonly item: string; readonly problems: readonly string[] }[];
  readonly counts: readonly { readonly what: string; readonly found: number; readonly atLeast: number }[];
  /** Sentences, one for each empty row, each count that is too small, each item that problems name and nobody knows. Empty = all is well. */
  readonly complaints: readonly string[];
}

type Counted = Pick<Problem, "id" | "kind" | "covers" | "topics">;

/** Pure: problems against the list. */
export function coverageOf(list: CoverageYaml, problems: readonly Counted[]): Coverage {
  const rows = Object.entries(list.items).map(([id, item]) => {
    return { id, item, problems: problems.filter(({ covers }) => covers.includes(id)).map((problem) => problem.id) };
  });
  const counts = Object.entries(list.atLeast ?? {}).map(([what, atLeast]) => {
    const found = problems.filter(({ kind, topics }) => what === ALL || (what === REAL_DATA ? topics.includes(REAL_DATA) : kind === what));
    return { what, found: found.length, atLeast: atLeast ?? 0 };
  });
  const strangers = problems.flatMap(({ id, covers }) =>
    covers.filter((item) => !Object.hasOwn(list.items, item)).map((item) => `${id} covers ${item}, which is no item of coverage.yaml.`),
  );
  return {
    rows,
    counts,
    complaints: [
      ...rows.filter((row) => row.problems.length === 0).map(({ id, item }) => `No problem covers ${id} (${item}).`),
      ...counts
        .filter(({ found, atLeast }) => found < atLeast)
        .map(({ what, found, atLeast }) => `${what}: ${found} of ${atLeast} problems.`),
      ...strangers,
    ],
  };
}
