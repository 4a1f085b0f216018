/**
 * From a stage's contiguity to the conditions on its edges. Inside a group two things come on top: the group's `until` ends everything in
 * it, and the first stage of the group follows in the way in which the group follows.
 */
import { ALWAYS, and, type EventCondition, not } from "./conditions.ts";
import type { PatternStage } from "./pattern-stage.ts";
import type { ConsumingStrategy } from "./quantifier.ts";

/** The group whose stages are being compiled. */
export interface GroupScope {
  readonly stage: PatternStage;
  /** True for the first round of a repeated group: it follows what comes before the group, the others follow each other. */
  readonly firstOfLoop: boolean;
}

/** Where the compiler is: a stage, the stage behind it, and the group around it. */
export interface StageScope {
  readonly stage: PatternStage;
  readonly following: PatternStage | null;
  readonly group: GroupScope | null;
}

/** Condition for taking an event. */
export function takeCondition({ stage, group }: { readonly stage: PatternStage; readonly group: GroupScope | null }): EventCondition {
  return unless(group?.stage.untilCondition ?? null, stage.condition);
}

/** Condition for moving on without an event. */
export function proceedCondition({ group }: StageScope): EventCondition {
  return unless(group?.stage.untilCondition ?? null, ALWAYS);
}

/** Condition for passing over an event before the stage's first one; null when none may be passed over. */
export function ignoreCondition(scope: StageScope): EventCondition | null {
  const { group } = scope;
  if (!isHeadOfGroup(scope)) return ignoring(scope, scope.stage.quantifier.consumingStrategy);
  const { quantifier } = (group as GroupScope).stage;
  return ignoring(scope, (group as GroupScope).firstOfLoop ? quantifier.consumingStrategy : quantifier.innerConsumingStrategy);
}

/** Condition for passing over an event between two of the stage; null when none may be passed over. */
export function innerIgnoreCondition(scope: StageScope): EventCondition | null {
  const stage = isHeadOfGroup(scope) ? (scope.group as GroupScope).stage : scope.stage;
  return ignoring(scope, stage.quantifier.innerConsumingStrategy);
}

/** True for the first stage of a group. */
export function isHeadOfGroup({ stage, group }: StageScope): boolean {
  return group !== null && stage.previous === null;
}

/** The condition, as long as `until` has not come. */
export function unless(until: EventCondition | null, condition: EventCondition): EventCondition {
  return until === null ? condition : and(not(until), condition);
}

/** As `unless`, where there may be no edge at all. */
export function unlessOrNone(until: EventCondition | null, condition: EventCondition | null): EventCondition | null {
  return condition === null ? null : unless(until, condition);
}

function ignoring({ stage, group }: StageScope, strategy: ConsumingStrategy): EventCondition | null {
  const until = group?.stage.untilCondition ?? null;
  switch (strategy) {
    case "SKIP_TILL_NEXT":
      return unless(until, not(stage.condition));
    case "SKIP_TILL_ANY":
      return unless(until, ALWAYS);
    default:
      return null;
  }
}
