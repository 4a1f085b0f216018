/**
 * The run of a batch job, stage by stage. Flink: `AdaptiveBatchScheduler` over blocking exchanges.
 *
 * A vertex starts when all in front of it have ended; what they gave out is kept until the job ends. Several that can start at the same
 * time form a stage, as far as there are slots. How many subtasks a vertex gets is decided here when the program does not say: one per
 * 16 MiB of input, at most the default parallelism; sources have the default. After a failure the stage under way begins anew from the
 * kept results; those that lay on a task manager that is gone are made again first, if somebody still needs them.
 *
 * Limits: a vertex is restarted as a whole, where Flink restarts the subtasks that failed; results are kept in memory.
 */
import { invariant } from "../../base/invariant.ts";
import type { JobEdge, JobGraph, JobVertex } from "../../graph/job-graph.ts";
import { settleParallelism } from "../../graph/batch-job-graph.ts";
import { serializedSize } from "../../types/value-codec.ts";
import { BARE_RECORD, Channel } from "../channel.ts";
import { channelSelectorOf, targetSubtasks } from "../channel-selector.ts";
import type { OutgoingEdge } from "../operator-chain.ts";
import { Subtask } from "../subtask.ts";
import type { TaskHost } from "../task-host.ts";
import { type BatchRecord, fillBatchChannels } from "./batch-input.ts";

/** Flink: `execution.batch.adaptive.auto-parallelism.avg-data-volume-per-task`. */
const BYTES_PER_TASK = 16 * 1024 * 1024;
/** A result is never full. */
const UNBOUNDED = 1_000_000_000;
const NOBODY = { channelFilled() {}, channelFull() {}, channelDrained() {}, barrierSent() {}, barrierReceived() {}, endOfDataRead() {} };

export class BatchStages {
  private readonly jobGraph: JobGraph;
  private readonly slots: number;
  private readonly done = new Set<JobVertex>();
  private stage: readonly JobVertex[] = [];
  /** By edge, then by sender; a vertex's results are complete when it is done. */
  private readonly results = new Map<JobEdge, readonly Channel[]>();

  constructor(jobGraph: JobGraph, slots: number) {
    this.jobGraph = jobGraph;
    this.slots = slots;
  }

  get finished(): boolean {
    return this.done.size === this.jobGraph.vertices.length;
  }

  /** Makes the tasks of the next stage. */
  deploy(host: TaskHost): Subtask[] {
    this.stage = this.nextStage();
    return this.stage.flatMap((vertex) => this.deployVertex(vertex, host));
  }

  /** All tasks of the stage have ended. */
  stageEnded(): void {
    for (const vertex of this.stage) this.done.add(vertex);
    this.stage = [];
  }

  /** What lay on this task manager is gone. True when somebody still needs it. */
  loseResults(taskManager: number, taskManagerOf: (vertex: JobVertex, subtask: number) => number): boolean {
    let needed = false;
    // From the end: who has to be made again needs what is in front.
    for (const vertex of [...this.done].sort((left, right) => right.id - left.id)) {
      const lost = Array.from({ length: vertex.parallelism }, (_, subtask) => taskManagerOf(vertex, subtask)).includes(taskManager);
      if (!lost || !vertex.outputs.some(({ target }) => !this.done.has(target))) continue;
      this.done.delete(vertex);
      needed = true;
    }
    return needed;
  }

  /** A new job manager knows nothing of results: the job begins anew. */
  reset(): void {
    this.done.clear();
    this.results.clear();
  }

  private nextStage(): JobVertex[] {
    const ready = this.jobGraph.vertices.filter(
      (vertex) => !this.done.has(vertex) && vertex.inputs.every(({ source }) => this.done.has(source)),
    );
    invariant(ready.length > 0, "a batch job that is not finished has a vertex that can start");
    const stage: JobVertex[] = [];
    let slots = 0;
    for (const vertex of ready) {
      this.settle(vertex);
      slots += vertex.parallelism;
      // At least one, however wide: its subtasks share what slots there are.
      if (stage.length > 0 && slots > this.slots) break;
      stage.push(vertex);
    }
    return stage;
  }

