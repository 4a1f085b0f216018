/**
 * One parallel instance of a vertex: a mailbox, a chain of operators, input channels or a source, and the loop that works on them.
 *
 * A task is given the processor by the event loop (`run`). It first does its mails (timers, checkpoint commands, split assignments), then
 * takes a bounded batch of elements from its inputs, and then is *busy* for as long as those cost. It stops
 *  - between two elements while one of its output channels is full (backpressure; see channel.ts) or one of its operators can take no
 *    further element (input-hold.ts),
 *  - when no input has anything that it may read (channels blocked by a barrier alignment do not count).
 * Whatever can end the waiting (an element, room in an output, a mail, the end of being busy) wakes it.
 *
 * Any exception out of an operator ends the task and is handed to the job master. An `InvariantViolation` is our own mistake and passes
 * through: it ends the run.
 */
import { InvariantViolation, invariant } from "../base/invariant.ts";
import type { Prng } from "../base/prng.ts";
import { RingBuffer } from "../base/ring-buffer.ts";
import type { KeyGroupStateSize, OneInputStreamOperator, TwoInputStreamOperator } from "../flow/operator.ts";
import { RateSteps } from "../flow/metrics/metric-group.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import type { JobVertex } from "../graph/job-graph.ts";
import { SourceOperator } from "../operators/source-operator.ts";
import { BackPressure } from "./back-pressure.ts";
import {
  BARRIER,
  type Channel,
  type ChannelEnd,
  type ChannelSource,
  END_OF_DATA,
  END_OF_KEY,
  END_OF_PARTITION,
  END_OF_RECOVERED_INPUT,
  PASSED_BARRIER,
  STATUS,
  SWITCH_INPUT,
  WATERMARK,
} from "./channel.ts";
import type { CheckpointBarrier } from "./checkpoint/checkpoint-barrier.ts";
import { type CheckpointedChannel, type CheckpointingTask, TaskCheckpoints } from "./checkpoint/task-checkpoints.ts";
import { RecoveredInput } from "./checkpoint/recovered-input.ts";
import { inGraph } from "./diagnostic-in-graph.ts";
import type { Runnable } from "./event-loop.ts";
import { type HeldTask, InputHold } from "./input-hold.ts";
import { InputWatermarks } from "./input-watermarks.ts";
import { type MeasuredState, NO_STATE, TaskStateMeasure } from "./measured-state.ts";
import { headInputs, OperatorChain, type OutgoingEdge, type TaskState } from "./operator-chain.ts";
import { sourceGatewayOf } from "./source-gateway.ts";
import { SubtaskClock } from "./subtask-clock.ts";
import { type MeasuredTask, TaskMetrics, type TaskTimes } from "./metrics/subtask-metrics.ts";
import { RunLimitReached } from "./run-limit.ts";
import { type ChannelTrace, NO_CAUSE } from "./run-observer.ts";
import { SnapshotTaker } from "./snapshot-taker.ts";
import { type TaskFailure, taskFailureOf } from "./task-failure.ts";
import type { TaskHost } from "./task-host.ts";
import { TaskEnd } from "./task-end.ts";
import { TaskKilled } from "./task-killed.ts";
import { TaskMeter } from "./task-meter.ts";
import { TaskSteps } from "./task-steps.ts";

/** A run of so many records is worth a record object of its own. */
const YOUNG_RECORD_FROM = 64;

/** endedData = its operators are finished; finished = it is through and closed; closed = its attempt has ended. */
type TaskStatus = "created" | "running" | "endedData" | "finished" | "closed";

export class Subtask implements Runnable, ChannelEnd, ChannelSource, CheckpointingTask, HeldTask, MeasuredTask {
  // Configuration
  readonly vertex: JobVertex;
  readonly index: number;
  /** 0 for the first start of this task. */
  readonly attempt: number;
  readonly meter: TaskMeter;
  private readonly host: TaskHost;
  private readonly random: Prng;
  private readonly clock: SubtaskClock;
  private readonly headCostUs: number;

