/**
 * Equal parts of a job's plans run once, and all who read them get the same rows (Flink: `table.optimizer.reuse-sub-plan-enabled`). It shows where a table is joined with itself:
 * each change goes to both sides before the next one goes to either.
 */
import { EqualNodes, isReusable } from "../../3-plan/explain/equal-nodes.ts";
import type { PhysicalNode } from "../../3-plan/physical.ts";
import type { OperatorPlan } from "../operator-plan.ts";

export class SharedPlans {
  private readonly plans = new Map<number, OperatorPlan>();
  /** Joins of which order is asked, of all plans so far. */
  private readonly ordered = new Set<PhysicalNode>();
  private readonly equal = new EqualNodes((node) => (this.ordered.has(node) ? "in order" : ""));

  /** For one plan: gives the operators of an equal node that has been there, or those that `make` makes. @param ordered joins whose rows must come in Flink's order. */
  within(ordered: ReadonlySet<PhysicalNode>): (node: PhysicalNode, make: () => OperatorPlan) => OperatorPlan {
    for (const join of ordered) this.ordered.add(join);
    return (node, make) => {
      if (!isReusable(node)) return make();
      const number = this.equal.numberOf(node);
      const known = this.plans.get(number);
      if (known !== undefined) return known;
      const made = make();
      this.plans.set(number, made);
      return made;
    };
  }
}
