import { runBarriers } from "./barrier-cases.ts";
import type { DataStreamCase } from "./case-format.ts";
import { buildCepHarness } from "./cep-pipeline.ts";
import { runJobGraph, runPartitioner } from "./graph-cases.ts";
import { runKeyGroupRanges, runKeyGroups, runStateRedistribution } from "./key-group-cases.ts";
import { buildCoGroupHarness, buildIntervalJoinHarness } from "./join-pipeline.ts";
import { runOperatorCase } from "./operator-case.ts";
import { buildProcessHarness } from "./process-pipeline.ts";
import { runSinkV2, runTwoPhaseCommitSink } from "./sink-cases.ts";
import { runStatusWatermarkValve, runTimestampsAndWatermarks, runWatermarkGenerator, runWatermarkMultiplexer } from "./watermark-cases.ts";
import { buildWindowHarness } from "./window-pipeline.ts";

const PROCESS_TYPES = new Set([
  "process",
  "operatorState",
  "keyedProcess",
  "coProcess",
  "keyedCoProcess",
  "coMap",
  "coFlatMap",
  "broadcastProcess",
  "keyedBroadcastProcess",
]);

/** Runs one recorded case; null when it passes, else its first difference. */
export function runCase(caseJson: unknown): string | null {
  const testCase = caseJson as DataStreamCase;
  const { type } = testCase.pipeline;
  switch (type) {
    case "window":
    case "windowAll":
      return runOperatorCase(testCase, () => buildWindowHarness(testCase.pipeline));
    case "intervalJoin":
      return runOperatorCase(testCase, () => buildIntervalJoinHarness(testCase.pipeline));
    case "windowJoin":
    case "coGroup":
      return runOperatorCase(testCase, () => buildCoGroupHarness(testCase.pipeline));
    case "cep":
      return runOperatorCase(testCase, () => buildCepHarness(testCase.pipeline));
    case "watermarkGenerator":
      return runWatermarkGenerator(testCase);
    case "timestampsAndWatermarks":
      return runTimestampsAndWatermarks(testCase);
    case "statusWatermarkValve":
      return runStatusWatermarkValve(testCase);
    case "watermarkMultiplexer":
      return runWatermarkMultiplexer(testCase);
    case "keyGroups":
      return runKeyGroups(testCase);
    case "keyGroupRanges":
      return runKeyGroupRanges(testCase);
    case "jobGraph":
      return runJobGraph(testCase);
    case "sinkV2":
      return runSinkV2(testCase);
    case "twoPhaseCommitSink":
      return runTwoPhaseCommitSink(testCase);
    case "partitioner":
      return runPartitioner(testCase);
    case "barriers":
      return runBarriers(testCase);
    case "stateRedistribution":
      return runStateRedistribution(testCase);
    default:
      if (PROCESS_TYPES.has(type)) return runOperatorCase(testCase, () => buildProcessHarness(testCase.pipeline));
      return `not covered yet: pipelines of type ${type}`;
  }
}