  // Wiring; set once by `connect` and `start`
  private channels: readonly Channel[] = [];
  private watermarks: InputWatermarks | null = null;
  private checkpoints: TaskCheckpoints | null = null;
  readonly snapshots: SnapshotTaker;
  /** Null = there is nothing to recover, or no longer. */
  private recovered: RecoveredInput | null = null;
  private chain: OperatorChain | null = null;
  /** Null = nobody wants to know of its steps. */
  readonly steps: TaskSteps | null;
  private readonly trace: ChannelTrace | null;
  private source: SourceOperator | null = null;
  outputs: readonly Channel[] = [];
  /** Null before it is deployed. */
  metrics: TaskMetrics | null = null;
  private one: OneInputStreamOperator | null = null;
  private two: TwoInputStreamOperator | null = null;

  private readonly wakeUp = (): void => this.wake();

  // What is going on
  queued = false;
  private status: TaskStatus = "created";
  /** It has been given the processor, and begun. */
  deployed = false;
  /** Its process is gone. */
  killed = false;
  private readonly mailbox = new RingBuffer<() => void>();
  private record = new StreamRecord<unknown>(undefined);
  private working = false;
  /** It has thrown, and will be reported when the call that did has taken its time. */
  private failing = false;
  /** A record is being processed, as opposed to a timer, a mail or a watermark. */
  private inRecord = false;
  private readonly backPressure: BackPressure;
  /** Full outputs and operators that hold the input: above 0 the task takes nothing in. */
  stalls = 0;
  private readonly hold: InputHold;
  private readonly end: TaskEnd;
  /** What it held when it finished. */
  private lastState: MeasuredState = NO_STATE;
  private stateMeasure: TaskStateMeasure | null = null;
  /** All operators of its vertex had finished before the checkpoint that it starts from. To be set before it runs. */
  deployedAsFinished = false;
  private nextChannel = 0;
  /** Of two inputs: which one was read last, and by input the channel. */
  private lastInput = 2;
  private readonly current: (Channel | null)[] = [null, null];
  /** Input channels per logical input that have not ended. */
  private readonly openChannels: [number, number] = [0, 0];

  constructor(vertex: JobVertex, index: number, host: TaskHost) {
    this.vertex = vertex;
    this.index = index;
    this.host = host;
    this.attempt = host.nextAttemptOf(vertex, index);
    this.random = host.random.fork(`schedule/${vertex.id}/${index}`);
    this.clock = new SubtaskClock(host.loop, (action) => this.mail(action));
    this.headCostUs = host.costOf(vertex.operators[0].name);
    this.meter = new TaskMeter(new RateSteps(() => host.loop.nowUs));
    this.backPressure = new BackPressure(host.loop, this.clock, this.meter);
    this.steps = host.observer.wantsTaskSteps ? new TaskSteps(this, host.observer) : null;
    this.trace = host.observer.trace;
    this.hold = new InputHold(this, this.meter, () => host.loop.nowUs);
    const { checkpointIntervalMs, checkpointsAfterTasksFinish } = host.jobGraph.config;
    this.end = new TaskEnd(checkpointIntervalMs !== undefined && checkpointsAfterTasksFinish !== false);
    this.snapshots = new SnapshotTaker(this, host, this.end);
  }

  /** Input channels in the order of their index; outputs come with `start`. */
  connect(channels: readonly Channel[]): void {
    this.channels = channels;
    for (const channel of channels) this.openChannels[channel.input - 1]++;
    const { host, vertex, index, openChannels, meter } = this;
    this.watermarks = new InputWatermarks({ vertex: vertex.id, subtask: index }, openChannels, host.observer, meter);
  }

  /** These channels, all of one edge, begin with what is to be read before anything new; each has its mark. Before the task runs. */
  recoverInput(gate: readonly Channel[]): void {
    this.recovered ??= new RecoveredInput();
    this.recovered.addGate(gate);
  }

