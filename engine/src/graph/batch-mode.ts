import type { StreamGraph } from "./stream-graph.ts";

/** True for a graph that runs in BATCH mode: by its setting, or with AUTOMATIC when all sources end. */
export function isBatch(graph: StreamGraph): boolean {
  const mode = graph.config.runtimeMode ?? "STREAMING";
  if (mode !== "AUTOMATIC") return mode === "BATCH";
  return graph.nodes.every(({ body }) => body.kind !== "source" || body.source.getBoundedness() === "BOUNDED");
}
