/**
 * What a subtask reports, under Flink's names. (docs/ops/metrics#system-metrics)
 *
 * Nothing here runs while records flow: the task and its outputs count in plain fields, and this reads them when somebody asks. Rates and
 * shares of time cover the last minute (flow/metrics/windowed-rate.ts).
 *
 * Buffers: one element of a channel counts as one buffer. Half of a channel's capacity are the receiver's buffers, for which the sender
 * has credit; what lies beyond them waits in the sender's pool. A full channel so shows as `outPoolUsage` 1 at the sender and
 * `inPoolUsage` 1 at the receiver, and the sender goes on once its own pool is empty.
 */
import type { AccumulatorRegistry } from "../../flow/accumulators/accumulator-registry.ts";
import type { MetricValue } from "../../flow/metrics/metric-value.ts";
import { WindowedRate } from "../../flow/metrics/windowed-rate.ts";
import type { JobVertex } from "../../graph/job-graph.ts";
import { SourceOperator } from "../../operators/source-operator.ts";
import type { Channel } from "../channel.ts";
import type { OperatorChain } from "../operator-chain.ts";
import type { TaskMeter } from "../task-meter.ts";

export type MetricValues = Readonly<Record<string, MetricValue>>;

export interface OperatorMetrics {
  readonly id: string;
  readonly name: string;
  readonly metrics: MetricValues;
}

/** One subtask's metrics at one moment. Plain JSON. */
export interface SubtaskMetrics {
  readonly vertex: number;
  readonly name: string;
  readonly subtask: number;
  /** 0 for the first attempt. Metrics begin anew with every attempt. */
  readonly attempt: number;
  /** Metrics of the task as a whole. */
  readonly task: MetricValues;
  /** Metrics of its operators, head first, those that functions registered among them. */
  readonly operators: readonly OperatorMetrics[];
}

/** How a task has spent its time so far, in microseconds. */
export interface TaskTimes {
  readonly busyUs: number;
  readonly backPressuredUs: number;
  readonly idleUs: number;
}

/** Which task it is. */
export interface MetricsPlace {
  readonly vertex: JobVertex;
  readonly subtask: number;
  readonly attempt: number;
}

/** What this reads of a task. */
export interface MeasuredTask {
  readonly meter: TaskMeter;
  readonly inputs: readonly Channel[];
  readonly outputs: readonly Channel[];
  readonly isBackPressured: boolean;
  readonly mailboxQueueSize: number;
  /** How long the last barriers took to be all there. */
  readonly checkpointAlignmentUs: number;
  /** How old the last checkpoint was when its first barrier came. */
  readonly checkpointStartDelayUs: number;
  times(): TaskTimes;
}

/** The load of a subtask at one moment. Times are totals since the attempt began, in ms. */
export interface SubtaskSample {
  readonly v: number;
  readonly s: number;
  readonly busyMs: number;
  readonly backPressuredMs: number;
  readonly idleMs: number;
  readonly isBackPressured: boolean;
  readonly numRecordsIn: number;
  readonly numRecordsOut: number;
  /** 0 to 1; 0 for sources. */
  readonly inPoolUsage: number;
  /** 0 to 1; 0 for sinks. */
  readonly outPoolUsage: number;
}

const READER_RECORDS_IN = "numRecordsIn";

export class TaskMetrics {
  private readonly task: MeasuredTask;
  private readonly chain: OperatorChain;
  private readonly place: MetricsPlace;
  private readonly recordsIn: WindowedRate;
  private readonly recordsOut: WindowedRate;
  private readonly busyUs: WindowedRate;
  private readonly backPressuredUs: WindowedRate;
  private readonly idleUs: WindowedRate;

  constructor(task: MeasuredTask, chain: OperatorChain, place: MetricsPlace) {
    this.task = task;
    this.chain = chain;
    this.place = place;
    const { rates } = task.meter;
    const rate = (current: () => number) => {
      const windowed = new WindowedRate(current);
      rates.add(windowed);
      return windowed;
    };
    this.recordsIn = rate(() => this.numRecordsIn);
    this.recordsOut = rate(() => chain.numRecordsOut);
    this.busyUs = rate(() => task.times().busyUs);
    this.backPressuredUs = rate(() => task.times().backPressuredUs);
    this.idleUs = rate(() => task.times().idleUs);
  }

  /** Everything, as it is now. */
  report(): SubtaskMetrics {
    const { vertex, subtask, attempt } = this.place;
    return { vertex: vertex.id, name: vertex.name, subtask, attempt, task: this.taskValues(), operators: this.operatorValues() };
  }

  /** Records that have come into the task. Readers of sources count for themselves, if they do. */
  private get numRecordsIn(): number {
    const { chain, task } = this;
    return chain.nodes[0].role === "source" ? chain.metricGroups[0].operatorCounter(READER_RECORDS_IN).count : task.meter.numRecordsIn;
  }

  /** Records that have left the task. */
  get numRecordsOut(): number {
    return this.chain.numRecordsOut;
  }

  /** Shared by its operators. */
  get accumulators(): AccumulatorRegistry {
    return this.chain.accumulators;
  }