  /** Makes, restores and opens the operators as soon as the task is scheduled. */
  deploy(
    outgoing: readonly OutgoingEdge[],
    links: { readonly inputs: readonly CheckpointedChannel[]; readonly outputs: readonly CheckpointedChannel[] },
    restored: TaskState | null,
    restoredCheckpointId: number | undefined,
  ): void {
    this.outputs = outgoing.flatMap(({ channels }) => channels);
    this.end.connected(this.channels.length, this.outputs.length);
    this.checkpoints = new TaskCheckpoints(this, this.snapshots, this.host.loop, this.host.jobGraph.config, links);
    this.mail(() => {
      this.deployed = true;
      const { vertex, index, host, meter, clock } = this;
      const { attempt } = this;
      const place = { vertex, subtask: index, attempt, control: this.hold, steps: this.steps, finishedBefore: this.deployedAsFinished };
      const chain = new OperatorChain(place, outgoing, host, meter, clock);
      this.chain = chain;
      this.snapshots.chain = chain;
      const inputs = headInputs(chain);
      this.one = inputs.one;
      this.two = inputs.two;
      this.watermarks?.attach(inputs, !this.deployedAsFinished);
      const head = chain.operators[0];
      if (head instanceof SourceOperator) {
        this.source = head;
        const place = { vertex: vertex.id, subtask: index, operatorId: chain.nodes[0].operatorId, isClosed: () => this.closed };
        head.attach(sourceGatewayOf(host, place, () => this.wake()));
      }
      this.metrics = new TaskMetrics(this, chain, { vertex, subtask: index, attempt });
      if (restored !== null) host.readState(this);
      chain.open(restored, restoredCheckpointId);
      this.status = "running";
      if (this.recovered === null) host.taskRunning(this);
      if (this.deployedAsFinished && this.isSource) this.endData();
    });
  }

  // ---- What others ask of the task ----

  /** `map (1/2)` */
  get name(): string {
    return `${this.vertex.name} (${this.index + 1}/${this.vertex.parallelism})`;
  }

  get isSource(): boolean {
    return this.vertex.inputs.length === 0;
  }

  /** It does everything that a task does: it is open, and what was in flight when its checkpoint was taken has been read. */
  get running(): boolean {
    return this.open && this.recovered === null;
  }

  private get open(): boolean {
    return this.status === "running" || this.status === "endedData";
  }

  /** It is through with its work. */
  get finished(): boolean {
    return this.status === "finished";
  }

  /** Its process has gone, or it was cancelled. */
  get closed(): boolean {
    return this.status === "closed";
  }

  get endedData(): boolean {
    return this.status === "endedData" || this.status === "finished";
  }

  /** The tasks at the other ends of its inputs. */
  get producers(): readonly Subtask[] {
    return this.channels.map(({ source }) => source as Subtask);
  }

  /** Nothing to do until something comes from outside (or a timer fires). */
  get quiet(): boolean {
    if (this.status === "finished") return true;
    if (this.source?.waitsForClock === true) return false;
    if (
      !this.running ||
      this.queued ||
      this.hold.waiting ||
      this.host.loop.nowUs < this.backPressure.busyUntilUs ||
      this.hasWork() ||
      !this.allChannelsEmpty()
    )
      return false;
    return this.chain?.operators.some((operator) => operator.inFlight === true) !== true;
  }

  /** Nothing is left in its input channels that it may still read. */
  get allRead(): boolean {
    return this.channels.every((channel) => channel.size === 0 || channel.blocked);
  }

  mail(action: () => void): void {
    if (this.status === "closed" || this.status === "finished") return;
    this.mailbox.push(action);
    this.wake();
  }

  /** For a source. */
  triggerCheckpoint(barrier: CheckpointBarrier): void {
    this.mail(() => this.checkpoints?.begin(barrier));
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.mail(() => {
      this.steps?.before("notify", checkpointId);
      this.chain?.notifyCheckpointComplete(checkpointId);
      this.steps?.after("notify", checkpointId);
      if (this.closed) return;
      this.host.checkpointNotified(this, checkpointId);
      this.end.checkpointCompleted(checkpointId);
      this.finishWhenThrough();
    });
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.mail(() => {
      this.checkpoints?.cancel(checkpointId);
      this.hold.forget(checkpointId);
      this.chain?.notifyCheckpointAborted(checkpointId);
    });
  }

  /** For a source: read no further. `drain` = then end the input with the maximum watermark. */
  stopSource(drain: boolean): void {
    this.mail(() => {
      invariant(this.source !== null, "only a source can be told to stop");
      // One that had finished before the restore has no reader.
      if (!this.deployedAsFinished) this.source.stop(drain);
    });
  }

  withSource(action: (source: SourceOperator) => void): void {
    this.mail(() => {
      if (this.source !== null && !this.deployedAsFinished) action(this.source);
    });
  }

  // ---- MeasuredTask ----

  get inputs(): readonly Channel[] {
    return this.channels;
  }

