/** Top-N: within windows, as a deduplication, or with updates. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Rank as LogicalRank } from "../2-analyze/rel.ts";
import { byKeys, INSERTS } from "./build.ts";
import type { PhysicalNode, Rank } from "./physical.ts";
import { attachedWindowing } from "./plan-join.ts";
import type { Planner } from "./planner.ts";
import { timeAttributeOf } from "./time-attributes.ts";
import { windowPropertiesOf } from "../2-analyze/window-properties.ts";

export function planRank(planner: Planner, rel: LogicalRank): PhysicalNode {
  const plain = planner.plan(rel.input);
  const windowed = planWindowRank(rel, plain);
  if (windowed !== null) return windowed;
  requireRowNumber(rel, "on streaming table is not supported currently");
  const { order, range, outputRank, rankType } = rel;
  const partition = [...rel.partition].sort((a, b) => a - b);
  const timeAttribute = order.length === 1 ? timeAttributeOf(plain, order[0].field) : undefined;
  const one = range.start === 1 && range.end === 1;
  const node: Rank = {
    kind: "Rank",
    input: byKeys(plain, partition),
    rankType,
    partition,
    order,
    range,
    outputRank,
    strategy: { kind: "AppendFast" },
    deduplicate: one && timeAttribute !== undefined ? { keepLast: order[0].descending, timeAttribute } : null,
    miniBatch: planner.options.miniBatch !== null,
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}

/** RANK and DENSE_RANK are ranks to the optimizer, but no operator counts them. */
function requireRowNumber(rel: LogicalRank, refusal: string): void {
  if (rel.rankType === "ROW_NUMBER") return;
  throw new SqlError("plan", "SQL_RANK_FUNCTION", `${rel.rankType}() ${refusal}`, rel.span, { expected: "ROW_NUMBER()" });
}

/** Both bounds of the rows' window among the partition: nothing comes before the window is over. */
function planWindowRank(rel: LogicalRank, plain: PhysicalNode): PhysicalNode | null {
  const window = windowPropertiesOf(rel.input);
  const end = window === null ? undefined : rel.partition.find((field) => window.ends.includes(field));
  const start = window === null ? undefined : rel.partition.find((field) => window.starts.includes(field));
  if (window === null || end === undefined || start === undefined) return null;
  const partition = rel.partition.filter((field) => !window.ends.includes(field) && !window.starts.includes(field));
  requireRowNumber(rel, "function is not supported on Window TopN currently, only ROW_NUMBER() is supported.");
  const last = rel.range.end;
  if (typeof last !== "number") {
    const name = rel.input.columns[last.field].name;
    throw new SqlError("plan", "SQL_RANK_FUNCTION", `Rank strategy rankEnd=${name} is not supported on window rank currently.`, rel.span, {
      found: `up to ${name}`,
      expected: "up to a number",
    });
  }
  const windowing = attachedWindowing(window, start, end);
  const input = byKeys(plain, partition);
  const time = rel.order.length === 1 ? rel.input.columns[rel.order[0].field].type.timeAttribute : undefined;
  const base = { input, windowing, partition, columns: rel.columns, changelog: INSERTS } as const;
  if (rel.range.start === 1 && last === 1 && time !== undefined) {
    if (time === "PROCTIME") {
      throw new SqlError("plan", "SQL_PROCTIME_WINDOW", "Processing time Window Deduplication is not supported yet.", rel.span);
    }
    return { kind: "WindowDeduplicate", ...base, timeField: rel.order[0].field, keepLast: rel.order[0].descending };
  }
  const { order, outputRank } = rel;
  return { kind: "WindowRank", ...base, order, start: rel.range.start, end: last, outputRank };
}
