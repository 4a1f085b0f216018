import { malformedPattern } from "./malformed-pattern.ts";

/**
 * How an event may follow the one before: at once (STRICT), after others that do not fit (SKIP_TILL_NEXT), after any others
 * (SKIP_TILL_ANY); or must not follow at once (NOT_NEXT), or not until the next pattern's event (NOT_FOLLOW).
 */
export type ConsumingStrategy = "STRICT" | "SKIP_TILL_NEXT" | "SKIP_TILL_ANY" | "NOT_NEXT" | "NOT_FOLLOW";

/** One event, a number of events, or any number from some number on. */
export type QuantifierKind = "SINGLE" | "TIMES" | "LOOPING";

/** How often a pattern's events occur, and what may lie between them (Flink: `Quantifier`). */
export class Quantifier {
  readonly kind: QuantifierKind;
  /** Between the pattern before and the first event of this one. */
  readonly consumingStrategy: ConsumingStrategy;
  private inner: "STRICT" | "SKIP_TILL_NEXT" | "SKIP_TILL_ANY" = "SKIP_TILL_NEXT";
  private isOptional = false;
  private isGreedy = false;

  constructor(kind: QuantifierKind, consumingStrategy: ConsumingStrategy) {
    this.kind = kind;
    this.consumingStrategy = consumingStrategy;
  }

  /** Between the events of this pattern. */
  get innerConsumingStrategy(): ConsumingStrategy {
    return this.inner;
  }

  get optional(): boolean {
    return this.isOptional;
  }

  get greedy(): boolean {
    return this.isGreedy;
  }

  /** True for patterns of events that must not come. */
  get negative(): boolean {
    return this.consumingStrategy === "NOT_NEXT" || this.consumingStrategy === "NOT_FOLLOW";
  }

  makeOptional(): void {
    if (this.isOptional) throw malformedPattern("CEP_OPTIONAL_TWICE", "Optional already applied!");
    if (this.negative) {
      throw malformedPattern("CEP_OPTIONAL_NOT_PATTERN", "NOT pattern cannot be optional", {
        hint: "An optional absence says nothing: leave out the notNext or notFollowedBy.",
      });
    }
    this.isOptional = true;
  }

  makeGreedy(): void {
    if (this.inner === "SKIP_TILL_ANY") {
      throw malformedPattern("CEP_GREEDY_COMBINATIONS", "Option not applicable to FollowedByAny pattern", {
        found: "greedy() after allowCombinations()",
        hint: "Greedy takes as many events as it can; combinations take every choice of them. Leave out one.",
      });
    }
    if (this.kind === "SINGLE") {
      throw malformedPattern("CEP_GREEDY_SINGLE", "Option not applicable to singleton quantifier", {
        expected: "greedy() after oneOrMore(), times(n, m) or timesOrMore(n)",
        hint: "Put greedy() behind the quantifier.",
      });
    }
    this.isGreedy = true;
  }

  allowCombinations(): void {
    this.requireLoop("Combinations", "CEP_COMBINATIONS_SINGLE", "allowCombinations()");
    if (this.inner === "STRICT") throw bothContiguities();
    if (this.inner === "SKIP_TILL_ANY") throw malformedPattern("CEP_COMBINATIONS_TWICE", "Combinations already applied!");
    this.inner = "SKIP_TILL_ANY";
  }

  makeConsecutive(): void {
    this.requireLoop("Consecutive", "CEP_CONSECUTIVE_SINGLE", "consecutive()");
    if (this.inner === "SKIP_TILL_ANY") throw bothContiguities();
    if (this.inner === "STRICT") throw malformedPattern("CEP_CONSECUTIVE_TWICE", "Consecutive already applied!");
    this.inner = "STRICT";
  }

  toString(): string {
    const properties = [this.kind, ...(this.isOptional ? ["OPTIONAL"] : []), ...(this.isGreedy ? ["GREEDY"] : [])];
    return `Quantifier{properties=[${properties.join(", ")}], consumingStrategy=${this.consumingStrategy}, innerConsumingStrategy=${this.inner}}`;
  }

  private requireLoop(what: string, code: string, call: string): void {
    if (this.kind !== "SINGLE") return;
    throw malformedPattern(code, `${what} not applicable to ${this.toString()}!`, {
      expected: `${call} after oneOrMore(), times(n) or timesOrMore(n)`,
      hint: "It is about several events of one pattern; put it behind the quantifier.",
    });
  }
}

function bothContiguities(): Error {
  return malformedPattern("CEP_COMBINATIONS_AND_CONSECUTIVE", "You can apply either combinations or consecutive, not both!");
}
