/**
 * Sinks that are more than a writer and a committer, as nodes of the graph (DataStream: `datastream/sink-topologies.ts`):
 *
 *   rows ─▶ pre-write ─▶ Writer ─▶ pre-commit ─▶ Committer ─▶ post-commit
 *
 * What such a sink wants around its two operators it builds itself, with the few methods of a stream that `GraphStream` has.
 */
import { registerTransform } from "../../flow/stream-transforms.ts";
import type { Sink } from "../../flow/connector.ts";
import type { KeySelector, OneInputStreamOperator } from "../../flow/operator.ts";
import type { Partitioning, StreamEdge, StreamNode } from "../../graph/stream-graph.ts";
import { CommitterOperator } from "../../operators/sink/committer-operator.ts";
import { SinkWriterOperator } from "../../operators/sink/sink-writer-operator.ts";
import { StreamMap } from "../../operators/stream-map.ts";

interface Topologies {
  readonly addPreWriteTopology?: (input: GraphStream) => GraphStream;
  readonly addPreCommitTopology?: (written: GraphStream) => GraphStream;
  readonly addPostCommitTopology?: (committed: GraphStream) => void;
}

/** Adds a node that reads the edge. */
export type AddNode = (name: string, createOperator: () => OneInputStreamOperator, edge: StreamEdge) => StreamNode;

export function hasTopology(sink: Sink<unknown>): boolean {
  const { addPreWriteTopology, addPreCommitTopology, addPostCommitTopology } = sink as unknown as Topologies;
  return addPreWriteTopology !== undefined || addPreCommitTopology !== undefined || addPostCommitTopology !== undefined;
}

/** Adds the operators of a sink. */
export function addTopology(sink: Sink<unknown>, input: StreamEdge, add: AddNode): void {
  const topologies = sink as unknown as Topologies;
  const rows = new GraphStream(input, null, add);
  const prewritten = topologies.addPreWriteTopology?.call(sink, rows) ?? rows;
  const written = prewritten.transform("Writer", () => new SinkWriterOperator(sink) as unknown as OneInputStreamOperator);
  if (sink.createCommitter === undefined) return;
  const precommitted = topologies.addPreCommitTopology?.call(sink, written) ?? written;
  const emitsDownstream = topologies.addPostCommitTopology !== undefined;
  const committed = precommitted.transform(
    "Committer",
    () => new CommitterOperator<unknown>(sink, { emitsDownstream }) as unknown as OneInputStreamOperator,
  );
  topologies.addPostCommitTopology?.call(sink, committed);
}

/** A stream on its way into a sink, with the methods that sinks of this engine call while the graph is made. */
export class GraphStream {
  private readonly edge: StreamEdge;
  /** Where it comes from; null = from outside the sink. */
  private readonly node: StreamNode | null;
  private readonly add: AddNode;

  constructor(edge: StreamEdge, node: StreamNode | null, add: AddNode) {
    this.edge = edge;
    this.node = node;
    this.add = add;
    registerTransform(this, (name, createOperator) => this.transform(name, createOperator));
  }

  global(): GraphStream {
    return this.partitioned({ kind: "global" });
  }

  rebalance(): GraphStream {
    return this.partitioned({ kind: "rebalance" });
  }

  keyBy(key: (row: never) => string): GraphStream {
    return this.partitioned({ kind: "hash", keySelector: key as unknown as KeySelector });
  }

  map(mapper: (value: never) => unknown): GraphStream {
    return this.transform("Map", () => new StreamMap((value: unknown) => mapper(value as never)) as unknown as OneInputStreamOperator);
  }

  transform(name: string, createOperator: () => OneInputStreamOperator): GraphStream {
    const node = this.add(name, createOperator, this.edge);
    return new GraphStream({ sourceId: node.id, sideOutput: undefined, partitioning: undefined, input: 1 }, node, this.add);
  }

  forceNonParallel(): GraphStream {
    if (this.node !== null) {
      this.node.parallelism = 1;
      this.node.maxParallelism = 1;
    }
    return this;
  }

  /** A partitioner of the sink's own: barriers never overtake what is in its channels. */
  private partitioned(partitioning: Partitioning): GraphStream {
    return new GraphStream({ ...this.edge, partitioning, alwaysAligned: true }, this.node, this.add);
  }
}
