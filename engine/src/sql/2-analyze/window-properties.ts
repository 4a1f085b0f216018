/** Where a node's rows carry the window they belong to (Flink: `FlinkRelMdWindowProperties`). */
import type { Rel, WindowSpecification } from "./rel.ts";

export interface WindowProperties {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly times: readonly number[];
  readonly spec: WindowSpecification;
  readonly timeAttribute: "ROWTIME" | "PROCTIME";
  /** Of a session: names of the columns that part it. */
  readonly partitionNames: readonly string[];
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
}

export function windowPropertiesOf(rel: Rel): WindowProperties | null {
  switch (rel.kind) {
    case "windowTvf": {
      const width = rel.input.columns.length;
      const localTime = rel.input.columns[rel.timeField].type.root === "TIMESTAMP_LTZ";
      const partitionNames = rel.spec.kind === "session" ? rel.spec.partition.map((field) => rel.input.columns[field].name) : [];
      const { spec, timeAttribute } = rel;
      return { starts: [width], ends: [width + 1], times: [width + 2], spec, timeAttribute, localTime, partitionNames };
    }
    case "filter":
    case "over":
    case "rank":
    case "unnest":
    case "expand":
      return windowPropertiesOf(rel.input);
    case "sort":
      return rel.fetch === null ? windowPropertiesOf(rel.input) : null;
    case "project": {
      const below = windowPropertiesOf(rel.input);
      if (below === null) return null;
      const moved = (fields: readonly number[]): number[] =>
        rel.exprs.flatMap((expr, i) => (expr.kind === "input" && fields.includes(expr.index) ? [i] : []));
      return emptyIsNull({ ...below, starts: moved(below.starts), ends: moved(below.ends), times: moved(below.times) });
    }
    case "aggregate": {
      const below = windowPropertiesOf(rel.input);
      if (below === null || !groupsByWindow(rel.keys, below)) return null;
      const moved = (fields: readonly number[]): number[] => rel.keys.flatMap((key, i) => (fields.includes(key) ? [i] : []));
      return emptyIsNull({ ...below, starts: moved(below.starts), ends: moved(below.ends), times: moved(below.times) });
    }
    case "join":
      return rel.type === "semi" || rel.type === "anti" || rel.type === "inner" || rel.type === "left"
        ? windowPropertiesOf(rel.left)
        : null;
    case "union": {
      const all = rel.inputs.map(windowPropertiesOf);
      return all.some((properties) => properties === null) ? null : all[0];
    }
    default:
      return null;
  }
}

function emptyIsNull(properties: WindowProperties): WindowProperties | null {
  return properties.starts.length === 0 && properties.ends.length === 0 ? null : properties;
}

/** Window aggregation needs both bounds among the keys. */
export function groupsByWindow(keys: readonly number[], properties: WindowProperties): boolean {
  return keys.some((key) => properties.starts.includes(key)) && keys.some((key) => properties.ends.includes(key));
}
