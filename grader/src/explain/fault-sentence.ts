/** A fault of a world in words. Task managers are counted from 1, as scenarios do. */
import type { Fault, FaultTrigger } from "@millrace/engine/sim";
import { formatInstant } from "../feedback/format.ts";

export function faultSentence(fault: Fault, startMs: number): string {
  return `${what(fault)} ${when(fault.when, startMs)}`;
}

function what(fault: Fault): string {
  switch (fault.kind) {
    case "crashTaskManager":
      return `task manager ${fault.taskManager + 1} is lost`;
    case "crashJobManager":
      return "the job manager is lost";
    case "breakConnection":
      return `the connection from task manager ${fault.from + 1} to ${fault.to + 1} breaks`;
    case "slowConnection":
      return `the connection from task manager ${fault.from + 1} to ${fault.to + 1} takes ${seconds(fault.latencyMs)} longer for ${seconds(fault.forMs)}`;
    case "silentPartition":
      return `partition ${fault.partition} of ${fault.topic} is silent for ${seconds(fault.forMs)}`;
    case "clockAhead":
      return `the clock of partition ${fault.partition} of ${fault.topic} is ${seconds(fault.byMs)} ahead for ${seconds(fault.forMs)}`;
    case "restartFromSavepoint":
      return `the job is stopped with a savepoint and started again${fault.parallelism === undefined ? "" : ` with parallelism ${fault.parallelism}`}`;
    case "broker":
      return brokerAction(fault.action);
    case "system":
      return `${fault.system}: ${fault.action.what}`;
  }
}

function brokerAction(action: Extract<Fault, { kind: "broker" }>["action"]): string {
  switch (action.what) {
    case "fenceProducer":
      return "the sink's producers are fenced";
    case "expireTransactions":
      return "open transactions expire";
    case "partitionUnavailable":
      return `${action.partition === undefined ? "every partition" : `partition ${action.partition}`} of ${action.topic} has no leader for ${seconds(action.forMs)}`;
    case "slow":
      return `every request to the broker takes ${seconds(action.latencyMs)} for ${seconds(action.forMs)}`;
  }
}

const CHECKPOINT_STEPS: Readonly<Record<Extract<FaultTrigger, { kind: "checkpoint" }>["step"], string>> = {
  triggered: "before checkpoint # is triggered",
  barrier: "when the first barrier of checkpoint # is on its way",
  acked: "when checkpoint # is acknowledged, but not complete",
  completed: "when checkpoint # is complete, but not committed",
  committed: "when checkpoint # is committed",
};

function when(trigger: FaultTrigger, startMs: number): string {
  switch (trigger.kind) {
    case "atMs":
      return `at ${formatInstant(trigger.atMs, startMs)}`;
    case "afterRecords":
      return `after ${trigger.records} ${trigger.records === 1 ? "record" : "records"}`;
    case "checkpoint":
      return CHECKPOINT_STEPS[trigger.step].replace("#", String(trigger.checkpoint));
    case "step":
      return `${trigger.at} the step \`${trigger.step}\`${trigger.checkpoint === undefined ? "" : ` of checkpoint ${trigger.checkpoint}`}`;
  }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}
