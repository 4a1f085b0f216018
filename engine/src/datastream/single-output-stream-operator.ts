import type { OutputTag } from "../flow/output.ts";
import type { StreamNode } from "../graph/stream-graph.ts";
import { wholeNumber } from "./checkpoint-config.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import { DataStream } from "./streams.ts";
import type { TypeInformation } from "./type-information.ts";

/** The result of a transformation: a stream, with settings of the operator that makes it. */
export class SingleOutputStreamOperator<T> extends DataStream<T> {
  private readonly node: StreamNode;

  /** @internal */
  constructor(builder: GraphBuilder, node: StreamNode) {
    super(builder, [{ node, sideOutput: undefined, partitioning: undefined }]);
    this.node = node;
  }

  /** Shown in the job graph. */
  name(name: string): this {
    this.node.name = name;
    return this;
  }

  getName(): string {
    return this.node.name;
  }

  /** Names the operator's state in savepoints; unique in the job. Set it on every operator with state. */
  uid(uid: string): this {
    this.node.uid = uid;
    return this;
  }

  /** Number of subtasks. Default: the environment's. */
  setParallelism(parallelism: number): this {
    this.builder.setParallelism(this.node, wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  getParallelism(): number {
    return this.node.parallelism ?? this.builder.config.parallelism;
  }

  /** Number of key groups. Cannot be changed later without losing the state. */
  setMaxParallelism(maxParallelism: number): this {
    this.node.maxParallelism = wholeNumber(maxParallelism, "The maximum parallelism", 1, MAX_PARALLELISM);
    return this;
  }

  /** Runs as a task of its own. */
  disableChaining(): this {
    this.node.chaining = "NEVER";
    return this;
  }

  /** Is not chained to what comes before. */
  startNewChain(): this {
    this.node.chaining = "HEAD";
    return this;
  }

  slotSharingGroup(group: string): this {
    this.node.slotSharingGroup = group;
    return this;
  }

  /** States the element type where Java would have forgotten it, and where TypeScript could not infer it. */
  returns<R extends T>(_type: TypeInformation<R> | (abstract new (...args: never[]) => R)): SingleOutputStreamOperator<R> {
    return this as unknown as SingleOutputStreamOperator<R>;
  }

  /** What the operator wrote into this side output, late data included. */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    return new DataStream<X>(this.builder, [{ node: this.node, sideOutput: tag as OutputTag, partitioning: undefined }]);
  }
}
