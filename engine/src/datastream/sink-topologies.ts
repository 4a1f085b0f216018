/**
 * Sinks that are more than a writer and a committer: what such a sink wants before its writer, between writer and committer, and behind the
 * committer, it builds with the fluent API itself. (Flink: `SupportsPreWriteTopology`, `SupportsPreCommitTopology`,
 * `SupportsPostCommitTopology`, `SinkTransformationTranslator`)
 *
 *   records ─▶ pre-write ─▶ Writer ─▶ pre-commit ─▶ Committer ─▶ post-commit
 *
 * Such a sink is one node in the program, and becomes several when the graph is built: only then are its name, uid and parallelism known,
 * which its operators take over ("out: Writer", "out: compact"). The nodes are made anew each time.
 */
import { internalsOf, transform } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { Committer, CommitterInitContext, Sink } from "../flow/sink.ts";
import type { StreamNode } from "../graph/stream-graph.ts";
import type { CommittableMessage } from "../operators/sink/committable-message.ts";
import { CommitterOperator } from "../operators/sink/committer-operator.ts";
import { GlobalCommitterOperator } from "../operators/sink/global-committer-operator.ts";
import { SinkWriterOperator } from "../operators/sink/sink-writer-operator.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type { DataStream } from "./streams.ts";

const WRITER = "Writer";
const COMMITTER = "Committer";
const GLOBAL_COMMITTER = "Global Committer";

/**
 * To be implemented by a sink that wants its records prepared, e.g. spread over its writers in a way of its own.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface SupportsPreWriteTopology<T> {
  /** What goes into the writers in place of the stream that was given to `sinkTo`. */
  addPreWriteTopology(input: DataStream<T>): DataStream<T>;
}

/**
 * To be implemented by a sink that works on committables before they are committed, e.g. puts small files together. It must commit.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface SupportsPreCommitTopology<WriteResult, Comm> {
  /** Summaries must stay true: as many committables of a checkpoint and subtask as its summary announces. */
  addPreCommitTopology(writeResults: DataStream<CommittableMessage<WriteResult>>): DataStream<CommittableMessage<Comm>>;
}

/**
 * To be implemented by a sink that does something with what has been committed, e.g. tells others. It must commit.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface SupportsPostCommitTopology<Comm> {
  /** Gets what was committed, once per checkpoint and subtask with a summary of its own. */
  addPostCommitTopology(committables: DataStream<CommittableMessage<Comm>>): void;
}

/** Ready-made topologies for sinks. (Flink: docs/dev/datastream/sinks) */
export const StandardSinkTopologies = {
  /**
   * One committer behind all subtasks, which gets a checkpoint's committables of all of them at once. For `addPostCommitTopology`, or for
   * `addPreCommitTopology` of a sink that commits nothing else.
   */
  addGlobalCommitter<Comm>(
    committables: DataStream<CommittableMessage<Comm>>,
    committerFactory: (context: CommitterInitContext) => Committer<Comm>,
  ): void {
    const { builder, origins } = internalsOf(committables);
    const commitsOnInput = isBehindCommitter(origins.map(({ node }) => node));
    const maxRetries = builder.config.committerRetries;
    const createOperator = () => new GlobalCommitterOperator<Comm>(committerFactory, { commitsOnInput, maxRetries });
    transform(committables.global(), GLOBAL_COMMITTER, createOperator).forceNonParallel();
  },
} as const;

const committerNodes = new WeakSet<StreamNode>();

function isBehindCommitter(nodes: readonly StreamNode[]): boolean {
  return nodes.some((node) => committerNodes.has(node));
}

type Topologies = Partial<
  SupportsPreWriteTopology<unknown> & SupportsPreCommitTopology<unknown, unknown> & SupportsPostCommitTopology<unknown>
>;

/** Whether a sink has to be expanded; the others are a writer and perhaps a committer, which the graph knows by itself. */
export function hasTopologies(sink: Sink<never>): boolean {
  const { addPreWriteTopology, addPreCommitTopology, addPostCommitTopology } = sink as Topologies;
  return addPreWriteTopology !== undefined || addPreCommitTopology !== undefined || addPostCommitTopology !== undefined;
}

