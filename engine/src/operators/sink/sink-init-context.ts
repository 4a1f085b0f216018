import type { OperatorContext } from "../../flow/operator.ts";
import type { WriterInitContext } from "../../flow/sink.ts";
import { StreamingRuntimeContext } from "../../flow/streaming-runtime-context.ts";

/** What a sink's writer and committer are told about their place. */
export function sinkInitContext(context: OperatorContext, restoredCheckpointId: number | undefined): WriterInitContext {
  const runtime = new StreamingRuntimeContext(context, undefined);
  const { mailbox, processingTime } = context;
  return {
    operatorId: context.operatorId,
    subtaskIndex: context.subtaskIndex,
    parallelism: context.parallelism,
    outside: context.outside,
    restoredCheckpointId,
    attemptNumber: context.attemptNumber,
    ...(context.steps === undefined ? {} : { steps: context.steps }),
    currentMs: () => processingTime.currentMs(),
    block: (durationMs) => context.mailbox.spendUs(durationMs * 1000),
    getTaskInfo: () => runtime.getTaskInfo(),
    getJobInfo: () => runtime.getJobInfo(),
    getRestoredCheckpointId: () => restoredCheckpointId ?? null,
    metricGroup: () => runtime.getMetricGroup(),
    spendUs: (durationUs) => mailbox.spendUs(durationUs),
    waitForAnswer: () => mailbox.waitForAnswer(),
    getProcessingTimeService: () => ({
      getCurrentProcessingTime: () => processingTime.currentMs(),
      registerTimer: (timestampMs, callback) => processingTime.schedule(timestampMs, callback),
    }),
  };
}
