import type { StreamNode } from "../graph/stream-graph.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import { wholeNumber } from "./checkpoint-config.ts";
import type { GraphBuilder } from "./graph-builder.ts";

/** The end of a stream, with the settings of its sink operator. */
export class DataStreamSink<T> {
  private readonly builder: GraphBuilder;
  private readonly node: StreamNode;
  /** Only carries the element type; never set. */
  declare readonly elementType?: T;

  /** @internal */
  constructor(builder: GraphBuilder, node: StreamNode) {
    this.builder = builder;
    this.node = node;
  }

  /** Shown in the job graph. */
  name(name: string): this {
    this.node.name = name;
    return this;
  }

  /** Names the operator's state in savepoints. Unique in the job. */
  uid(uid: string): this {
    this.node.uid = uid;
    return this;
  }

  setParallelism(parallelism: number): this {
    this.builder.setParallelism(this.node, wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  /** Runs as a task of its own. */
  disableChaining(): this {
    this.node.chaining = "NEVER";
    return this;
  }

  slotSharingGroup(group: string): this {
    this.node.slotSharingGroup = group;
    return this;
  }
}