  /** Counters of its operators by name. */
  operatorCounts(): readonly (readonly [name: string, count: number])[] {
    return this.chain.metricGroups.flatMap((group) => group.counts()).filter(([name]) => name !== READER_RECORDS_IN);
  }

  /** The load as it is now; asks nothing of the user's. */
  sample(): SubtaskSample {
    const { task, chain, place } = this;
    const { busyUs, backPressuredUs, idleUs } = task.times();
    return {
      v: place.vertex.id,
      s: place.subtask,
      busyMs: busyUs / 1000,
      backPressuredMs: backPressuredUs / 1000,
      idleMs: idleUs / 1000,
      isBackPressured: task.isBackPressured,
      numRecordsIn: task.meter.numRecordsIn,
      numRecordsOut: chain.numRecordsOut,
      inPoolUsage: task.inputs.length === 0 ? 0 : queueValues(task.inputs).inPoolUsage,
      outPoolUsage: task.outputs.length === 0 ? 0 : poolValues(task.outputs).outPoolUsage,
    };
  }

  private taskValues(): MetricValues {
    const { task, chain } = this;
    const { meter, inputs, outputs } = task;
    const { busyUs, backPressuredUs, idleUs } = task.times();
    const sinceStepMs = meter.rates.sinceStepMs();
    const msPerSecond = (rate: WindowedRate) => Math.min(1000, Math.max(0, Math.round(rate.perSecond(sinceStepMs) / 1000)));
    return {
      numRecordsIn: this.numRecordsIn,
      numRecordsOut: chain.numRecordsOut,
      numRecordsInPerSecond: this.recordsIn.perSecond(sinceStepMs),
      numRecordsOutPerSecond: this.recordsOut.perSecond(sinceStepMs),
      busyTimeMsPerSecond: msPerSecond(this.busyUs),
      backPressuredTimeMsPerSecond: msPerSecond(this.backPressuredUs),
      idleTimeMsPerSecond: msPerSecond(this.idleUs),
      accumulateBusyTimeMs: Math.round(busyUs / 1000),
      accumulateBackPressuredTimeMs: Math.round(backPressuredUs / 1000),
      accumulateIdleTimeMs: Math.round(idleUs / 1000),
      isBackPressured: task.isBackPressured,
      mailboxQueueSize: task.mailboxQueueSize,
      checkpointStartDelayNanos: Math.round(task.checkpointStartDelayUs * 1000),
      ...(inputs.length === 0 ? {} : { ...queueValues(inputs), checkpointAlignmentTime: Math.round(task.checkpointAlignmentUs * 1000) }),
      ...(outputs.length === 0 ? {} : poolValues(outputs)),
    };
  }

  private operatorValues(): OperatorMetrics[] {
    const { chain } = this;
    return chain.nodes.map(({ operatorId, name, role }, index) => ({
      id: operatorId,
      name,
      metrics: {
        // Writers count what they send themselves, if they do.
        ...(role === "writer" ? { numRecordsSend: 0 } : {}),
        ...chain.metricGroups[index].values(),
        ...this.recordValues(index),
        ...this.watermarkValues(index),
      },
    }));
  }

  private recordValues(index: number): Record<string, MetricValue> {
    const { chain, task } = this;
    const numRecordsIn = index === 0 ? this.numRecordsIn : chain.numRecordsInOf(index, task.meter);
    return { numRecordsIn, numRecordsOut: chain.outputs[index].numRecordsOut };
  }

  private watermarkValues(index: number): Record<string, MetricValue> {
    const { chain, task } = this;
    const currentOutputWatermark = chain.outputs[index].currentWatermarkMs;
    const operator = chain.operators[index];
    if (operator instanceof SourceOperator) return { currentOutputWatermark, ...operator.sourceMetrics() };
    if (chain.nodes[index].role !== "twoInput") {
      const chained = chain.inputWatermarkMs(index);
      return { currentInputWatermark: index === 0 ? task.meter.inputWatermark1Ms : chained, currentOutputWatermark };
    }
    const { inputWatermark1Ms, inputWatermark2Ms } = task.meter;
    return {
      currentInput1Watermark: inputWatermark1Ms,
      currentInput2Watermark: inputWatermark2Ms,
      currentInputWatermark: Math.min(inputWatermark1Ms, inputWatermark2Ms),
      currentOutputWatermark,
    };
  }
}

/** Buffers on the receiver's side of these channels. */
function queueValues(inputs: readonly Channel[]): { inputQueueLength: number; inPoolUsage: number; availableCredits: number } {
  let queued = 0;
  let buffers = 0;
  for (const channel of inputs) {
    queued += channel.received;
    buffers += channel.receiverBuffers;
  }
  return { inputQueueLength: queued, inPoolUsage: queued / buffers, availableCredits: buffers - queued };
}

/** Buffers on the sender's side of these channels. */
function poolValues(outputs: readonly Channel[]): { outputQueueLength: number; outPoolUsage: number } {
  let queued = 0;
  let fullest = 0;
  for (const channel of outputs) {
    const backlog = channel.size - channel.received;
    queued += backlog;
    fullest = Math.max(fullest, backlog / Math.max(1, channel.capacity - channel.receiverBuffers));
  }
  // One full channel stops the task, whatever room the others have.
  return { outputQueueLength: queued, outPoolUsage: Math.min(1, fullest) };
}
