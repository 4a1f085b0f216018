/**
 * End-to-end exactly-once rests on three conditions: checkpoints in mode EXACTLY_ONCE, a sink with transactions, and a consumer that reads
 * committed data only. Here the first two are taken away from a program, whatever it says itself; the third is a matter of how its output
 * is read.
 */
import { KafkaSink } from "../../connectors/log/kafka-sink.ts";
import type { JobProgram, StreamGraph, StreamNode } from "../../graph/stream-graph.ts";

/** Which condition a job runs without. */
export type MissingCondition =
  | "none"
  /** Checkpoints in mode AT_LEAST_ONCE. */
  | "checkpointing mode"
  /** KafkaSinks with DeliveryGuarantee.AT_LEAST_ONCE. */
  | "transactions"
  /** KafkaSinks with DeliveryGuarantee.NONE. */
  | "any guarantee";

/** The program without the condition. */
export function without(program: JobProgram, missing: MissingCondition): JobProgram {
  if (missing === "none") return program;
  return { instantiate: (defaults) => change(program.instantiate(defaults), missing) };
}

function change(graph: StreamGraph, missing: Exclude<MissingCondition, "none">): StreamGraph {
  if (missing === "checkpointing mode") return { ...graph, config: { ...graph.config, checkpointingMode: "AT_LEAST_ONCE" } };
  const guarantee = missing === "transactions" ? "AT_LEAST_ONCE" : "NONE";
  return { ...graph, nodes: graph.nodes.map((node) => withGuarantee(node, guarantee)) };
}

function withGuarantee(node: StreamNode, guarantee: "AT_LEAST_ONCE" | "NONE"): StreamNode {
  const { body } = node;
  if (body.kind !== "sink" || !(body.sink instanceof KafkaSink)) return node;
  return { ...node, body: { ...body, sink: body.sink.withGuarantee(guarantee) } };
}
