import type { RichFunction } from "../../flow/rich-function.ts";
import type { AfterMatchSkipStrategy } from "./after-match-skip-strategy.ts";
import { ALWAYS, and, type EventCondition, or, type StageCondition } from "./conditions.ts";
import { malformedPattern } from "./malformed-pattern.ts";
import { type ConsumingStrategy, Quantifier } from "./quantifier.ts";

/** How often the events of a stage occur, and how far apart two of them may be. */
export interface Times {
  readonly from: number;
  readonly to: number;
  /** null = as far as they like. */
  readonly windowMs: number | null;
}

/** Name of every stage that stands for a group, as in Flink. */
export const GROUP_STAGE_NAME = "GroupPattern";

export interface PatternStageOptions {
  readonly name: string;
  readonly previous: PatternStage | null;
  readonly consumingStrategy: ConsumingStrategy;
  readonly skipStrategy: AfterMatchSkipStrategy;
  /** Last stage of the sequence that this stage stands for, on groups. */
  readonly group?: PatternStage;
}

/**
 * One link of a pattern, with the link before it: what the automaton is compiled from. The DataStream API's `Pattern` wraps it;
 * MATCH_RECOGNIZE makes the same stages. Its methods keep Flink's rules about which quantifiers go together.
 */
export class PatternStage {
  readonly name: string;
  readonly previous: PatternStage | null;
  /** What a match makes of other runs; the same on all stages of a pattern. */
  readonly skipStrategy: AfterMatchSkipStrategy;
  readonly group: PatternStage | null;
  quantifier: Quantifier;
  /** null on single stages. */
  times: Times | null = null;
  /** Bounds of `within`: of the whole match, and between two events. null = none. */
  firstToLastMs: number | null = null;
  previousToCurrentMs: number | null = null;
  untilCondition: EventCondition | null = null;
  private ownCondition: EventCondition | null = null;
  private readonly functions: RichFunction[] = [];

  constructor({ name, previous, consumingStrategy, skipStrategy, group }: PatternStageOptions) {
    this.name = name;
    this.previous = previous;
    this.skipStrategy = skipStrategy;
    this.group = group ?? null;
    this.quantifier = new Quantifier("SINGLE", consumingStrategy);
  }

  /** What an event has to satisfy; a stage without condition takes every event. */
  get condition(): EventCondition {
    return this.ownCondition ?? ALWAYS;
  }

  /** Rich functions in the conditions. */
  get richFunctions(): readonly RichFunction[] {
    return this.functions;
  }

  where({ test, functions }: StageCondition): void {
    this.refuseOnGroup("where");
    this.ownCondition = this.ownCondition === null ? test : and(this.ownCondition, test);
    this.functions.push(...functions);
  }

  or({ test, functions }: StageCondition): void {
    this.refuseOnGroup("or");
    this.ownCondition = this.ownCondition === null ? test : or(this.ownCondition, test);
    this.functions.push(...functions);
  }

  subtype(test: EventCondition): void {
    this.refuseOnGroup("subtype");
    this.ownCondition = this.ownCondition === null ? test : and(this.ownCondition, test);
  }

  until({ test, functions }: StageCondition): void {
    if (this.untilCondition !== null) throw malformedPattern("CEP_UNTIL_TWICE", "Only one until condition can be applied.");
    if (this.quantifier.kind !== "LOOPING") {
      throw malformedPattern("CEP_UNTIL_WITHOUT_LOOP", "The until condition is only applicable to looping states.", {
        expected: "until(…) after oneOrMore() or timesOrMore(n)",
        hint: "Put until(…) behind the quantifier.",
      });
    }
    this.untilCondition = test;
    this.functions.push(...functions);
  }

  oneOrMore(windowMs: number | null = null): void {
    this.setTimes("LOOPING", 1, 1, windowMs);
  }

  timesOrMore(times: number, windowMs: number | null = null): void {
    this.setTimes("LOOPING", times, times, windowMs);
  }

  timesExactly(times: number, windowMs: number | null = null): void {
    this.setTimes("TIMES", times, times, windowMs);
  }

  /** From 0 means: from 1, or not at all. */
  timesBetween(from: number, to: number, windowMs: number | null = null): void {
    this.setTimes("TIMES", from === 0 ? 1 : from, to, windowMs);
    if (from === 0) this.quantifier.makeOptional();
  }

  optional(): void {
    if (this.previous?.quantifier.greedy) {
      throw malformedPattern("CEP_OPTIONAL_AFTER_GREEDY", "Optional pattern cannot be preceded by greedy pattern", {
        found: `optional() on "${this.name}" behind the greedy "${this.previous.name}"`,
        hint: "A greedy pattern must know what ends it; leave out greedy() or optional().",
      });
    }
    this.quantifier.makeOptional();
  }

  greedy(): void {
    this.refuseOnNegative("greedy");
    if (this.group !== null) {
      throw malformedPattern("CEP_GREEDY_GROUP", "Option not applicable to group pattern", {
        found: "greedy() on a group",
        hint: "Make the patterns in the group greedy.",
      });
    }
    this.quantifier.makeGreedy();
  }

  /** A stage that must not be preceded by an optional one, since its absence would be about nothing. */
  requireNoOptionalBeforeNot(call: string): void {
    if (!this.quantifier.optional) return;
    throw malformedPattern(
      "CEP_OPTIONAL_BEFORE_NOT",
      "Specifying a pattern with an optional path to NOT condition is not supported yet. " +
        "You can simulate such pattern with two independent patterns, one with and the other without the optional part.",
      { found: `${call}(…) behind the optional "${this.name}"` },
    );
  }

  private setTimes(kind: "TIMES" | "LOOPING", from: number, to: number, windowMs: number | null): void {
    this.refuseOnNegative(kind === "TIMES" ? "times" : "oneOrMore");
    if (this.quantifier.kind !== "SINGLE") {
      throw malformedPattern(
        "CEP_QUANTIFIER_TWICE",
        `Already applied quantifier to this Pattern. Current quantifier is: ${this.quantifier.toString()}`,
        { found: `a second quantifier on "${this.name}"`, hint: "Use one of oneOrMore(), times(…) and timesOrMore(n)." },
      );
    }
    requireCount(from, from > 0, "The from should be a positive number greater than 0.");
    requireCount(to, to >= from, `The to should be a number greater than or equal to from: ${from}.`);
    this.quantifier = new Quantifier(kind, this.quantifier.consumingStrategy);
    this.times = { from, to, windowMs };
  }

  private refuseOnNegative(call: string): void {
    if (!this.quantifier.negative) return;
    throw malformedPattern("CEP_OPTION_ON_NOT_PATTERN", "Option not applicable to NOT pattern", {
      found: `${call}(…) on "${this.name}", which must not occur`,
      hint: "What must not come needs no number: the first such event ends the run.",
    });
  }

  private refuseOnGroup(call: string): void {
    if (this.group === null) return;
    throw malformedPattern("CEP_CONDITION_ON_GROUP", `GroupPattern does not support ${call} clause.`, {
      hint: "Put the condition on the patterns in the group.",
    });
  }
}

function requireCount(count: number, holds: boolean, message: string): void {
  if (holds && Number.isInteger(count)) return;
  throw malformedPattern("CEP_TIMES_INVALID", message, { found: String(count), expected: "a whole number of at least 1" });
}
