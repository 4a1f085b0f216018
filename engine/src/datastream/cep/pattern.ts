/**
 * The language in which patterns are written. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/#the-pattern-api)
 *
 * ```ts
 * const pattern = Pattern.begin<Login>("failures")
 *   .where((login) => !login.ok)
 *   .times(3)
 *   .consecutive()
 *   .next("success")
 *   .where((login) => login.ok)
 *   .within(Duration.ofMinutes(5));
 * ```
 *
 * Each call changes the pattern it is called on and returns it, except those that append a pattern: they return the appended one.
 */
import { AfterMatchSkipStrategy } from "../../operators/cep/after-match-skip-strategy.ts";
import type { IterativeConditionContext } from "../../operators/cep/conditions.ts";
import { GROUP_STAGE_NAME, PatternStage } from "../../operators/cep/pattern-stage.ts";
import { malformedPattern } from "../../operators/cep/malformed-pattern.ts";
import type { ConsumingStrategy } from "../../operators/cep/quantifier.ts";
import { type TimeLike, timeMs } from "../../graph/configuration/time-like.ts";
import { requireFunction } from "../user-functions.ts";
import { type ClassOf, type ConditionLike, stageCondition, subtypeCondition } from "./condition-like.ts";

/** What `within` bounds. (Flink: docs/libs/cep) */
export type WithinType = "FIRST_AND_LAST" | "PREVIOUS_AND_CURRENT";

/** What `within` bounds: the time from the first to the last event of a match, or the time between two events of it. */
export const WithinType = { FIRST_AND_LAST: "FIRST_AND_LAST", PREVIOUS_AND_CURRENT: "PREVIOUS_AND_CURRENT" } as const;

/**
 * A pattern, and the patterns before it. `T` is the type of all events, `F` of those that this pattern takes.
 *
 * Complaints about patterns that Flink refuses are `Diagnostic`s with codes CEP_…; those about the pattern as a whole come when the
 * stream is processed (`PatternStream.process`, `select`, `flatSelect`). (Flink: docs/libs/cep)
 */
export class Pattern<T, F extends T = T> {
  /** @internal */
  readonly stage: PatternStage;
  /** Only carries the event type; never set. */
  declare readonly eventType?: T;
  /** As `eventType`. */
  declare readonly takenType?: F;

  /** @internal */
  constructor(stage: PatternStage) {
    this.stage = stage;
  }

  /** The first pattern. The strategy, which is for the whole of it, defaults to `noSkip()`. */
  static begin<T>(name: string, afterMatchSkipStrategy?: AfterMatchSkipStrategy): Pattern<T>;
  /** A group as the first pattern. */
  static begin<T, F extends T>(group: Pattern<T, F>, afterMatchSkipStrategy?: AfterMatchSkipStrategy): GroupPattern<T, F>;
  static begin<T, F extends T>(first: string | Pattern<T, F>, skipStrategy?: AfterMatchSkipStrategy): Pattern<T> | GroupPattern<T, F> {
    const strategy = skipStrategy ?? AfterMatchSkipStrategy.noSkip();
    return first instanceof Pattern
      ? new GroupPattern<T, F>(groupStage(null, first.stage, "STRICT", strategy))
      : new Pattern<T>(namedStage(first, null, "STRICT", strategy));
  }

  /** Takes only events that satisfy the condition too. A type guard narrows the type of the events. */
  where<S extends F>(condition: (value: F, ctx: IterativeConditionContext<F>) => value is S): Pattern<T, S>;
  where(condition: ConditionLike<F>): this;
  where(condition: ConditionLike<F>): unknown {
    this.stage.where(stageCondition(condition, "where"));
    return this;
  }

  /** Takes events that satisfy this condition although they do not satisfy those before. Without one before it is like `where`. */
  or(condition: ConditionLike<F>): this {
    this.stage.or(stageCondition(condition, "or"));
    return this;
  }

  /** Takes only instances of a class. */
  subtype<S extends F>(subtypeClass: ClassOf<S>): Pattern<T, S> {
    if (typeof subtypeClass !== "function") requireFunction(subtypeClass, "subtype", "prototype");
    this.stage.subtype(subtypeCondition(subtypeClass));
    return this as unknown as Pattern<T, S>;
  }