  private settle(vertex: JobVertex): void {
    const [head] = vertex.operators;
    const pinned = vertex.inputs.find(({ edge }) => edge.partitioning.kind === "forward");
    if (vertex.parallelism > 0) settleParallelism(vertex, vertex.parallelism);
    else if (pinned !== undefined) settleParallelism(vertex, pinned.source.parallelism);
    else if (head.role === "source") settleParallelism(vertex, head.parallelism);
    else settleParallelism(vertex, Math.max(1, Math.min(head.parallelism, Math.ceil(this.inputBytes(vertex) / BYTES_PER_TASK))));
  }

  private inputBytes({ inputs }: JobVertex): number {
    let bytes = 0;
    for (const edge of inputs)
      for (const result of this.resultsOf(edge)) for (const { value } of recordsOf(result)) bytes += serializedSize(value);
    return bytes;
  }

  private deployVertex(vertex: JobVertex, host: TaskHost): Subtask[] {
    const tasks = Array.from({ length: vertex.parallelism }, (_, subtask) => new Subtask(vertex, subtask, host));
    const inputs = this.inputsOf(vertex, host);
    for (const task of tasks) {
      const channels = inputs[task.index].map((_records, input) => channelInto(task, input));
      task.connect(channels);
      fillBatchChannels(channels, inputs[task.index], vertex.operators[0].node.keySelectors);
    }
    for (const edge of vertex.outputs)
      this.results.set(
        edge,
        tasks.map((task) => channelOutOf(task)),
      );
    for (const task of tasks) {
      const outgoing = vertex.outputs.map(
        (jobEdge): OutgoingEdge => ({
          edge: { ...jobEdge.edge, partitioning: { kind: "global" } },
          blocking: true,
          channels: [this.resultsOf(jobEdge)[task.index]],
          supportsUnaligned: false,
        }),
      );
      task.deploy(outgoing, { inputs: [], outputs: [] }, null, undefined);
    }
    return tasks;
  }

  /** By subtask, then by logical input. */
  private inputsOf(vertex: JobVertex, host: TaskHost): BatchRecord[][][] {
    const { parallelism, operators, inputs } = vertex;
    const logical = inputs.length === 0 ? 0 : operators[0].role === "twoInput" ? 2 : 1;
    const received = Array.from({ length: parallelism }, () => Array.from({ length: logical }, (): BatchRecord[] => []));
    for (const jobEdge of inputs) {
      const { edge } = jobEdge;
      for (const [sender, result] of this.resultsOf(jobEdge).entries()) {
        const { first, count } = targetSubtasks(edge.partitioning, sender, jobEdge.source.parallelism, parallelism);
        const random = host.random.fork(`exchange/${jobEdge.id}/${sender}`);
        const place = { channels: count, maxParallelism: edge.target.maxParallelism };
        const selector = channelSelectorOf(edge.partitioning, place, () => random.next());
        for (const record of recordsOf(result)) {
          if (selector === undefined) for (const task of received) task[edge.input - 1].push(record);
          else received[first + selector.select(record.value)][edge.input - 1].push(record);
        }
      }
    }
    return received;
  }

  private resultsOf(edge: JobEdge): readonly Channel[] {
    const results = this.results.get(edge);
    invariant(results !== undefined, "a vertex starts when those in front of it have ended");
    return results;
  }
}

/** What came out, without watermarks: the last one is all there is, and the receiver's own. */
function* recordsOf(result: Channel): Generator<BatchRecord> {
  for (let index = 0; index < result.size; index++) {
    const kind = result.kindAt(index);
    if (kind <= BARE_RECORD) yield { kind, value: result.valueAt(index), number: result.numberAt(index) };
  }
}

function channelInto(task: Subtask, input: number): Channel {
  return new Channel({ index: input, input: input === 0 ? 1 : 2, inputChannel: 0, capacity: UNBOUNDED }, NOBODY, task);
}

function channelOutOf(task: Subtask): Channel {
  return new Channel({ index: 0, input: 1, inputChannel: 0, capacity: UNBOUNDED }, task, NOBODY);
}