  get isBackPressured(): boolean {
    return this.backPressure.active;
  }

  get mailboxQueueSize(): number {
    return this.mailbox.size;
  }

  times(): TaskTimes {
    return this.backPressure.times();
  }

  /** What it holds in state; of a task that has finished, what it held then. */
  measureState(): MeasuredState {
    if (this.status === "finished") return this.lastState;
    if (this.chain === null || this.status === "closed") return NO_STATE;
    this.stateMeasure ??= new TaskStateMeasure(this.chain);
    return this.stateMeasure.measure();
  }

  /** What of its keyed state is in which key group. To be asked after `measureState`, which says what cannot be measured. */
  measureKeyGroups(): readonly KeyGroupStateSize[] {
    if (this.chain === null || this.status === "closed") return [];
    return this.chain.operators.flatMap((operator) => operator.keyGroupSizes?.() ?? []);
  }

  /** Ends the task without ceremony. `killed` = its process is gone: no operator is called any more. */
  close(killed: boolean): void {
    // Flink logs what close() throws while a task is going down anyway; it never changes the outcome.
    if (this.closeOperators(killed) !== null) this.host.counter("numCloseFailures").count++;
  }

  /** Ends a task whose work is done. What close() throws now is a failure like any other. */
  closeFinished(): TaskFailure | null {
    return this.closeOperators(false);
  }

  private closeOperators(killed: boolean): TaskFailure | null {
    if (this.status === "closed" || this.status === "finished") return null;
    this.status = "closed";
    this.killed = killed;
    // Ends what it may be in the middle of.
    this.stalls = Number.POSITIVE_INFINITY;
    this.clock.quiesce();
    this.checkpoints?.close();
    this.mailbox.clear();
    if (killed || this.chain === null) return null;
    try {
      this.chain.close();
      return null;
    } catch (error) {
      if (error instanceof InvariantViolation) throw error;
      const operator = this.vertex.operators[this.meter.activeOperator];
      return taskFailureOf(inGraph(error, operator), operator, undefined);
    }
  }

  // ---- The step ----

  run(): void {
    if (this.status === "closed" || this.status === "finished") return;
    const { loop } = this.host;
    const { rates } = this.meter;
    if (loop.nowUs >= rates.dueUs) rates.advance();
    this.meter.costUs = 0;
    this.meter.blockedUs = 0;
    this.working = true;
    try {
      this.hold.takeAnswer();
      this.processMails();
      if (this.hold.released && this.open && !this.hold.waiting) this.afterHold();
      if (this.open) this.processInput();
      this.checkpoints?.announceReceived();
    } catch (error) {
      this.working = false;
      this.source?.tellReads();
      this.fail(error);
      return;
    }
    this.working = false;
    this.source?.tellReads();
    const cost = this.meter.costUs;
    if (cost > 0) {
      this.meter.busyUs += cost;
      const busyUntilUs = loop.nowUs + Math.ceil(cost);
      this.backPressure.busyUntilUs = busyUntilUs;
      loop.scheduleUs(busyUntilUs, this.wakeUp);
    } else {
      this.wake();
    }
  }

  /** Something may have changed: run again when there is work and the task is not busy. */
  wake(): void {
    if (this.queued || this.working || this.failing || this.status === "closed" || this.status === "finished") return;
    const { loop } = this.host;
    if (loop.nowUs < this.backPressure.busyUntilUs || !this.hasWork()) return;
    loop.makeReady(this);
  }

  private hasWork(): boolean {
    if (this.hold.waiting) return this.hold.answerIsThere;
    if (!this.mailbox.isEmpty()) return true;
    if (!this.open || this.stalls > 0) return false;
    // A task whose data have ended still passes barriers on, until the job is finished.
    return this.source !== null ? this.status === "running" && this.source.available : this.readableChannel() !== null;
  }

  private processMails(): void {
    const { mailbox } = this;
    while (!this.hold.waiting) {
      const mail = mailbox.shift();
      if (mail === undefined) return;
      if (this.trace !== null) this.trace.cause = NO_CAUSE;
      mail();
    }
  }

  private processInput(): void {
    const { timing } = this.host;
    const batch = timing.maxBatch <= 8 ? 1 + this.random.nextInt(timing.maxBatch) : timing.maxBatch;
    if (this.source === null) this.readChannels(batch, timing.maxStepUs);
    else if (this.status === "running") this.readSource(this.source, batch, timing.maxStepUs);
  }

