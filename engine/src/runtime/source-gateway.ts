/** What a source operator gets from its task: the way to its coordinator, and to whoever observes the run. */
import type { SourceGateway } from "../operators/source-operator.ts";
import type { SourceCoordinator } from "./cluster/source-coordinator.ts";
import type { TaskHost } from "./task-host.ts";

/** Flink: `pipeline.watermark-alignment.buffer-size`. */
const DEFAULT_ALIGNMENT_BUFFER_SIZE = 3;

/** @param wake called when the reader may have something again. */
export function sourceGatewayOf(
  host: TaskHost,
  task: { readonly vertex: number; readonly subtask: number; readonly operatorId: string; readonly isClosed: () => boolean },
  wake: () => void,
): SourceGateway {
  const { observer } = host;
  const { vertex, subtask, operatorId, isClosed } = task;
  // What a task that has gone had still to say must not be taken for its successor's.
  const toCoordinator = (action: (coordinator: SourceCoordinator) => void) =>
    host.toSourceCoordinator(operatorId, (coordinator) => {
      if (!isClosed()) action(coordinator);
    });
  const { watermarkAlignmentBufferSize, allowUnalignedSourceSplits } = host.jobGraph.config;
  return {
    alignment: {
      bufferSize: watermarkAlignmentBufferSize ?? DEFAULT_ALIGNMENT_BUFFER_SIZE,
      allowUnalignedSourceSplits: allowUnalignedSourceSplits ?? false,
    },
    recordsPerPoll: host.timing.recordsPerPoll,
    registerReader: () => toCoordinator((coordinator) => coordinator.addReader(subtask)),
    requestSplit: () => toCoordinator((coordinator) => coordinator.handleSplitRequest(subtask)),
    sourceEvent: (event) => toCoordinator((coordinator) => coordinator.handleSourceEvent(subtask, event)),
    reportWatermark: (watermarkMs) => toCoordinator((coordinator) => coordinator.reportedWatermark(subtask, watermarkMs)),
    onAvailable: wake,
    wantsEachRead: () => observer.wantsEachRead,
    blindReads: (count) => observer.blindReads(vertex, subtask, count),
    recordRead: (position, value, eventMs) => observer.recordRead(vertex, subtask, position, value, eventMs),
    splitAssigned: (split, assigned) => observer.splitAssigned(vertex, subtask, split, assigned),
    aligned: (split, paused, maxDesiredMs) => observer.aligned(vertex, subtask, split, paused, maxDesiredMs),
    splitWatermark: (split, watermarkMs) => observer.splitWatermark(vertex, subtask, split, watermarkMs),
    splitIdle: (split, idle) => observer.idle(vertex, subtask, split, idle),
    watermark: (watermarkMs) => observer.watermark(vertex, subtask, watermarkMs),
    idle: (idle) => observer.idle(vertex, subtask, null, idle),
  };
}
