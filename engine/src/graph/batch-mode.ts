import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamGraph } from "./stream-graph.ts";

/**
 * What has no end cannot be run to its end. (Flink: `StreamGraphGenerator`)
 *
 * @throws Diagnostic GRAPH_BATCH_UNBOUNDED
 */
export function checkBounded({ nodes, config }: StreamGraph): void {
  if (config.runtimeMode !== "BATCH") return;
  const unbounded = nodes.find(({ body }) => body.kind === "source" && body.source.getBoundedness() !== "BOUNDED");
  if (unbounded === undefined) return;
  throw new Diagnostic({
    code: "GRAPH_BATCH_UNBOUNDED",
    phase: "graph",
    message:
      "Detected an UNBOUNDED source with the 'execution.runtime-mode' set to 'BATCH'. This combination is not allowed, please set the " +
      "'execution.runtime-mode' to STREAMING or AUTOMATIC",
    found: `source "${unbounded.name}", which never ends`,
    expected: "bounded sources, such as fromData, fromSequence, or KafkaSource with setBounded(…)",
    ...(unbounded.position === undefined ? {} : { span: unbounded.position }),
  });
}

/** True for a graph that runs in BATCH mode: by its setting, or with AUTOMATIC when all sources end. */
export function isBatch(graph: StreamGraph): boolean {
  const mode = graph.config.runtimeMode ?? "STREAMING";
  if (mode !== "AUTOMATIC") return mode === "BATCH";
  return graph.nodes.every(({ body }) => body.kind !== "source" || body.source.getBoundedness() === "BOUNDED");
}
