/** Legacy group windows. */
import type { WindowAggregate } from "../2-analyze/rel.ts";
import { byKeys, INSERTS } from "./build.ts";
import { emitStrategyOf } from "./emit-strategy.ts";
import { refuseUnmergeable } from "./plan-aggregate.ts";
import type { GroupWindowAggregate, PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planGroupWindow(planner: Planner, rel: WindowAggregate): PhysicalNode {
  const { spec, timeField, timeAttribute } = rel.window;
  refuseUnmergeable(spec, rel.calls, false, rel.span);
  const plain = planner.plan(rel.input);
  const input = byKeys(plain, rel.keys);
  const node: GroupWindowAggregate = {
    kind: "GroupWindowAggregate",
    input,
    keys: rel.keys,
    calls: rel.calls,
    retract: false,
    spec,
    timeField,
    timeAttribute,
    localTime: rel.input.columns[timeField].type.root === "TIMESTAMP_LTZ" && timeAttribute === "ROWTIME",
    properties: rel.properties,
    emit: emitStrategyOf(planner.options, spec),
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}
