/** What a source operator gets from its task: the way to its coordinator, and to whoever observes the run. */
import type { SourceGateway } from "../operators/source-operator.ts";
import type { TaskHost } from "./task-host.ts";

/** Flink: `pipeline.watermark-alignment.buffer-size`. */
const DEFAULT_ALIGNMENT_BUFFER_SIZE = 3;

/** @param wake called when the reader may have something again. */
export function sourceGatewayOf(
  host: TaskHost,
  task: { readonly vertex: number; readonly subtask: number; readonly operatorId: string },
  wake: () => void,
): SourceGateway {
  const { observer } = host;
  const { vertex, subtask, operatorId } = task;
  const { watermarkAlignmentBufferSize, allowUnalignedSourceSplits } = host.jobGraph.config;
  return {
    alignment: {
      bufferSize: watermarkAlignmentBufferSize ?? DEFAULT_ALIGNMENT_BUFFER_SIZE,
      allowUnalignedSourceSplits: allowUnalignedSourceSplits ?? false,
    },
    recordsPerPoll: host.timing.recordsPerPoll,
    registerReader: () => host.toSourceCoordinator(operatorId, (coordinator) => coordinator.addReader(subtask)),
    requestSplit: () => host.toSourceCoordinator(operatorId, (coordinator) => coordinator.handleSplitRequest(subtask)),
    sourceEvent: (event) => host.toSourceCoordinator(operatorId, (coordinator) => coordinator.handleSourceEvent(subtask, event)),
    reportWatermark: (watermarkMs) =>
      host.toSourceCoordinator(operatorId, (coordinator) => coordinator.reportedWatermark(subtask, watermarkMs)),
    onAvailable: wake,
    wantsEachRead: () => observer.wantsEachRead,
    blindReads: (count) => observer.blindReads(vertex, subtask, count),
    recordRead: (position, value, eventMs) => observer.recordRead(vertex, subtask, position, value, eventMs),
    splitWatermark: (split, watermarkMs) => observer.splitWatermark(vertex, subtask, split, watermarkMs),
    splitIdle: (split, idle) => observer.idle(vertex, subtask, split, idle),
    watermark: (watermarkMs) => observer.watermark(vertex, subtask, watermarkMs),
    idle: (idle) => observer.idle(vertex, subtask, null, idle),
  };
}
