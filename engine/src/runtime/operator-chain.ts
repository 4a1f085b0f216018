/**
 * The operators of one task: made from a fresh evaluation of the program, wired together, restored and opened.
 *
 * As in Flink, an operator is opened before the one that feeds it (tail first), so nobody receives before being ready; input ends and
 * operators finish head first, so what one flushes at its end still passes through the next.
 */
import { invariant } from "../base/invariant.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import type { CheckpointStepReporter } from "../flow/checkpoint-step.ts";
import type { KeySelector, OneInputStreamOperator, OperatorContext, StreamOperator, TwoInputStreamOperator } from "../flow/operator.ts";
import { AccumulatorRegistry } from "../flow/accumulators/accumulator-registry.ts";
import { OperatorMetricGroup } from "../flow/metrics/metric-group.ts";
import type { ProcessingTimeService } from "../flow/processing-time.ts";
import type { JobVertex, OperatorEdge, OperatorNode } from "../graph/job-graph.ts";
import type { Partitioning, StreamGraph, StreamNode } from "../graph/stream-graph.ts";
import { CommitterOperator } from "../operators/sink/committer-operator.ts";
import { SinkWriterOperator } from "../operators/sink/sink-writer-operator.ts";
import { SourceOperator } from "../operators/source-operator.ts";
import { DEFAULT_LSM_OPTIONS } from "../state/lsm/lsm-options.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import type { Channel } from "./channel.ts";
import { adaptiveSelectorOf } from "./channel-selector.ts";
import type { CheckpointBarrier } from "./checkpoint/checkpoint-barrier.ts";
import { OperatorMailbox, type TaskControl } from "./operator-mailbox.ts";
import { OperatorOutput } from "./operator-output.ts";
import { ChainTarget, ChannelTarget, CopyingChainTarget } from "./record-target.ts";
import { OperatorClock } from "./operator-clock.ts";
import type { TaskHost } from "./task-host.ts";
import type { TaskMeter } from "./task-meter.ts";

/** Snapshots of a task's operators by operator id. */
export type TaskState = ReadonlyMap<string, OperatorSnapshot>;

/** Channels of one outgoing edge, in channel order. */
export interface OutgoingEdge {
  readonly edge: OperatorEdge;
  readonly channels: readonly Channel[];
  /** Barriers may overtake records on it. */
  readonly supportsUnaligned: boolean;
  /** Everything goes into the one channel: whom a record is for is decided when it is read. */
  readonly blocking?: boolean;
}

export class OperatorChain {
  readonly nodes: readonly OperatorNode[];
  readonly operators: readonly StreamOperator[];
  /** By operator. */
  readonly outputs: readonly OperatorOutput[];
  /** By operator: its own metrics and those of the functions in it. */
  readonly metricGroups: readonly OperatorMetricGroup[];
  readonly accumulators = new AccumulatorRegistry();
  private readonly chainTargets = new Map<number, ChainTarget>();
  private readonly channelTargets: ChannelTarget[] = [];
  private readonly meter: TaskMeter;
  private readonly control: TaskControl;
  private readonly steps: CheckpointStepReporter | null;
  private readonly finishedBefore: boolean;
  private readonly clocks: readonly OperatorClock[];
  /** How many operators, from the head on, know that their input has ended, and how many are finished. The task itself tells the head. */
  private ended = 1;
  private finished = 0;
  /** A checkpoint before whose barrier operators still have something to do, and which of them is next. */
  private preparing: { readonly checkpointId: number; next: number } | null = null;

