/**
 * Collects the nodes that a program makes. Streams hold on to it, change the last node's settings (name, uid, parallelism …) and in the
 * end `build` hands everything to the runtime. Nodes are numbered in program order, so two evaluations of one program agree.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import { currentPosition, positionOfNext, setPositionProvider, type SourcePosition } from "../base/source-position.ts";
import type { KeySelector } from "../flow/operator.ts";
import type { OutputTag } from "../flow/output.ts";
import type { JobConfig, NodeBody, Partitioning, StreamEdge, StreamGraph, StreamNode } from "../graph/stream-graph.ts";

import type { DescribedType } from "../types/type-serializer.ts";
import { SlotSharingGroups } from "./slot-sharing-group.ts";

/** Where a stream's records come from: a node's main or side output, sent on in some way. Several of them make a union. */
export interface StreamOrigin {
  readonly node: StreamNode;
  readonly sideOutput: OutputTag | undefined;
  readonly partitioning: Partitioning | undefined;
}

export interface NodeSpec {
  readonly name: string;
  readonly body: NodeBody;
  /** Origins per input. */
  readonly inputs: readonly (readonly StreamOrigin[])[];
  readonly keySelectors: readonly (KeySelector | undefined)[];
  /** Types of those keys, where the program has said them. */
  readonly keyTypes?: readonly (DescribedType | undefined)[];
  /** Parallelism that may not be changed, e.g. 1 for windowAll. */
  readonly fixedParallelism?: number;
}

export { currentPosition, positionOfNext, setPositionProvider };

export class GraphBuilder {
  readonly config: JobConfig;
  readonly slotSharingGroups = new SlotSharingGroups();
  readonly #nodes: StreamNode[] = [];
  readonly #fixedParallelism = new Set<StreamNode>();
  readonly #expansions = new Map<StreamNode, () => void>();

  constructor(config: JobConfig) {
    this.config = config;
  }

  add(spec: NodeSpec): StreamNode {
    const node: StreamNode = {
      id: this.#nodes.length + 1,
      name: spec.name,
      uid: undefined,
      // The environment's as it is now: setting it later concerns what is added later (as in Flink).
      parallelism: spec.fixedParallelism ?? this.config.parallelism,
      parallelismConfigured: spec.fixedParallelism !== undefined,
      maxParallelism: spec.fixedParallelism,
      chaining: spec.body.kind === "source" ? "HEAD" : "ALWAYS",
      slotSharingGroup: undefined,
      body: spec.body,
      inputs: spec.inputs.flatMap((origins, index) => origins.map((origin) => edgeInto((index + 1) as 1 | 2, origin))),
      keySelectors: spec.keySelectors,
      ...(spec.keyTypes === undefined ? {} : { keyTypes: spec.keyTypes }),
      position: positionOfNext(),
    };
    this.#nodes.push(node);
    if (spec.fixedParallelism !== undefined) this.#fixedParallelism.add(node);
    return node;
  }

  /** Nodes that were made elsewhere, with the numbers that come next. */
  adopt(nodes: readonly StreamNode[]): void {
    for (const node of nodes) {
      invariant(node.id === this.#nodes.length + 1, "adopted nodes are numbered on");
      this.#nodes.push(node);
    }
  }

  nodeAt(id: number): StreamNode {
    return this.#nodes[id - 1];
  }

  setParallelism(node: StreamNode, parallelism: number): void {
    if (this.#fixedParallelism.has(node) && parallelism !== node.parallelism) {
      throw new Diagnostic({
        code: "JOB_NON_PARALLEL_OPERATOR",
        message: `The parallelism of the non-parallel operator "${node.name}" must be ${node.parallelism}.`,
        phase: "graph",
        found: String(parallelism),
        hint: "windowAll sees the whole stream in one subtask. Use keyBy(…).window(…) to work in parallel.",
      });
    }
    node.parallelism = parallelism;
    node.parallelismConfigured = true;
  }

  /** As parallel as what it reads. A batch job may still choose otherwise. */
  followParallelism(node: StreamNode, parallelism: number): void {
    node.parallelism = parallelism;
  }

  setMaxParallelism(node: StreamNode, maxParallelism: number): void {
    if (this.#fixedParallelism.has(node) && maxParallelism !== node.maxParallelism) {
      throw new Diagnostic({
        code: "JOB_NON_PARALLEL_OPERATOR",
        message: `The maximum parallelism of the non-parallel operator "${node.name}" must be ${node.maxParallelism}.`,
        phase: "graph",
        found: String(maxParallelism),
        ...spanOf(node),
      });
    }
    node.maxParallelism = maxParallelism;
  }

  /** Takes the parallelism out of the program's hands: 1, for good. */
  forceNonParallel(node: StreamNode): void {
    node.parallelism = 1;
    node.maxParallelism = 1;
    node.parallelismConfigured = true;
    this.#fixedParallelism.add(node);
  }

  /** Number of nodes. */
  get size(): number {
    return this.#nodes.length;
  }

  nodesFrom(index: number): readonly StreamNode[] {
    return this.#nodes.slice(index);
  }

  /** Has a node replaced by others, which are made whenever the graph is asked for (see sink-topologies.ts). */
  expandWhenBuilt(node: StreamNode, expand: () => void): void {
    this.#expansions.set(node, expand);
  }

  /** The graph so far, for plans. Sources from which nothing is read are no part of it. */
  describe(jobName: string): StreamGraph {
    const expanded = this.#expanded();
    const read = new Set(expanded.flatMap((node) => node.inputs.map((edge) => edge.sourceId)));
    const nodes = expanded.filter((node) => node.body.kind !== "source" || read.has(node.id));
    if (nodes.length === 0) throw withoutSink(this.#nodes);
    return { jobName, nodes, config: this.config };
  }

  #expanded(): readonly StreamNode[] {
    if (this.#expansions.size === 0) return this.#nodes;
    const before = this.#nodes.length;
    try {
      for (const expand of this.#expansions.values()) expand();
      return this.#nodes.filter((node) => !this.#expansions.has(node));
    } finally {
      this.#nodes.length = before;
    }
  }

  /** The graph to be run. Sinks pull; a job without one computes nothing that anybody could see. */
  build(jobName: string): StreamGraph {
    if (!this.#nodes.some(({ body }) => body.kind === "sink" || (body.kind === "oneInput" && body.endsStream === true))) {
      throw withoutSink(this.#nodes);
    }
    return this.describe(jobName);
  }
}

function edgeInto(input: 1 | 2, origin: StreamOrigin): StreamEdge {
  return { sourceId: origin.node.id, sideOutput: origin.sideOutput, partitioning: origin.partitioning, input };
}

function withoutSink(nodes: readonly StreamNode[]): Diagnostic {
  const last = nodes.at(-1);
  if (last === undefined) {
    return new Diagnostic({
      code: "JOB_WITHOUT_OPERATORS",
      message: "No operators defined in streaming topology. Cannot execute.",
      phase: "graph",
      hint: 'Begin with a source: env.fromSource(source, watermarks, "clicks").',
    });
  }
  return new Diagnostic({
    code: "JOB_WITHOUT_SINK",
    message: `The job has no sink: nothing consumes "${last.name}", so it would run for nothing.`,
    phase: "graph",
    found: `last operator "${last.name}"`,
    expected: "at least one sinkTo(…) or print()",
    hint: "End the stream with .sinkTo(sink).",
    ...spanOf(last),
  });
}

/** For diagnostics about a node: its place in the learner's file, if known. */
export function spanOf(node: StreamNode): { readonly span?: SourcePosition } {
  return node.position === undefined ? {} : { span: node.position };
}
