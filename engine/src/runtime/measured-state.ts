/** What a task holds in state. */
import { InvariantViolation } from "../base/invariant.ts";
import type { StateSize } from "../flow/operator.ts";
import { inGraph } from "./diagnostic-in-graph.ts";
import type { OperatorChain } from "./operator-chain.ts";
import { type TaskFailure, taskFailureOf } from "./task-failure.ts";

/** Sizes of its states. `failure` = there is something in state that has no size, since it cannot be serialized. */
export interface MeasuredState {
  readonly sizes: readonly StateSize[];
  readonly failure: TaskFailure | null;
}

export const NO_STATE: MeasuredState = { sizes: [], failure: null };

/** Measures the state of one task. As long as nothing has changed it gives the same object. */
export class TaskStateMeasure {
  private readonly chain: OperatorChain;
  /** By operator: what it said last. */
  private readonly parts: (readonly StateSize[])[] = [];
  private last: MeasuredState = NO_STATE;

  constructor(chain: OperatorChain) {
    this.chain = chain;
  }

  measure(): MeasuredState {
    const { chain, parts } = this;
    const { operators, nodes } = chain;
    let changed = parts.length !== operators.length;
    for (let index = 0; index < operators.length; index++) {
      let part: readonly StateSize[];
      try {
        part = operators[index].stateSizes();
      } catch (error) {
        if (error instanceof InvariantViolation) throw error;
        const node = nodes[index];
        const sizes = parts.slice(0, index).flat();
        parts.length = 0;
        return { sizes, failure: taskFailureOf(inGraph(error, node), node, undefined) };
      }
      if (part === parts[index]) continue;
      parts[index] = part;
      changed = true;
    }
    if (changed) this.last = { sizes: parts.flat(), failure: null };
    return this.last;
  }
}
