/**
 * The physical job: operators grouped into vertices, one task per vertex and subtask. Flink: `JobGraph`.
 *
 * From the logical graph (`StreamGraph`) to here, in the order of this file's neighbours:
 * `operator-graph.ts` splits sinks into writer and committer and settles parallelism, slot sharing and partitioning of every edge;
 * `chaining.ts` decides which edges become direct calls; `job-graph-builder.ts` names the vertices and numbers the channels.
 */
import type { ClassNames } from "../types/type-serializer.ts";
import type { ChainingStrategy, JobConfig, Partitioning, SourcePosition, StreamNode } from "./stream-graph.ts";

/** What an operator of the physical job does; a committing sink is two operators made from one node. */
export type OperatorRole = "source" | "oneInput" | "twoInput" | "writer" | "committer";

/** One operator of the physical job, before it is told which subtask it is. */
export interface OperatorNode {
  /** Position in `JobGraph.operators`; ascending along the flow of data. */
  readonly index: number;
  /** The logical node it comes from. */
  readonly node: StreamNode;
  readonly role: OperatorRole;
  /** 32 hex digits, from the uid when there is one, else from the place in the graph: what state in a snapshot is found by. */
  readonly operatorId: string;
  /** As Flink shows it: "Source: clicks", "out: Writer". */
  readonly name: string;
  readonly parallelism: number;
  /** Number of key groups. All operators of a chain have their head's, which is why it is settled last. */
  maxParallelism: number;
  /** The program said the number; otherwise a savepoint's may take its place. */
  readonly maxParallelismConfigured: boolean;
  readonly chaining: ChainingStrategy;
  readonly slotSharingGroup: string;
  readonly position: SourcePosition | undefined;
  readonly inputs: readonly OperatorEdge[];
  /** In the order in which the program made them; filled while the graph is built. */
  readonly outputs: OperatorEdge[];
}

export interface OperatorEdge {
  readonly source: OperatorNode;
  readonly target: OperatorNode;
  /** 1 or 2: which input of the target. */
  readonly input: 1 | 2;
  /** Position among the target's inputs; with the target's node it identifies the edge in a fresh evaluation of the program. */
  readonly inputIndex: number;
  /** Id of the side output it carries, undefined = the main output. */
  readonly sideOutputId: string | undefined;
  readonly partitioning: Partitioning;
  /** Barriers never overtake records on it: it lies inside a sink. */
  readonly alwaysAligned?: boolean;
}

export interface JobVertex {
  /** 0, 1, 2 … in the order of the flow of data. */
  readonly id: number;
  /** "Source: clicks -> map -> (a, b)". */
  readonly name: string;
  /** Number of subtasks; -1 in a batch job where the scheduler would choose by the amount of data. */
  readonly parallelism: number;
  readonly slotSharingGroup: string;
  /** The chain, head first, every operator after the one that feeds it. */
  readonly operators: readonly OperatorNode[];
  /** Edges through channels, by the head's input order. */
  readonly inputs: readonly JobEdge[];
  readonly outputs: JobEdge[];
}

/** An edge between two vertices: one channel per connected pair of subtasks. */
export interface JobEdge {
  readonly id: number;
  readonly edge: OperatorEdge;
  readonly source: JobVertex;
  readonly target: JobVertex;
  /** Pointwise = each subtask talks to a fixed part of the other side (forward, rescale). */
  readonly pattern: "POINTWISE" | "ALL_TO_ALL";
  /** Pipelined = the receiver reads while the sender writes; blocking = it waits for the sender's end (batch). */
  readonly exchange: "PIPELINED_BOUNDED" | "BLOCKING";
}

export interface JobGraph {
  readonly jobName: string;
  /** It runs in BATCH mode. Absent = false. */
  readonly batch?: boolean;
  readonly config: JobConfig;
  readonly operators: readonly OperatorNode[];
  readonly vertices: readonly JobVertex[];
  readonly edges: readonly JobEdge[];
  readonly classNames: ClassNames | undefined;
}

/** Flink's names of the partitioners, as in the execution plan. */
export function shipStrategyOf(partitioning: Partitioning): string {
  return partitioning.kind.toUpperCase();
}
