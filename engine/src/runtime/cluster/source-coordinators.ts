/**
 * The source coordinators of one attempt, by operator id. They sit in the job manager: what tasks tell them arrives as a step of its own,
 * and what an enumerator throws is a failure of the job.
 */
import { InvariantViolation, invariant } from "../../base/invariant.ts";
import type { JobGraph } from "../../graph/job-graph.ts";
import type { StreamGraph } from "../../graph/stream-graph.ts";
import { WatermarkStrategy } from "../../operators/watermarks/watermark-strategy.ts";
import type { CompletedCheckpoint } from "../checkpoint/completed-checkpoint.ts";
import { savedIdOf } from "../checkpoint/state-assignment.ts";
import type { OperatorMetrics } from "../metrics/subtask-metrics.ts";
import type { Subtask } from "../subtask.ts";
import { SourceCoordinator, type SourceCoordinatorHost } from "./source-coordinator.ts";
import { AlignmentGroups } from "./watermark-alignment.ts";

export class SourceCoordinators {
  private readonly host: SourceCoordinatorHost;
  private readonly byOperator = new Map<string, SourceCoordinator>();

  constructor(host: SourceCoordinatorHost) {
    this.host = host;
  }

  /**
   * Makes and starts the enumerator of every source that has readers among the tasks; those of other stages have none.
   *
   * @param instantiate evaluates the program anew: the job manager's copy of its sources.
   */
  start(
    jobGraph: JobGraph,
    instantiate: () => StreamGraph,
    attempt: { readonly tasks: readonly Subtask[]; readonly checkpoint: CompletedCheckpoint | null },
  ): void {
    const { tasks, checkpoint } = attempt;
    const groups = new AlignmentGroups();
    this.guarded(() => {
      const graph = instantiate();
      for (const node of jobGraph.operators) {
        if (node.role !== "source") continue;
        const body = graph.nodes.find((candidate) => candidate.id === node.node.id)?.body;
        invariant(body?.kind === "source", `source "${node.name}" is missing in a graph that was checked`);
        const readers = tasks.filter((task) => task.vertex.operators[0] === node);
        if (readers.length === 0) continue;
        const savedId = checkpoint === null ? "" : savedIdOf(node, checkpoint);
        const restored = checkpoint?.enumerators.has(savedId) === true ? { state: checkpoint.enumerators.get(savedId) } : null;
        const alignment = body.watermarks instanceof WatermarkStrategy ? body.watermarks.getAlignmentParameters() : undefined;
        const options = { operatorId: node.operatorId, source: body.source, readers, alignment, restored };
        const coordinator = new SourceCoordinator(options, groups, this.host);
        this.byOperator.set(node.operatorId, coordinator);
        coordinator.start();
      }
    });
  }

  /** A reader was deployed anew, from this checkpoint: its source gets back what it had been given since. */
  readerReset(task: Subtask, checkpoint: CompletedCheckpoint | null): void {
    const source = this.byOperator.get(task.vertex.operators[0].operatorId);
    if (source !== undefined) this.guarded(() => source.readerReset(task.index, task, checkpoint?.id ?? null));
  }

  /** Not in the middle of the caller's work: the enumerator sits on another machine. */
  tell(operatorId: string, action: (source: SourceCoordinator) => void): void {
    const source = this.byOperator.get(operatorId);
    if (source === undefined) return;
    const { loop } = this.host;
    loop.scheduleUs(loop.nowUs, () => {
      if (this.byOperator.get(operatorId) === source) this.guarded(() => action(source));
    });
  }

  tellAll(action: (source: SourceCoordinator) => void): void {
    for (const operatorId of this.byOperator.keys()) this.tell(operatorId, action);
  }

  /** Enumerator states by operator id; an enumerator that keeps none is left out. What one throws is for the caller. */
  snapshot(checkpointId: number): Map<string, unknown> {
    const states = new Map<string, unknown>();
    for (const [operatorId, source] of this.byOperator) {
      const state = source.snapshot(checkpointId);
      if (state !== undefined) states.set(operatorId, state);
    }
    return states;
  }

  /** What the enumerators report, in the order of the job graph; null when there is none at all. */
  metrics(jobGraph: JobGraph): readonly OperatorMetrics[] | null {
    if (this.byOperator.size === 0) return null;
    return jobGraph.operators.flatMap(({ operatorId: id, name }) => {
      const source = this.byOperator.get(id);
      return source === undefined ? [] : [{ id, name, metrics: source.metricValues() }];
    });
  }

  /**
   * Closes all. What an enumerator throws at its end changes nothing, like what operators throw while they go down.
   *
   * @param failed told of each that threw.
   */
  close(failed: () => void): void {
    for (const source of this.byOperator.values()) {
      try {
        source.close();
      } catch (error) {
        if (error instanceof InvariantViolation) throw error;
        failed();
      }
    }
    this.byOperator.clear();
  }

  private guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.host.enumeratorFailed(error);
    }
  }
}
