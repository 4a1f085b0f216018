import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamGraph } from "./stream-graph.ts";

/**
 * What unaligned checkpoints ask of a job. (Flink: `StreamingJobGraphGenerator.preValidate`, `CheckpointCoordinatorConfiguration`)
 *
 * @throws Diagnostic GRAPH_UNALIGNED_CUSTOM_PARTITIONER, GRAPH_UNALIGNED_CONCURRENT
 */
export function checkUnaligned({ nodes, config }: StreamGraph): void {
  const enabled = config.unalignedCheckpoints === true && config.checkpointingMode === "EXACTLY_ONCE";
  if (!enabled || config.checkpointIntervalMs === undefined) return;
  const node = nodes.find(({ inputs }) => inputs.some(({ partitioning }) => partitioning?.kind === "custom"));
  if (node !== undefined && config.forcesUnalignedCheckpoints !== true) {
    throw new Diagnostic({
      code: "GRAPH_UNALIGNED_CUSTOM_PARTITIONER",
      phase: "graph",
      message:
        "Unaligned checkpoints are currently not supported for custom partitioners, as rescaling is not guaranteed to work correctly.\n" +
        "The user can force Unaligned Checkpoints by using 'execution.checkpointing.unaligned.forced'",
      found: `partitionCustom in front of "${node.name}"`,
      ...(node.position === undefined ? {} : { span: node.position }),
    });
  }
  if (config.maxConcurrentCheckpoints > 1) {
    throw new Diagnostic({
      code: "GRAPH_UNALIGNED_CONCURRENT",
      phase: "graph",
      message: "maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled",
      found: `execution.checkpointing.max-concurrent-checkpoints: ${config.maxConcurrentCheckpoints}`,
      expected: "1",
    });
  }
}
