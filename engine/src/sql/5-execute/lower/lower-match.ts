/** MATCH_RECOGNIZE. */
import type { Match } from "../../3-plan/physical.ts";
import type { OperatorPlan } from "../operator-plan.ts";
import { MatchOperator } from "../operators/match-operator.ts";
import { lowerInput, type Lowering, oneInput } from "./lower.ts";

export function lowerMatch(node: Match, lowering: Lowering): OperatorPlan {
  return oneInput(node, lowerInput(node.input, lowering), () => new MatchOperator(lowering.session, node));
}
