import { internalsOf, ofType } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { OutputTag } from "../flow/output.ts";
import type { StreamNode } from "../graph/stream-graph.ts";
import { checkedUidHash } from "./uid-hash.ts";
import { checkedTag } from "../operators/side-output.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import { positionOfNext, type GraphBuilder } from "./graph-builder.ts";
import { MAX_PARALLELISM } from "./parallelism.ts";
import { DataStream } from "./streams.ts";
import type { SlotSharingGroup } from "./slot-sharing-group.ts";
import { sameType } from "./type-checks.ts";
import { type TypeHint, TypeInformation } from "./type-information.ts";

/**
 * The result of a transformation: a stream, with settings of the operator that makes it.
 * (Flink: docs/dev/datastream/operators/overview)
 */
export class SingleOutputStreamOperator<T> extends DataStream<T> {
  readonly #node: StreamNode;
  /** Side outputs that were asked for, with the type they were asked for as. */
  readonly #sideOutputs = new Map<string, OutputTag>();

  /** @internal */
  constructor(builder: GraphBuilder, node: StreamNode) {
    super(builder, [{ node, sideOutput: undefined, partitioning: undefined }]);
    this.#node = node;
  }

  /** Shown in the job graph, in logs and as part of metric names. Default: the kind of operator, such as "Map". */
  name(name: string): this {
    this.#node.name = name;
    return this;
  }

  /** The name as it is now. */
  getName(): string {
    return this.#node.name;
  }

  /** A longer text for plans and pictures, where it stands in place of the name. */
  setDescription(description: string): this {
    this.#node.description = description;
    return this;
  }

  /** Names the operator's state in savepoints; unique in the job. Set it on every operator with state. */
  uid(uid: string): this {
    this.#node.uid = uid;
    this.#node.uidPosition = positionOfNext();
    return this;
  }

  /**
   * Says under which operator id a savepoint holds this operator's state: 32 hexadecimal digits, as logs and pictures of the older job show it. A
   * last resort, for state of a job that had no uids; the operator's own id, for later savepoints, stays as it is. (Flink: docs/ops/production_ready)
   *
   * @throws Diagnostic JOB_UID_HASH
   */
  setUidHash(uidHash: string): this {
    this.#node.uidHash = checkedUidHash(uidHash);
    return this;
  }

  /** Number of subtasks. Default: the environment's at the time when the operator was added. */
  setParallelism(parallelism: number): this {
    internalsOf(this).builder.setParallelism(this.#node, wholeNumber(parallelism, "The parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  /**
   * Number of key groups, and so the most subtasks the operator can ever have: 1 to 32768. It cannot be changed later without losing the
   * state. In a chain the first operator's counts.
   */
  setMaxParallelism(maxParallelism: number): this {
    internalsOf(this).builder.setMaxParallelism(this.#node, wholeNumber(maxParallelism, "The maximum parallelism", 1, MAX_PARALLELISM));
    return this;
  }

  /** One subtask for good: parallelism and maximum parallelism 1, which cannot be changed again. */
  forceNonParallel(): this {
    internalsOf(this).builder.forceNonParallel(this.#node);
    return this;
  }

  /**
   * How long output may wait in a buffer that is not full, in milliseconds: 0 sends each record at once, -1 only full buffers. Default: the
   * environment's, 100 ms. The simulated channels pass records on at once, so this shows in the plan only.
   */
  setBufferTimeout(timeoutMs: number): this {
    this.#node.bufferTimeoutMs = wholeNumber(timeoutMs, "The buffer timeout", -1);
    return this;
  }

  /** Runs as a task of its own, chained neither to what comes before nor to what comes after. */
  disableChaining(): this {
    this.#node.chaining = "NEVER";
    return this;
  }

  /** Is not chained to what comes before; what comes after may be chained to it. */
  startNewChain(): this {
    this.#node.chaining = "HEAD";
    return this;
  }

  /**
   * Puts the operator, and what comes after it, into a group of slots that no other group's operators use. Without it an operator is in
   * the group of its inputs if they agree, else in "default". (Flink: docs/dev/datastream/operators/overview)
   */
  slotSharingGroup(group: string | SlotSharingGroup): this {
    this.#node.slotSharingGroup = internalsOf(this).builder.slotSharingGroups.register(group);
    return this;
  }

  /** States the element type where Java would have forgotten it, and where TypeScript could not infer it. */
  returns<R extends T>(type: TypeInformation<R> | TypeHint<R> | (abstract new (...args: never[]) => R)): SingleOutputStreamOperator<R> {
    return ofType(this, type instanceof TypeInformation ? type : undefined) as unknown as SingleOutputStreamOperator<R>;
  }

  /** What the operator wrote into this side output, late data included. */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    requestSideOutput(this.#sideOutputs, tag);
    return new DataStream<X>(internalsOf(this).builder, [{ node: this.#node, sideOutput: tag as OutputTag, partitioning: undefined }]);
  }
}

/** One id is one output, and so one type. A tag without a type agrees with any. */
function requestSideOutput(requested: Map<string, OutputTag>, tag: OutputTag<unknown>): void {
  checkedTag(tag, "getSideOutput");
  const typeInfo = requested.get(tag.id)?.typeInfo ?? tag.typeInfo;
  if (typeInfo === undefined || tag.typeInfo === undefined || sameType(typeInfo, tag.typeInfo)) {
    requested.set(tag.id, requested.get(tag.id)?.typeInfo === undefined ? tag : (requested.get(tag.id) as OutputTag));
    return;
  }
  throw new Diagnostic({
    code: "OUTPUT_TAG_TYPES_DIFFER",
    phase: "graph",
    message:
      "A side output with a matching id was already requested with a different type. This is not allowed, side output ids need to be unique.",
    found: `"${tag.id}" as ${tag.typeInfo.typeName}`,
    expected: `"${tag.id}" as ${typeInfo.typeName}`,
    hint: "Make one tag, keep it in a constant, and use it for writing and reading; give the other output an id of its own.",
  });
}