  constructor(
    place: {
      readonly vertex: JobVertex;
      readonly subtask: number;
      readonly attempt: number;
      readonly control: TaskControl;
      readonly steps: CheckpointStepReporter | null;
      /** Its operators had finished before the restored checkpoint: they are not called at all. */
      readonly finishedBefore: boolean;
    },
    outgoing: readonly OutgoingEdge[],
    host: TaskHost,
    meter: TaskMeter,
    clock: ProcessingTimeService,
  ) {
    const { vertex, subtask } = place;
    this.nodes = vertex.operators;
    this.meter = meter;
    this.control = place.control;
    this.steps = place.steps;
    this.finishedBefore = place.finishedBefore;
    const mailboxes = this.nodes.map((_node, index) => new OperatorMailbox(place.control, meter, index));
    this.clocks = mailboxes.map((mailbox) => new OperatorClock(clock, mailbox));
    const graph = host.instantiateProgram();
    const random = host.random.fork(`task/${vertex.id}/${subtask}`);
    const draw = () => random.next();
    const outputs = this.nodes.map(() => new OperatorOutput());
    this.outputs = outputs;
    const metricGroups = this.nodes.map(() => new OperatorMetricGroup(meter.rates));
    this.metricGroups = metricGroups;
    this.operators = this.nodes.map((node, index) => {
      meter.activeOperator = index;
      return createOperator(node, graph);
    });

    for (const [index, node] of this.nodes.entries()) {
      meter.activeOperator = index;
      const operator = this.operators[index];
      const mailbox = mailboxes[index];
      const clock = this.clocks[index];
      const services = {
        host,
        attempt: place.attempt,
        clock,
        mailbox,
        random: draw,
        output: outputs[index],
        metricGroup: metricGroups[index],
        steps: place.steps,
        accumulators: this.accumulators,
      };
      operator.setup(operatorContext(node, freshNode(graph, node), subtask, services));
      if (index === 0) continue;
      const edge = node.inputs[0];
      const producer = this.nodes.indexOf(edge.source);
      const Target = graph.config.objectReuse ? ChainTarget : CopyingChainTarget;
      const target = new Target(meter, index, operator as OneInputStreamOperator, host.costOf(node.name));
      this.chainTargets.set(index, target);
      outputs[producer].addTarget(target, edge.sideOutputId);
    }
    meter.activeOperator = 0;
    for (const { edge, channels, supportsUnaligned, blocking } of outgoing) {
      const { maxParallelism } = edge.target;
      const partitioning = blocking === true ? edge.partitioning : freshPartitioning(graph, edge);
      const traverses = graph.config.adaptivePartitionerTraverses;
      const selector = adaptiveSelectorOf(partitioning, { channels, maxParallelism, traverses }, draw);
      const immutable = edge.source.node.outputIsImmutable === true;
      const target = new ChannelTarget(channels, selector, supportsUnaligned, immutable);
      this.channelTargets.push(target);
      outputs[this.nodes.indexOf(edge.source)].addTarget(target, edge.sideOutputId);
    }
  }

  /** Records that have left the task, each once per operator that gave it out. */
  get numRecordsOut(): number {
    let count = 0;
    for (const output of this.outputs) count += output.numRecordsLeaving;
    return count;
  }

  /** Records that have come into one operator of the chain. */
  numRecordsInOf(index: number, meter: TaskMeter): number {
    return index === 0 ? meter.numRecordsIn : (this.chainTargets.get(index)?.numRecords ?? 0);
  }

  /** The watermark given to one operator of the chain, the head excepted. */
  inputWatermarkMs(index: number): number {
    return this.chainTargets.get(index)?.watermarkMs ?? MIN_TIMESTAMP;
  }

  /** Restores and opens all operators, tail first. */
  open(restored: TaskState | null, restoredCheckpointId: number | undefined): void {
    if (this.finishedBefore) return;
    for (let index = this.operators.length - 1; index >= 0; index--) {
      this.meter.activeOperator = index;
      this.operators[index].initializeState(restored?.get(this.nodes[index].operatorId) ?? null, restoredCheckpointId);
      this.operators[index].open();
    }
    this.meter.activeOperator = 0;
  }

