import type { OperatorContext } from "../../flow/operator.ts";
import { granting } from "../../flow/engine-access.ts";
import type { WriterInitContext } from "../../flow/sink.ts";
import { StreamingRuntimeContext } from "../../flow/streaming-runtime-context.ts";

/** What a sink's writer and committer are told about their place. */
export function sinkInitContext(context: OperatorContext, restoredCheckpointId: number | undefined): WriterInitContext {
  const runtime = new StreamingRuntimeContext(context, undefined);
  const { mailbox, processingTime } = context;
  const given: WriterInitContext = {
    subtaskIndex: context.subtaskIndex,
    parallelism: context.parallelism,
    restoredCheckpointId,
    attemptNumber: context.attemptNumber,
    currentMs: () => processingTime.currentMs(),
    block: (durationMs) => context.mailbox.spendUs(durationMs * 1000),
    getTaskInfo: () => runtime.getTaskInfo(),
    getJobInfo: () => runtime.getJobInfo(),
    getRestoredCheckpointId: () => restoredCheckpointId ?? null,
    metricGroup: () => runtime.getMetricGroup(),
    spendUs: (durationUs) => mailbox.spendUs(durationUs),
    getProcessingTimeService: () => ({
      getCurrentProcessingTime: () => processingTime.currentMs(),
      registerTimer: (timestampMs, callback) => processingTime.schedule(timestampMs, callback),
    }),
  };
  return granting(given, {
    outside: context.outside,
    operatorId: context.operatorId,
    ...(context.steps === undefined ? {} : { steps: context.steps }),
    waitForAnswer: () => mailbox.waitForAnswer(),
  });
}