  /**
   * Ends a loop: the event that satisfies the condition is not taken, nor any after it.
   * @throws Diagnostic CEP_UNTIL_WITHOUT_LOOP unless it stands behind `oneOrMore` or `timesOrMore`, CEP_UNTIL_TWICE the second time.
   */
  until(untilCondition: ConditionLike<F>): this {
    this.stage.until(stageCondition(untilCondition, "until"));
    return this;
  }

  /**
   * Bounds a match in time: an event that comes later by the given time or more does not belong to it any more. Of several bounds from
   * first to last event the shortest counts, for the whole pattern; one between two events is for the pattern on which it is set.
   * @param windowTime a Duration or milliseconds; null or 0 = no bound.
   */
  within(windowTime: TimeLike | null, withinType: WithinType = WithinType.FIRST_AND_LAST): this {
    if (windowTime === null) return this;
    const windowMs = timeMs(windowTime, "The time of within");
    if (withinType === WithinType.FIRST_AND_LAST) this.stage.firstToLastMs = windowMs;
    else this.stage.previousToCurrentMs = windowMs;
    return this;
  }

  /** Its event comes right after the last one of this pattern. */
  next(name: string): Pattern<T>;
  next<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  next<G extends T>(appended: string | Pattern<T, G>): Pattern<T> | GroupPattern<T, G> {
    return this.#append(appended, "STRICT");
  }

  /** Its event comes after this pattern; events in between that do not fit are passed over. */
  followedBy(name: string): Pattern<T>;
  followedBy<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  followedBy<G extends T>(appended: string | Pattern<T, G>): Pattern<T> | GroupPattern<T, G> {
    return this.#append(appended, "SKIP_TILL_NEXT");
  }

  /** Its event comes after this pattern; events in between are passed over even if they fit, so each that fits gives a match. */
  followedByAny(name: string): Pattern<T>;
  followedByAny<G extends T>(group: Pattern<T, G>): GroupPattern<T, G>;
  followedByAny<G extends T>(appended: string | Pattern<T, G>): Pattern<T> | GroupPattern<T, G> {
    return this.#append(appended, "SKIP_TILL_ANY");
  }

  /**
   * The event right after this pattern is not one of these.
   * @throws Diagnostic CEP_OPTIONAL_BEFORE_NOT behind an optional pattern.
   */
  notNext(name: string): Pattern<T> {
    this.stage.requireNoOptionalBeforeNot("notNext");
    return new Pattern<T>(namedStage(name, this.stage, "NOT_NEXT", this.stage.skipStrategy));
  }

  /**
   * None of these comes before the next pattern, or, as the last pattern, before the time of `within` is over.
   * @throws Diagnostic CEP_OPTIONAL_BEFORE_NOT behind an optional pattern.
   */
  notFollowedBy(name: string): Pattern<T> {
    this.stage.requireNoOptionalBeforeNot("notFollowedBy");
    return new Pattern<T>(namedStage(name, this.stage, "NOT_FOLLOW", this.stage.skipStrategy));
  }

  /**
   * It may be absent.
   * @throws Diagnostic CEP_OPTIONAL_TWICE, CEP_OPTIONAL_NOT_PATTERN, or CEP_OPTIONAL_AFTER_GREEDY behind a greedy pattern.
   */
  optional(): this {
    this.stage.optional();
    return this;
  }

  /**
   * One event or more. Without `consecutive` or `allowCombinations` events that do not fit may come in between.
   * @param windowTime time within which the next of them has to come, a Duration or milliseconds; default: any.
   * @throws Diagnostic CEP_QUANTIFIER_TWICE, CEP_OPTION_ON_NOT_PATTERN.
   */
  oneOrMore(windowTime: TimeLike | null = null): this {
    this.stage.oneOrMore(gapMs(windowTime));
    return this;
  }

  /**
   * At least so many events.
   * @param windowTime time within which the next of them has to come, a Duration or milliseconds; default: any.
   * @throws Diagnostic CEP_TIMES_INVALID, CEP_QUANTIFIER_TWICE, CEP_OPTION_ON_NOT_PATTERN.
   */
  timesOrMore(times: number, windowTime: TimeLike | null = null): this {
    this.stage.timesOrMore(times, gapMs(windowTime));
    return this;
  }