  /**
   * Lets operators emit what belongs before the barrier. False = one of them waits for an answer from outside; called again when it is there, goes
   * on with that operator.
   */
  prepareSnapshot(checkpointId: number): boolean {
    if (this.finishedBefore) return true;
    const { operators, meter, control } = this;
    const preparing = this.preparing?.checkpointId === checkpointId ? this.preparing : { checkpointId, next: 0 };
    this.preparing = preparing;
    while (preparing.next < operators.length) {
      const operator = operators[preparing.next];
      meter.activeOperator = preparing.next;
      operator.prepareSnapshotPreBarrier(checkpointId);
      meter.activeOperator = 0;
      if (operator.flushing !== true) preparing.next++;
      if (control.waiting) return false;
    }
    this.preparing = null;
    return true;
  }

  /** Sends the barrier on, then takes all snapshots. */
  snapshot(barrier: CheckpointBarrier): Map<string, OperatorSnapshot> {
    const { checkpointId } = barrier;
    const operators = this.finishedBefore ? [] : this.operators;
    this.steps?.before("barrier", checkpointId);
    for (const target of this.channelTargets) target.emitBarrier(barrier);
    this.steps?.after("barrier", checkpointId);
    this.steps?.before("snapshot", checkpointId);
    const snapshots = new Map<string, OperatorSnapshot>();
    for (let index = operators.length - 1; index >= 0; index--) {
      this.meter.activeOperator = index;
      snapshots.set(this.nodes[index].operatorId, operators[index].snapshotState(checkpointId));
    }
    this.meter.activeOperator = 0;
    this.steps?.after("snapshot", checkpointId);
    return snapshots;
  }

  notifyCheckpointComplete(checkpointId: number): void {
    if (this.finishedBefore) return;
    for (let index = this.operators.length - 1; index >= 0; index--) {
      this.meter.activeOperator = index;
      this.operators[index].notifyCheckpointComplete(checkpointId);
    }
    this.meter.activeOperator = 0;
  }

  notifyCheckpointAborted(checkpointId: number): void {
    if (this.finishedBefore) return;
    for (let index = this.operators.length - 1; index >= 0; index--) {
      this.meter.activeOperator = index;
      this.operators[index].notifyCheckpointAborted(checkpointId);
    }
    this.meter.activeOperator = 0;
  }

  /**
   * The head's inputs have ended (it has been told): finishes it, then ends and finishes every next operator, and says so downstream.
   * Stops where an operator holds the task, since it still waits for answers, and goes on there when called again. True = done.
   */
  finish(): boolean {
    const { operators, meter, control } = this;
    if (this.finishedBefore) {
      for (const target of this.channelTargets) target.emitWatermark(MAX_TIMESTAMP);
      this.finished = operators.length;
    }
    while (this.finished < operators.length) {
      if (control.held) return false;
      const index = this.finished;
      meter.activeOperator = index;
      if (this.ended === index) {
        this.ended++;
        operators[index].endInput(1);
      } else {
        this.clocks[index].quiesce();
        operators[index].finish();
        if (operators[index].flushing !== true) this.finished++;
      }
      meter.activeOperator = 0;
    }
    for (const target of this.channelTargets) target.emitEndOfData();
    return true;
  }

  /** The task is through: says so downstream. */
  emitEndOfPartition(): void {
    for (const target of this.channelTargets) target.emitEndOfPartition();
  }

  /** Closes every operator, also when one of them throws; then throws the first exception. */
  close(): void {
    if (this.finishedBefore) return;
    const failures: { readonly index: number; readonly error: unknown }[] = [];
    for (const [index, operator] of this.operators.entries()) {
      try {
        operator.close();
      } catch (error) {
        failures.push({ index, error });
      }
    }
    const [first] = failures;
    if (first === undefined) return;
    this.meter.activeOperator = first.index;
    throw first.error;
  }
}