  private readSource(source: SourceOperator, batch: number, maxStepUs: number): void {
    const { meter } = this;
    for (let count = 0; count < batch && meter.costUs <= maxStepUs; count++) {
      if (this.stalls > 0 || !source.available) return;
      if (!this.mailbox.isEmpty()) this.processMails();
      const before = source.recordsRead;
      this.inRecord = true;
      const ended = !source.emitNext();
      this.inRecord = false;
      const read = source.recordsRead - before;
      meter.numRecordsIn += read;
      if (this.headCostUs !== 0) meter.costUs += read * this.headCostUs;
      if (ended) {
        this.endData();
        return;
      }
    }
  }

  private readChannels(batch: number, maxStepUs: number): void {
    const { meter } = this;
    let budget = batch;
    while (budget > 0) {
      const channel = this.two === null ? this.readableChannel() : this.readableInTurn();
      if (channel === null) return;
      this.nextChannel = channel.index + 1;
      const other = this.two === null ? null : this.readableOf(3 - channel.input);
      if (other !== null) {
        if (this.stalls > 0 || meter.costUs > maxStepUs) return;
        if (!this.mailbox.isEmpty()) this.processMails();
        const done = this.headCostUs === 0 && !channel.capturing && !other.capturing ? this.processInTurn(channel, other, budget) : 0;
        budget -= done;
        if (done > 0) continue;
        if (!channel.blocked && channel.size > 0) this.processElement(channel);
        budget--;
        continue;
      }
      // A run from one channel, like a buffer from the network.
      do {
        if (this.stalls > 0 || meter.costUs > maxStepUs) return;
        if (!this.mailbox.isEmpty()) this.processMails();
        if (this.headCostUs === 0 && !channel.capturing) budget -= this.processRecords(channel, budget);
        if (budget === 0 || channel.size === 0) break;
        this.processElement(channel);
        budget--;
      } while (budget > 0 && channel.size > 0 && !channel.blocked);
    }
  }

  /** Next channel that has something the task may read, going round. */
  private readableChannel(): Channel | null {
    const { channels } = this;
    const { nowUs } = this.host.loop;
    const count = channels.length;
    for (let tried = 0; tried < count; tried++) {
      const index = this.nextChannel + tried;
      const channel = channels[index < count ? index : index % count];
      if (channel.size > 0 && !channel.blocked && channel.visibleFromUs <= nowUs) return channel;
    }
    return null;
  }

  /** Of two inputs the one that was not read last, if it has something: Flink chooses anew after every element (`TwoInputStreamTask.getCanEmitBatchOfRecords`). */
  private readableInTurn(): Channel | null {
    const { lastInput } = this;
    const channel = this.readableOf(3 - lastInput) ?? this.readableOf(lastInput);
    if (channel !== null) {
      this.lastInput = channel.input;
      this.current[channel.input - 1] = channel;
    }
    return channel;
  }

  /** A channel of an input that has something the task may read: the one that was read last, as long as it has, then the next one. */
  private readableOf(input: number): Channel | null {
    const { channels, current } = this;
    const { nowUs } = this.host.loop;
    const first = current[input - 1]?.index ?? 0;
    for (let tried = 0; tried < channels.length; tried++) {
      const channel = channels[(first + tried) % channels.length];
      if (channel.input === input && channel.size > 0 && !channel.blocked && channel.visibleFromUs <= nowUs) return channel;
    }
    return null;
  }

  /** Records in a row that cost nothing, until something else is in front or has come up. Returns how many. */
  private processRecords(channel: Channel, most: number): number {
    // A young record: storing young values in an old one costs more (see Channel).
    if (most >= YOUNG_RECORD_FROM) this.record = new StreamRecord<unknown>(undefined);
    const { one, two } = this;
    this.inRecord = true;
    let count = 0;
    if (one !== null) count = this.processOne(channel, one, most);
    else if (two !== null) count = channel.input === 1 ? this.processFirst(channel, two, most) : this.processSecond(channel, two, most);
    this.inRecord = false;
    return count;
  }

  // Three times the same, since a call through a function that differs by input could not be inlined.