  /**
   * Exactly so many events.
   * @param windowTime time within which the next of them has to come, a Duration; default: any.
   * @throws Diagnostic CEP_TIMES_INVALID, CEP_QUANTIFIER_TWICE, CEP_OPTION_ON_NOT_PATTERN.
   */
  times(times: number, windowTime?: { toMillis(): number } | null): this;
  /**
   * From so many to so many events; from 0 makes the pattern optional.
   * @param windowTime time within which the next of them has to come, a Duration or milliseconds; default: any.
   */
  times(from: number, to: number, windowTime?: TimeLike | null): this;
  times(from: number, to?: number | { toMillis(): number } | null, windowTime: TimeLike | null = null): this {
    if (typeof to === "number") this.stage.timesBetween(from, to, gapMs(windowTime));
    else this.stage.timesExactly(from, gapMs(to ?? null));
    return this;
  }

  /**
   * Takes as many events as it can before the next pattern begins.
   * @throws Diagnostic CEP_GREEDY_SINGLE unless behind a quantifier, CEP_GREEDY_GROUP, CEP_GREEDY_COMBINATIONS, CEP_OPTION_ON_NOT_PATTERN.
   */
  greedy(): this {
    this.stage.greedy();
    return this;
  }

  /**
   * Events of this pattern follow each other with nothing in between.
   * @throws Diagnostic CEP_CONSECUTIVE_SINGLE unless behind a quantifier, CEP_CONSECUTIVE_TWICE, CEP_COMBINATIONS_AND_CONSECUTIVE.
   */
  consecutive(): this {
    this.stage.quantifier.makeConsecutive();
    return this;
  }

  /**
   * Events that fit may be left out, so every choice of them is a match.
   * @throws Diagnostic CEP_COMBINATIONS_SINGLE unless behind a quantifier, CEP_COMBINATIONS_TWICE, CEP_COMBINATIONS_AND_CONSECUTIVE.
   */
  allowCombinations(): this {
    this.stage.quantifier.allowCombinations();
    return this;
  }

  /** The name under which matches list this pattern's events; `GroupPattern` for groups. */
  getName(): string {
    return this.stage.name;
  }

  /** The pattern before, or null. */
  getPrevious(): Pattern<T> | null {
    return this.stage.previous === null ? null : new Pattern<T>(this.stage.previous);
  }

  /** What `begin` was given; default: `noSkip()`. */
  getAfterMatchSkipStrategy(): AfterMatchSkipStrategy {
    return this.stage.skipStrategy;
  }

  #append<G extends T>(appended: string | Pattern<T, G>, contiguity: ConsumingStrategy): Pattern<T> | GroupPattern<T, G> {
    const { stage } = this;
    return appended instanceof Pattern
      ? new GroupPattern<T, G>(groupStage(stage, appended.stage, contiguity, stage.skipStrategy))
      : new Pattern<T>(namedStage(appended, stage, contiguity, stage.skipStrategy));
  }
}

/** A pattern made of patterns: quantifiers are about the whole of it. It takes no condition of its own. (Flink: docs/libs/cep) */
export class GroupPattern<T, F extends T = T> extends Pattern<T, F> {
  /** The last pattern of the group. */
  getRawPattern(): Pattern<T> {
    return new Pattern<T>(this.stage.group as PatternStage);
  }
}

function namedStage(
  name: unknown,
  previous: PatternStage | null,
  consumingStrategy: ConsumingStrategy,
  skipStrategy: AfterMatchSkipStrategy,
): PatternStage {
  if (typeof name !== "string" || name === "") {
    throw malformedPattern("CEP_NAME_MISSING", "A pattern needs a name.", {
      found: String(name),
      expected: 'a non-empty string, e.g. Pattern.begin<Click>("first")',
    });
  }
  return new PatternStage({ name, previous, consumingStrategy, skipStrategy });
}

function groupStage(
  previous: PatternStage | null,
  group: PatternStage,
  consumingStrategy: ConsumingStrategy,
  skipStrategy: AfterMatchSkipStrategy,
): PatternStage {
  return new PatternStage({ name: GROUP_STAGE_NAME, previous, consumingStrategy, skipStrategy, group });
}

function gapMs(windowTime: TimeLike | null): number | null {
  return windowTime === null ? null : timeMs(windowTime, "The time between two events");
}
