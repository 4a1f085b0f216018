import { Diagnostic } from "../base/diagnostic.ts";
import type { StreamNode } from "../graph/stream-graph.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import { positionOfNext, type GraphBuilder } from "./graph-builder.ts";
import type { SlotSharingGroup } from "./slot-sharing-group.ts";
import { checkedUidHash } from "./uid-hash.ts";

/** The end of a stream, with the settings of its sink operator. (Flink: docs/dev/datastream/overview) */
export class DataStreamSink<T> {
  readonly #builder: GraphBuilder;
  readonly #node: StreamNode;
  /** Only carries the element type; never set. */
  declare readonly elementType?: T;

  /** @internal */
  constructor(builder: GraphBuilder, node: StreamNode) {
    this.#builder = builder;
    this.#node = node;
  }

  /** Shown in the job graph as "name: Writer" and, for sinks that commit, "name: Committer". Default "Sink". */
  name(name: string): this {
    this.#node.name = name;
    return this;
  }

  /** A longer text for plans and pictures, where it stands in place of the name. */
  setDescription(description: string): this {
    this.#node.description = description;
    return this;
  }

  /** Names the state of writer and committer in savepoints; unique in the job. */
  uid(uid: string): this {
    this.#node.uid = uid;
    this.#node.uidPosition = positionOfNext();
    return this;
  }

  /**
   * Says under which operator id a savepoint holds the state of the sink's one operator: 32 hexadecimal digits.
   *
   * @throws Diagnostic JOB_UID_HASH; also for a sink that commits, whose writer and committer need two.
   */
  setUidHash(uidHash: string): this {
    if (this.#node.body.kind === "sink" && this.#node.body.plain !== true) {
      throw new Diagnostic({
        code: "JOB_UID_HASH",
        message: "Cannot set a custom UID hash on a non-legacy sink",
        phase: "graph",
        hint: "A sink is several operators. Give it a uid(…).",
      });
    }
    this.#node.uidHash = checkedUidHash(uidHash);
    return this;
  }

  /** Number of subtasks of writer and committer. Default: the environment's at the time when the sink was added. */
  setParallelism(parallelism: number): this {
    this.#builder.setParallelism(this.#node, wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  /** The most subtasks the sink can ever have: 1 to 32768. In a chain the first operator's counts. */
  setMaxParallelism(maxParallelism: number): this {
    this.#builder.setMaxParallelism(this.#node, wholeNumber(maxParallelism, "The maximum parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  /** Runs as a task of its own. */
  disableChaining(): this {
    this.#node.chaining = "NEVER";
    return this;
  }

  /** Puts the sink into a group of slots that no other group's operators use. Default: its input's group. */
  slotSharingGroup(group: string | SlotSharingGroup): this {
    this.#node.slotSharingGroup = this.#builder.slotSharingGroups.register(group);
    return this;
  }
}