  private processOne(channel: Channel, operator: OneInputStreamOperator, most: number): number {
    const { meter, record } = this;
    let count = 0;
    while (count < most && channel.size > 0 && channel.takeRecord(record)) {
      count++;
      meter.numRecordsIn++;
      operator.processElement(record);
      if (this.afterRecord()) break;
    }
    return count;
  }

  private processFirst(channel: Channel, operator: TwoInputStreamOperator, most: number): number {
    const { meter, record } = this;
    let count = 0;
    while (count < most && channel.size > 0 && channel.takeRecord(record)) {
      count++;
      meter.numRecordsIn++;
      operator.processElement1(record);
      if (this.afterRecord()) break;
    }
    return count;
  }

  private processSecond(channel: Channel, operator: TwoInputStreamOperator, most: number): number {
    const { meter, record } = this;
    let count = 0;
    while (count < most && channel.size > 0 && channel.takeRecord(record)) {
      count++;
      meter.numRecordsIn++;
      operator.processElement2(record);
      if (this.afterRecord()) break;
    }
    return count;
  }

  /** Records that cost nothing from both inputs, one from each in turn, until one has no more, or something else is in front or has come up. Returns how many. */
  private processInTurn(first: Channel, second: Channel, most: number): number {
    const { meter, two } = this;
    if (two === null) return 0;
    if (most >= YOUNG_RECORD_FROM) this.record = new StreamRecord<unknown>(undefined);
    const { record } = this;
    this.inRecord = true;
    let count = 0;
    let channel = first;
    while (count < most && first.size > 0 && second.size > 0 && !channel.blocked && channel.takeRecord(record)) {
      count++;
      meter.numRecordsIn++;
      this.lastInput = channel.input;
      if (channel.input === 1) two.processElement1(record);
      else two.processElement2(record);
      channel = channel === first ? second : first;
      if (this.afterRecord()) break;
    }
    this.inRecord = false;
    this.current[second.input - 1] = second;
    return count;
  }

  /** True when something else has come up. */
  private afterRecord(): boolean {
    return this.stalls > 0 || !this.mailbox.isEmpty() || this.meter.costUs > 0;
  }

  private processElement(channel: Channel): void {
    const { record } = this;
    if (channel.capturing) this.checkpoints?.beforeRead(channel);
    if (channel.takeRecord(record)) {
      const { meter } = this;
      meter.numRecordsIn++;
      if (this.headCostUs !== 0) meter.costUs += this.headCostUs;
      this.inRecord = true;
      if (this.one !== null) this.one.processElement(record);
      else if (channel.input === 1) this.two?.processElement1(record);
      else this.two?.processElement2(record);
      this.inRecord = false;
      return;
    }
    const kind = channel.headKind;
    if (kind === BARRIER) {
      this.checkpoints?.readBarrier(channel);
      return;
    }
    const number = channel.headNumber;
    channel.pop();
    switch (kind) {
      case WATERMARK:
        this.watermarks?.watermark(channel, number);
        break;
      case STATUS:
        this.watermarks?.status(channel, number === 1);
        break;
      case END_OF_DATA:
        this.channelEnded(channel);
        break;
      case END_OF_PARTITION:
        this.checkpoints?.endOfPartition(channel.index);
        this.end.inputEnded();
        this.finishWhenThrough();
        break;
      case PASSED_BARRIER:
        break;
      case END_OF_RECOVERED_INPUT:
        if (this.recovered?.markRead(channel) !== true) break;
        this.recovered = null;
        this.host.taskRunning(this);
        break;
      case END_OF_KEY:
        this.chain?.operators[0].endKey?.();
        break;
      case SWITCH_INPUT:
        channel.setBlocked(true);
        this.channels[number].setBlocked(false);
        break;
      default:
        invariant(false, `a channel carried an element of kind ${kind}`);
    }
  }

  private channelEnded(channel: Channel): void {
    channel.source.endOfDataRead();
    this.openChannels[channel.input - 1]--;
    if (this.openChannels[channel.input - 1] > 0) return;
    if (!this.deployedAsFinished) this.chain?.operators[0].endInput(channel.input);
    if (this.openChannels[0] === 0 && this.openChannels[1] === 0) this.endData();
  }

