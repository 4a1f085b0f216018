/**
 * PATTERN to the stages of the automaton (Flink: `StreamExecMatch.translatePattern`): rows follow each other without gaps, quantifiers become Flink's own
 * loops. Made twice: by the planner, whose refusals are those of Flink's pattern API, and by the operator with the conditions of DEFINE.
 */
import { invariant } from "../../base/invariant.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { AfterMatchSkipStrategy } from "../../operators/cep/after-match-skip-strategy.ts";
import type { EventCondition } from "../../operators/cep/conditions.ts";
import { compilePattern } from "../../operators/cep/nfa-compiler.ts";
import type { NfaGraph } from "../../operators/cep/nfa-graph.ts";
import { PatternStage } from "../../operators/cep/pattern-stage.ts";
import type { RowPattern } from "../2-analyze/rel.ts";
import type { Match } from "./physical.ts";

/** The condition of a variable, null = every row. */
export type ConditionOf = (variable: string) => EventCondition | null;

export function compileMatch(
  { pattern, after, withinMs }: Pick<Match, "pattern" | "after" | "withinMs">,
  conditionOf: ConditionOf,
): NfaGraph {
  const last = new Stages(skipStrategy(after), conditionOf).add(pattern, null);
  last.firstToLastMs = withinMs;
  return compilePattern(last);
}

/** What Flink's pattern API says against the pattern, null = nothing. */
export function patternRefusal(node: Pick<Match, "pattern" | "after" | "withinMs">): string | null {
  try {
    compileMatch(node, () => null);
    return null;
  } catch (error) {
    if (error instanceof Diagnostic) return error.message;
    throw error;
  }
}

export function skipStrategy(after: Match["after"]): AfterMatchSkipStrategy {
  switch (after.kind) {
    case "pastLastRow":
      return AfterMatchSkipStrategy.skipPastLastEvent();
    case "toNextRow":
      return AfterMatchSkipStrategy.skipToNext();
    case "toFirst":
      return AfterMatchSkipStrategy.skipToFirst(after.variable).throwExceptionOnMiss();
    case "toLast":
      return AfterMatchSkipStrategy.skipToLast(after.variable).throwExceptionOnMiss();
  }
}

class Stages {
  private readonly skipStrategy: AfterMatchSkipStrategy;
  private readonly conditionOf: ConditionOf;

  constructor(strategy: AfterMatchSkipStrategy, conditionOf: ConditionOf) {
    this.skipStrategy = strategy;
    this.conditionOf = conditionOf;
  }

  /** Appends the stages of the pattern and gives the last one. */
  add(pattern: RowPattern, previous: PatternStage | null): PatternStage {
    switch (pattern.kind) {
      case "variable":
        return this.single(pattern.name, previous);
      case "concat":
        return this.add(pattern.right, this.add(pattern.left, previous));
      case "quantified": {
        const stage = this.add(pattern.pattern, previous);
        quantify(stage, pattern);
        return stage;
      }
      case "other":
        invariant(false, `${pattern.operator} has been refused`);
    }
  }

  private single(name: string, previous: PatternStage | null): PatternStage {
    const { skipStrategy } = this;
    const stage = new PatternStage({ name, previous, consumingStrategy: "STRICT", skipStrategy });
    const test = this.conditionOf(name);
    if (test !== null) stage.where({ test, functions: [] });
    return stage;
  }
}

function quantify(stage: PatternStage, { from, to, reluctant }: Extract<RowPattern, { kind: "quantified" }>): void {
  const isOptional = from === 0 && to === 1;
  if (isOptional) {
    stage.optional();
    return;
  }
  if (to === -1 && from <= 1) {
    stage.oneOrMore();
    if (from === 0) stage.optional();
  } else if (to === -1) stage.timesOrMore(from);
  else stage.timesBetween(from, to);
  stage.quantifier.makeConsecutive();
  // A fixed number is neither greedy nor reluctant.
  if (!reluctant && from !== to) stage.greedy();
}