function createOperator(node: OperatorNode, graph: StreamGraph): StreamOperator {
  const { body } = freshNode(graph, node);
  switch (body.kind) {
    case "source":
      return new SourceOperator(body.source, body.watermarks);
    case "oneInput":
    case "twoInput":
      return body.createOperator();
    case "sink":
      return node.role === "committer"
        ? new CommitterOperator(body.sink, { maxRetries: graph.config.committerRetries })
        : new SinkWriterOperator(body.sink);
  }
}

function freshNode(graph: StreamGraph, node: OperatorNode): StreamNode {
  const fresh = graph.nodes.find((candidate) => candidate.id === node.node.id);
  invariant(fresh !== undefined, `node ${node.node.id} "${node.name}" is missing in a graph that was checked`);
  return fresh;
}

/** The edge's partitioner from the fresh evaluation, so that its functions belong to this task alone. */
function freshPartitioning(graph: StreamGraph, edge: OperatorEdge): Partitioning {
  if (edge.target.role === "committer") return edge.partitioning;
  return freshNode(graph, edge.target).inputs[edge.inputIndex].partitioning ?? edge.partitioning;
}

interface SubtaskServices {
  readonly host: TaskHost;
  readonly attempt: number;
  readonly clock: ProcessingTimeService;
  readonly mailbox: OperatorMailbox;
  readonly random: () => number;
  readonly output: OperatorOutput;
  readonly metricGroup: OperatorMetricGroup;
  readonly accumulators: AccumulatorRegistry;
  readonly steps: CheckpointStepReporter | null;
}

function operatorContext(node: OperatorNode, fresh: StreamNode, subtask: number, services: SubtaskServices): OperatorContext {
  const { host, clock } = services;
  const { config, jobName } = host.jobGraph;
  const keySelectors: readonly (KeySelector | undefined)[] = node.role === "committer" ? [] : fresh.keySelectors;
  return {
    operatorId: node.operatorId,
    name: node.name,
    jobName,
    jobId: host.jobId,
    subtaskIndex: subtask,
    parallelism: node.parallelism,
    maxParallelism: node.maxParallelism,
    attemptNumber: services.attempt,
    output: services.output,
    processingTime: clock,
    mailbox: services.mailbox,
    probe: host.observer.probe(vertexIdOf(host, node), subtask),
    stateBackend: config.stateBackend,
    lsmOptions: { ...DEFAULT_LSM_OPTIONS, ...config.lsmOptions },
    ttlClock: () => clock.currentMs(),
    autoWatermarkIntervalMs: config.autoWatermarkIntervalMs,
    checkpointingMode: config.checkpointIntervalMs === undefined ? "NONE" : config.checkpointingMode,
    globalJobParameters: config.globalJobParameters ?? {},
    outside: host.outside,
    ...(host.jobGraph.batch === true ? { batch: true } : {}),
    keySelectors,
    keyTypes: fresh.keyTypes ?? [],
    classNames: host.jobGraph.classNames,
    random: services.random,
    ...(services.steps === null ? {} : { steps: services.steps }),
    counter: (name) => services.metricGroup.operatorCounter(name),
    metricGroup: services.metricGroup,
    accumulators: services.accumulators,
  };
}

function vertexIdOf(host: TaskHost, node: OperatorNode): number {
  const vertex = host.jobGraph.vertices.find((candidate) => candidate.operators.includes(node));
  invariant(vertex !== undefined, `operator "${node.name}" is in no vertex`);
  return vertex.id;
}

/** What takes a task's input: one of both, or neither for a source. */
export interface HeadInputs {
  readonly one: OneInputStreamOperator | null;
  readonly two: TwoInputStreamOperator | null;
}

/** The head as the kind of operator that takes records from channels. */
export function headInputs(chain: OperatorChain): HeadInputs {
  const head = chain.operators[0];
  switch (chain.nodes[0].role) {
    case "source":
      return { one: null, two: null };
    case "twoInput":
      return { one: null, two: head as TwoInputStreamOperator };
    default:
      return { one: head as OneInputStreamOperator, two: null };
  }
}