  private endData(): void {
    this.hold.ending = true;
    if (this.hold.held || this.chain?.finish() === false) return;
    this.hold.ending = false;
    this.clock.quiesce();
    this.status = "endedData";
    this.end.dataEnded();
    this.host.taskEndedData(this);
    this.finishWhenThrough();
  }

  endOfDataRead(): void {
    this.end.outputRead();
    if (this.end.through) this.mail(() => this.finishWhenThrough());
  }

  /** Without checkpoints the whole job ends at once, when all of its tasks have ended their data. */
  private finishWhenThrough(): void {
    if (this.status !== "endedData" || !this.end.through || this.host.jobGraph.config.checkpointIntervalMs === undefined) return;
    this.lastState = this.measureState();
    this.chain?.close();
    this.chain?.emitEndOfPartition();
    this.status = "finished";
    this.mailbox.clear();
    this.host.taskFinished(this);
  }

  /** Goes on with what waited, unless an operator holds again. */
  private afterHold(): void {
    this.hold.released = false;
    if (this.hold.ending) this.endData();
    this.hold.resume();
  }

  // ---- Checkpoints ----

  get checkpointAlignmentUs(): number {
    return this.checkpoints?.alignmentUs ?? 0;
  }

  get checkpointProcessedBytes(): number {
    return this.checkpoints?.processedBytes ?? 0;
  }

  get checkpointStartDelayUs(): number {
    return this.checkpoints?.startDelayUs ?? 0;
  }

  /** How far into its present step the task is, in virtual time. */
  get stepCostUs(): number {
    return this.working ? this.meter.costUs : 0;
  }

  mailThrough(channel: Channel, action: () => void): void {
    const { loop, timing } = this.host;
    const extraUs = channel.extraLatencyUs(loop.nowUs);
    if (timing.maxNetworkUs === 0 && extraUs === 0) this.mail(action);
    else loop.scheduleUs(loop.nowUs + this.random.nextInt(timing.maxNetworkUs + 1) + extraUs, () => this.mail(action));
  }

  whenFree(action: () => void, checkpointId: number): void {
    if (this.hold.held) this.hold.postpone(() => this.whenFree(action, checkpointId), checkpointId);
    else action();
  }

  forget(checkpointId: number): void {
    this.hold.forget(checkpointId);
  }

  barrierSent(channel: Channel, barrier: CheckpointBarrier): void {
    this.checkpoints?.barrierSent(channel, barrier);
  }

  barrierReceived(channel: Channel, checkpointId: number): void {
    this.checkpoints?.barrierReceived(channel, checkpointId);
  }

  // ---- Channel ends ----

  channelFilled(channel: Channel): void {
    const { loop, timing } = this.host;
    const extraUs = channel.extraLatencyUs(loop.nowUs);
    if (timing.maxNetworkUs === 0 && extraUs === 0) {
      this.wake();
      return;
    }
    channel.visibleFromUs = loop.nowUs + this.random.nextInt(timing.maxNetworkUs + 1) + extraUs;
    loop.scheduleUs(channel.visibleFromUs, this.wakeUp);
  }

  channelFull(): void {
    this.stalls++;
    this.backPressure.outputFull();
  }

  channelDrained(): void {
    this.stalls--;
    this.backPressure.outputDrained();
    if (!this.backPressure.active) this.wake();
  }

  private allChannelsEmpty(): boolean {
    return this.channels.every((channel) => channel.size === 0);
  }

  /** Ends the task with what one of its operators has thrown. */
  fail(error: unknown): void {
    if (error instanceof InvariantViolation || error instanceof RunLimitReached) throw error;
    // What a dead process might have said nobody hears.
    if (error instanceof TaskKilled || this.killed) return;
    const operator = this.vertex.operators[this.meter.activeOperator];
    const record = !this.inRecord ? undefined : this.source === null ? this.record.value : this.source.lastValue;
    const failure = taskFailureOf(inGraph(error, operator), operator, record);
    const { blockedUs } = this.meter;
    if (blockedUs === 0) {
      this.host.taskFailed(this, failure);
      return;
    }
    // A call that was given up after a while fails after that while.
    const { loop } = this.host;
    this.failing = true;
    loop.scheduleUs(loop.nowUs + Math.ceil(blockedUs), () => {
      if (this.status !== "closed") this.host.taskFailed(this, failure);
    });
  }
}
