/** How a chain makes watermarks, as far as its strategy tells; the rest is what records do. */
import type { JobVertex } from "../../graph/job-graph.ts";
import { type WatermarkAlignment, WatermarkStrategy } from "../../operators/watermarks/watermark-strategy.ts";

export interface RecordedWatermarks {
  /** `assignTimestampsAndWatermarks` inside of the chain makes them, whatever comes in; else the source at its head. */
  readonly inside: boolean;
  /** How far they stay behind the highest timestamp, in ms; null = a generator of the program's own decides, or a WATERMARK clause. */
  readonly boundMs: number | null;
  /** `noWatermarks()`. */
  readonly none: boolean;
  /** `withIdleness`, in ms; null = nothing becomes idle. */
  readonly idleTimeoutMs: number | null;
  readonly alignment: WatermarkAlignment | null;
}

/** To be spread into a recorded vertex; empty for one that only passes watermarks on. */
export function recordedWatermarks({ operators }: JobVertex): { readonly watermarks?: RecordedWatermarks } {
  // The last one in the chain decides; what comes before it is ignored.
  for (let at = operators.length - 1; at >= 0; at--) {
    const { body } = operators[at].node;
    if (body.kind !== "source" && (body.kind !== "oneInput" || body.watermarks === undefined)) continue;
    const strategy = body.watermarks ?? WatermarkStrategy.noWatermarks();
    if (!(strategy instanceof WatermarkStrategy)) return {};
    const { boundMs, idleTimeoutMs = null } = strategy;
    return {
      watermarks: {
        inside: body.kind !== "source",
        boundMs: boundMs ?? null,
        none: boundMs === null,
        idleTimeoutMs,
        alignment: strategy.getAlignmentParameters() ?? null,
      },
    };
  }
  return {};
}
