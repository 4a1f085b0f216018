/** What can be wrong with a pattern as a whole, in Flink's words. */
import { malformedPattern } from "./malformed-pattern.ts";
import type { PatternStage } from "./pattern-stage.ts";

/** Name of the state in which every match ends; no pattern may have it. */
export const ENDING_STATE_NAME = "$endState$";

/** The stages of one sequence from last to first; groups count as one. */
export function* stagesOf(last: PatternStage): Generator<PatternStage> {
  for (let stage: PatternStage | null = last; stage !== null; stage = stage.previous) yield stage;
}

/** The stages of a pattern and of the groups in it. */
export function* allStagesOf(last: PatternStage): Generator<PatternStage> {
  for (const stage of stagesOf(last)) {
    yield stage;
    if (stage.group !== null) yield* allStagesOf(stage.group);
  }
}

export function requireUniqueNames(last: PatternStage): void {
  const used = new Set([ENDING_STATE_NAME]);
  for (const { name, group } of allStagesOf(last)) {
    if (group !== null) continue;
    if (used.has(name)) {
      throw malformedPattern("CEP_DUPLICATE_NAME", `Duplicate pattern name: ${name}. Names must be unique.`, {
        found: `"${name}" twice`,
        hint: "Matches list their events by pattern name; give every pattern its own.",
      });
    }
    used.add(name);
  }
}

export function requireKnownSkipTarget(last: PatternStage): void {
  const target = last.skipStrategy.patternName;
  if (target === null) return;
  const names = [...stagesOf(last)].map(({ name }) => name);
  if (names.includes(target)) return;
  throw malformedPattern(
    "CEP_SKIP_TARGET_UNKNOWN",
    "The pattern name specified in AfterMatchSkipStrategy can not be found in the given Pattern",
    { found: `"${target}"`, expected: `one of ${names.reverse().join(", ")}`, hint: "Patterns inside of groups cannot be skipped to." },
  );
}

/** A repeated group that needs no event would be entered again and again with the same event. Flink does not come back from that. */
export function requireProgressInLoops(last: PatternStage): void {
  for (const stage of allStagesOf(last)) {
    if (stage.group === null || stage.quantifier.kind !== "LOOPING" || !canBeEmpty(stage.group)) continue;
    throw malformedPattern("CEP_ENDLESS_GROUP", "A group that is repeated any number of times must take at least one event each time.", {
      found: "a looping group in which every pattern is optional",
      hint: "Flink accepts this pattern and hangs at the first event. Make one pattern in the group mandatory.",
    });
  }
}

function canBeEmpty(last: PatternStage): boolean {
  for (const { quantifier, group } of stagesOf(last)) {
    if (quantifier.optional || quantifier.negative) continue;
    if (group === null || !canBeEmpty(group)) return false;
  }
  return true;
}

/** Windows between two events within the one from first to last. */
export function requireNestedWindows(windowMs: number | null, windowMsByState: ReadonlyMap<string, number>): void {
  if (windowMs === null) return;
  for (const betweenMs of windowMsByState.values()) {
    if (betweenMs <= windowMs) continue;
    throw malformedPattern(
      "CEP_WITHIN_TOO_LONG",
      "The window length between the previous and current event cannot be larger than the window length between the first and last event for a Pattern.",
      { found: `${betweenMs} ms between two events, ${windowMs} ms for the whole match` },
    );
  }
}

export function requireWindowBehindNot(last: PatternStage, windowMs: number, windowMsByState: ReadonlyMap<string, number>): void {
  if (last.quantifier.consumingStrategy !== "NOT_FOLLOW") return;
  if (windowMs !== 0 || (windowMsByState.get(last.name) ?? 0) > 0) return;
  throw malformedPattern("CEP_NOT_FOLLOWED_BY_AT_END", "NotFollowedBy is not supported without windowTime as a last part of a Pattern!", {
    found: `notFollowedBy("${last.name}") as the last pattern`,
    expected: "within(Duration.ofMinutes(10)) behind it",
    hint: "Only when the time is over can one say that something did not come.",
  });
}
