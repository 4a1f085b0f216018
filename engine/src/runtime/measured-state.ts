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

export function measuredStateOf({ operators, nodes }: OperatorChain): MeasuredState {
  const sizes: StateSize[] = [];
  for (const [index, operator] of operators.entries()) {
    try {
      sizes.push(...operator.stateSizes());
    } catch (error) {
      if (error instanceof InvariantViolation) throw error;
      const node = nodes[index];
      return { sizes, failure: taskFailureOf(inGraph(error, node), node, undefined) };
    }
  }
  return { sizes, failure: null };
}