/** @throws Diagnostic SINK_TOPOLOGY_WITHOUT_COMMITTER */
export function refuseTopologiesWithoutCommitter(sink: Sink<never>): void {
  if (sink.createCommitter !== undefined) return;
  const { addPreCommitTopology, addPostCommitTopology } = sink as Topologies;
  const missing = addPreCommitTopology !== undefined ? "SupportsPreCommitTopology" : "SupportsPostCommitTopology";
  if (addPreCommitTopology === undefined && addPostCommitTopology === undefined) return;
  throw new Diagnostic({
    code: "SINK_TOPOLOGY_WITHOUT_COMMITTER",
    message: `Sink with ${missing} should implement SupportsCommitter`,
    phase: "graph",
    found: "a sink without createCommitter",
    expected: "a method createCommitter(context)",
  });
}

/** Adds the operators of a sink to the graph. `node` is the sink's one node, whose settings they take over. */
export function expandSink<T>(builder: GraphBuilder, input: DataStream<T>, sink: Sink<T>, node: StreamNode): void {
  const { addPreWriteTopology, addPreCommitTopology, addPostCommitTopology } = sink as Topologies;
  const given = new Set(internalsOf(input).origins.map(({ partitioning }) => partitioning));
  const adjusted = <R>(build: () => R, own: boolean): R => {
    const first = builder.size;
    const result = build();
    for (const added of builder.nodesFrom(first)) {
      takeOver(added, node, own);
      // Partitioners of the sink's own. Without one records stay on their subtask, where barriers never overtake.
      for (const edge of added.inputs) if (edge.partitioning !== undefined && !given.has(edge.partitioning)) edge.alwaysAligned = true;
    }
    return result;
  };
  const prewritten = adjusted(() => addPreWriteTopology?.call(sink, input as DataStream<unknown>) ?? (input as DataStream<unknown>), false);
  const written = adjusted(() => transform<CommittableMessage>(prewritten, WRITER, () => new SinkWriterOperator<T>(sink)), true);
  if (sink.createCommitter === undefined) return;
  const precommitted = adjusted(() => addPreCommitTopology?.call(sink, written) ?? written, false);
  const options = { emitsDownstream: addPostCommitTopology !== undefined, maxRetries: builder.config.committerRetries };
  const committed = adjusted(
    () => transform<CommittableMessage>(precommitted, COMMITTER, () => new CommitterOperator<unknown>(sink as Sink<unknown>, options)),
    true,
  );
  for (const { node: committer } of internalsOf(committed).origins) committerNodes.add(committer);
  adjusted(() => addPostCommitTopology?.call(sink, committed), false);
}

/** @param standard writer or committer, as opposed to what the sink adds by itself. */
function takeOver(added: StreamNode, sink: StreamNode, standard: boolean): void {
  if (!standard && added.uid !== undefined && sink.uid === undefined) {
    throw new Diagnostic({
      code: "SINK_UID_MISSING",
      message: `Sink ${sink.name} requires to set a uid since its customized topology has set uid for some operators.`,
      phase: "graph",
      expected: `.uid("…") on the sink "${sink.name}"`,
      ...(sink.position === undefined ? {} : { span: sink.position }),
    });
  }
  if (sink.uid !== undefined) added.uid = uidOf(added, sink.uid);
  added.name = `${sink.name}: ${added.name}`;
  if (added.slotSharingGroup === undefined) added.slotSharingGroup = sink.slotSharingGroup;
  if (added.parallelismConfigured !== true) {
    added.parallelism = sink.parallelism;
    added.parallelismConfigured = sink.parallelismConfigured === true;
  }
  added.maxParallelism ??= sink.maxParallelism;
  if (sink.chaining === "NEVER") added.chaining = "NEVER";
}

function uidOf(added: StreamNode, sinkUid: string): string | undefined {
  switch (added.name) {
    case WRITER:
      return sinkUid;
    case COMMITTER:
      return `Sink Committer: ${sinkUid}`;
    case GLOBAL_COMMITTER:
      return `Sink ${sinkUid} Global Committer`;
    default:
      return added.uid === undefined ? undefined : `${sinkUid}: ${added.uid}`;
  }
}
