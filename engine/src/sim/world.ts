/**
 * A world: everything around a job that a scenario fixes, expanded for one seed. Pure data (it crosses process and isolate edges
 * as JSON); the same world and program give the same bytes.
 */
import type { SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import type { BrokerAction } from "../connectors/log/broker-faults.ts";
import type { GroupOffset } from "../connectors/log/log-broker.ts";
import type { TopicCleanup } from "../connectors/log/log-cleaner.ts";
import type { ServiceDescription } from "../connectors/service/service-description.ts";
import type { SystemAction, SystemDescription } from "../connectors/systems/outside-system.ts";
import type { CheckpointStep } from "../flow/checkpoint-step.ts";

export interface World {
  readonly seed: number;
  /** Virtual time at which the job is started, epoch ms. */
  readonly startMs: number;
  readonly topics: readonly WorldTopic[];
  /** Settings of the log broker. */
  readonly broker?: WorldBroker;
  /** Services outside the cluster that functions ask by key. Absent = none. */
  readonly services?: readonly ServiceDescription[];
  /** Databases, table formats, file systems … outside the cluster. Absent = none. */
  readonly systems?: readonly SystemDescription[];
  readonly cluster: WorldCluster;
  readonly faults: readonly Fault[];
  /** Virtual time (epoch ms) from which on no fault strikes any more, so that what was begun must come to its end. Absent = never. */
  readonly faultsEndMs?: number;
  readonly end: WorldEnd;
  readonly limits: WorldLimits;
  /** Virtual cost of processing one record per operator, in microseconds; key "*" = every operator. Absent = 10. */
  readonly costsUs: Readonly<Record<string, number>>;
}

export interface WorldBroker {
  /**
   * `transaction.max.timeout.ms`: the longest timeout that a producer may ask for. Default 1 h, which KafkaSink's own default just meets; a real broker's
   * default is 15 minutes, and KafkaSink then fails at its start until `transaction.timeout.ms` is lowered.
   */
  readonly transactionMaxTimeoutMs?: number;
  /** What consumer groups have committed before. */
  readonly groupOffsets?: readonly GroupOffset[];
}

export interface WorldTopic {
  readonly name: string;
  readonly partitions: number;
  /** Partitions added while the job runs: from `atMs` (epoch ms) on the topic has this many. */
  readonly growth?: readonly { readonly atMs: number; readonly partitions: number }[];
  /** Retention and compaction. Absent = everything is kept. */
  readonly cleanup?: TopicCleanup;
  /** What outside producers append, sorted by `atMs`. Empty for topics that the job writes. */
  readonly arrivals: readonly Arrival[];
}

/** One record appended to a topic partition by the outside world. */
export interface Arrival {
  /** Processing time of the append, epoch ms. */
  readonly atMs: number;
  readonly partition: number;
  readonly key: string | null;
  /** Plain JSON value. */
  readonly value: unknown;
  /** The log record's own timestamp; absent = `atMs` (CreateTime of a producer that sets nothing). */
  readonly timestampMs?: number;
}

export interface WorldCluster {
  readonly taskManagers: number;
  readonly slotsPerTaskManager: number;
  /** Default parallelism (`parallelism.default`) unless the program sets its own. */
  readonly parallelism: number;
  /**
   * Elements that a channel between two subtasks holds before its sender waits, at least 2; half of them are the receiver's buffers.
   * Absent = 64. Flink counts buffers instead: `taskmanager.network.memory.buffers-per-channel`.
   */
  readonly channelCapacity?: number;
  /** The cluster's own configuration under Flink's keys (`config.yaml`); what a DataStream program sets itself comes first. Absent = Flink's defaults. */
  readonly configuration?: Readonly<Record<string, string>>;
}

/** What triggers a fault. Virtual times are epoch ms. */
export type FaultTrigger =
  | { readonly kind: "atMs"; readonly atMs: number }
  /** When the sources together have read this many records (replays count). */
  | { readonly kind: "afterRecords"; readonly records: number }
  /** At a step of checkpoint n (1-based): before it is triggered; after the first barrier was injected; after all acks but before complete; after complete but before sinks commit; after the sinks committed. */
  | {
      readonly kind: "checkpoint";
      readonly checkpoint: number;
      readonly step: "triggered" | "barrier" | "acked" | "completed" | "committed";
    }
  /**
   * Before or after a step of a checkpoint or of a sink's transaction, in the middle of what the job manager or a task does there. Where
   * `checkpoint`, `vertex` (its id) or `subtask` is absent, any counts; `occurrence` = at the n-th such point, absent = the first.
   */
  | {
      readonly kind: "step";
      readonly step: CheckpointStep;
      readonly at: "before" | "after";
      readonly checkpoint?: number;
      readonly vertex?: number;
      readonly subtask?: number;
      readonly occurrence?: number;
    };

export type Fault =
  /** A task manager process dies and a new one takes its place. Task managers count from 0; subtask i sits on number i mod their count. */
  | { readonly kind: "crashTaskManager"; readonly taskManager: number; readonly when: FaultTrigger }
  /** The job manager dies: all tasks restart from the last completed checkpoint. */
  | { readonly kind: "crashJobManager"; readonly when: FaultTrigger }
  /** The connection between two task managers breaks: tasks of `to` that read from tasks of `from` fail. On one machine there is no connection. */
  | { readonly kind: "breakConnection"; readonly from: number; readonly to: number; readonly when: FaultTrigger }
  /** For `forMs`, what tasks of `from` send to tasks of `to` is up to `latencyMs` longer under way: so long when the channel was empty, else it comes right behind what is before it. */
  | {
      readonly kind: "slowConnection";
      readonly from: number;
      readonly to: number;
      readonly latencyMs: number;
      readonly forMs: number;
      readonly when: FaultTrigger;
    }
  /** The producers of a partition are silent for `forMs`; what they had to send comes then, in order and with the timestamps it had. */
  | {
      readonly kind: "silentPartition";
      readonly topic: string;
      readonly partition: number;
      readonly forMs: number;
      readonly when: FaultTrigger;
    }
  /**
   * The clock of a partition's producers is `byMs` ahead for `forMs`: the timestamps of what they send meanwhile are, and so is the
   * number in `field` of their values, if there is one.
   */
  | {
      readonly kind: "clockAhead";
      readonly topic: string;
      readonly partition: number;
      readonly byMs: number;
      readonly forMs: number;
      readonly field?: string;
      readonly when: FaultTrigger;
    }
  /**
   * Somebody stops the job with a savepoint and starts it again from that, with another default parallelism if one is given. If the
   * savepoint fails, he tries again.
   */
  | {
      readonly kind: "restartFromSavepoint";
      readonly parallelism?: number;
      readonly savepointFormat?: SavepointFormat;
      readonly when: FaultTrigger;
    }
  /** Something happens at the log broker, e.g. `{ what: "fenceProducer" }`. */
  | { readonly kind: "broker"; readonly action: BrokerAction; readonly when: FaultTrigger }
  /** Something happens to one of the world's systems, e.g. `{ what: "diskFull" }`; each kind of system says what it knows. */
  | { readonly kind: "system"; readonly system: string; readonly action: SystemAction; readonly when: FaultTrigger };

export type WorldEnd =
  /** `flink stop --drain` once all arrivals are read: maximum watermark, all event-time windows fire, final savepoint, commits. */
  | { readonly kind: "drain"; readonly savepointFormat?: SavepointFormat }
  /** `flink stop` (no drain) at this virtual time: open windows stay open, the final savepoint commits what was written. */
  | { readonly kind: "stop"; readonly atMs: number; readonly savepointFormat?: SavepointFormat }
  /** `flink cancel -s` at this virtual time: a savepoint while the job runs on, then the plug is pulled. Nothing is committed for it. */
  | { readonly kind: "cancelWithSavepoint"; readonly atMs: number; readonly savepointFormat?: SavepointFormat }
  /** Pull the plug at this virtual time: nothing more is committed. */
  | { readonly kind: "cancel"; readonly atMs: number };

export interface WorldLimits {
  /** Virtual time after `startMs` at which the run is given up. */
  readonly maxVirtualMs: number;
  /** Scheduler steps before the run is given up. */
  readonly maxSteps: number;
  /** Records appended to topics by the job before it ends as `output-limit`. */
  readonly maxOutputRecords: number;
  /** Restarts before the run is given up (a job that can never get past a record). */
  readonly maxRestarts: number;
}

export const DEFAULT_LIMITS: WorldLimits = {
  maxVirtualMs: 30 * 24 * 3600 * 1000,
  maxSteps: 20_000_000,
  maxOutputRecords: 200_000,
  maxRestarts: 20,
};
