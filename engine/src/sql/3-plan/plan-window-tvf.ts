/** Window table functions that stand alone; below an aggregation over their windows they are not run at all (plan-aggregate.ts). */
import type { WindowTvf } from "../2-analyze/rel.ts";
import { byKeys, INSERTS } from "./build.ts";
import type { PhysicalNode, Windowing } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { requireTimeAttribute } from "./time-attributes.ts";

export function planWindowTvf(planner: Planner, rel: WindowTvf): PhysicalNode {
  const { spec, timeField, timeAttribute } = rel;
  const plain = planner.plan(rel.input);
  requireTimeAttribute(plain, timeField, rel.span);
  const input = spec.kind === "session" ? byKeys(plain, spec.partition) : plain;
  const windowing: Windowing = {
    spec,
    origin: { kind: "time", field: timeField, attribute: timeAttribute },
    localTime: rel.input.columns[timeField].type.root === "TIMESTAMP_LTZ",
    attribute: timeAttribute,
  };
  return { kind: "WindowTableFunction", input, windowing, columns: rel.columns, changelog: INSERTS };
}
