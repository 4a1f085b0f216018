/**
 * Aggregations that compute less:
 *
 *   MIN(k), MAX(k), AVG(k) GROUP BY k are k, where there is an average at all (Calcite's rule for averages)
 *   a variance is made of a count and a sum of squares, and a new count is a new result: the count stands beside it, to be told of every change
 */
import { BIGINT, withNullable } from "../../../types/logical-type.ts";
import { castTo } from "../../2-analyze/bind-expression.ts";
import type { Aggregate, AggregateCall, Rel } from "../../2-analyze/rel.ts";
import { allFields, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { inputRef, type Rex } from "../../2-analyze/rex.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";

const OF_EQUAL_ROWS: ReadonlySet<string> = new Set(["MIN", "MAX", "AVG"]);
const VARIANCES: ReadonlySet<string> = new Set(["STDDEV_POP", "STDDEV_SAMP", "STDDEV", "VAR_POP", "VAR_SAMP", "VARIANCE"]);

export function simplifyAggregates(rel: Rel): Rel {
  if (rel.kind !== "aggregate" || rel.sets !== null) return rel;
  return withoutKeyCalls(rel) ?? withVarianceCounts(rel) ?? rel;
}

function withoutKeyCalls(rel: Aggregate): Rel | null {
  const isKey = ({ fn, args, filter }: AggregateCall): boolean => filter < 0 && OF_EQUAL_ROWS.has(fn.name) && rel.keys.includes(args[0]);
  // The bounds of windows are no keys until the window aggregation is planned.
  const overWindows = rel.keys.some((key) => rel.input.columns[key].name === "window_end");
  const hasAverage = rel.calls.some(({ fn }) => fn.name === "AVG" || VARIANCES.has(fn.name));
  if (rel.keys.length === 0 || overWindows || !hasAverage || !rel.calls.some(isKey)) return null;
  const kept = rel.calls.filter((call) => !isKey(call));
  const width = rel.keys.length;
  const columns = [...rel.columns.slice(0, width), ...kept.map((call) => rel.columns[width + rel.calls.indexOf(call)])];
  const made: Aggregate = { ...rel, calls: kept, columns };
  const exprs = rel.calls.map((call, i): Rex => {
    const { type } = rel.columns[width + i];
    if (!isKey(call)) return inputRef(width + kept.indexOf(call), type);
    const at = rel.keys.indexOf(call.args[0]);
    return castTo(inputRef(at, columns[at].type), type);
  });
  return project(made, [...allFields(made).slice(0, width), ...exprs], namesOf(rel));
}

function withVarianceCounts(rel: Aggregate): Rel | null {
  const missing = rel.calls.filter(
    (call) =>
      VARIANCES.has(call.fn.name) &&
      !rel.calls.some(
        (other) =>
          other.fn.name === "COUNT" && other.args[0] === call.args[0] && other.filter === call.filter && other.distinct === call.distinct,
      ),
  );
  if (missing.length === 0) return null;
  const counts = missing.map(
    ({ args, distinct, filter }): AggregateCall => ({
      fn: AGGREGATE_FUNCTIONS.get("COUNT")!,
      args,
      distinct,
      filter,
      type: withNullable(BIGINT, false),
      name: null,
      always: true,
    }),
  );
  const width = rel.columns.length;
  const columns = [...rel.columns, ...counts.map(({ type }, i) => ({ name: `$f${width + i}`, type }))];
  const made: Aggregate = { ...rel, calls: [...rel.calls, ...counts], columns };
  return project(made, allFields(made).slice(0, width), namesOf(rel));
}
