import { compareEvents, type EventId } from "./computation-state.ts";

/** Events of one match by pattern name, each list oldest first. */
export type MatchedEvents = ReadonlyMap<string, readonly EventId[]>;

/**
 * What becomes of other runs once a match has been found (Flink: `AfterMatchSkipStrategy`). Only runs that began no later than the
 * strategy's event go; a match that would be found later with the events of a dropped run is not found.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/#after-match-skip-strategy)
 */
export abstract class AfterMatchSkipStrategy {
  /** Every match is emitted. The default. */
  static noSkip(): AfterMatchSkipStrategy {
    return NO_SKIP;
  }

  /** Drops every run that began with the same event as the match. */
  static skipToNext(): AfterMatchSkipStrategy {
    return SKIP_TO_NEXT;
  }

  /** Drops every run that began before the match ended: no event is in two matches. */
  static skipPastLastEvent(): AfterMatchSkipStrategy {
    return SKIP_PAST_LAST;
  }

  /** Drops every run that began before the first event of the match for this pattern. */
  static skipToFirst(patternName: string): SkipToElementStrategy {
    return new SkipToElementStrategy(patternName, "first", false);
  }

  /** Drops every run that began before the last event of the match for this pattern. */
  static skipToLast(patternName: string): SkipToElementStrategy {
    return new SkipToElementStrategy(patternName, "last", false);
  }

  /** False when runs never influence each other. */
  get isSkipStrategy(): boolean {
    return true;
  }

  /** The pattern that is skipped to, for strategies that name one. */
  get patternName(): string | null {
    return null;
  }

  /** @internal The event of a match up to which runs are dropped; null when none are. */
  abstract pruningEvent(matches: readonly MatchedEvents[]): EventId | null;

  /** @internal Whether a run that began with this event is dropped. */
  shouldPrune(start: EventId, pruning: EventId): boolean {
    return compareEvents(start, pruning) <= 0;
  }
}

class NoSkipStrategy extends AfterMatchSkipStrategy {
  override get isSkipStrategy(): boolean {
    return false;
  }

  override pruningEvent(): EventId | null {
    return null;
  }
}

class SkipToNextStrategy extends AfterMatchSkipStrategy {
  override pruningEvent(matches: readonly MatchedEvents[]): EventId | null {
    let first: EventId | null = null;
    for (const match of matches) first = earlier(first, firstEvent(match));
    return first;
  }
}

class SkipPastLastStrategy extends AfterMatchSkipStrategy {
  override pruningEvent(matches: readonly MatchedEvents[]): EventId | null {
    let last: EventId | null = null;
    for (const match of matches) for (const events of match.values()) last = later(last, events[events.length - 1]);
    return last;
  }
}

/** Skips to the first or last event that a match has for a pattern. (Flink: docs/libs/cep) */
export class SkipToElementStrategy extends AfterMatchSkipStrategy {
  private readonly name: string;
  private readonly which: "first" | "last";
  private readonly throwsOnMiss: boolean;

  /** @internal */
  constructor(name: string, which: "first" | "last", throwsOnMiss: boolean) {
    super();
    this.name = name;
    this.which = which;
    this.throwsOnMiss = throwsOnMiss;
  }

  /**
   * Fails the job when a match has no event for the pattern, or when skipping to its own first event would find it again for ever.
   * Without this such a match drops nothing.
   */
  throwExceptionOnMiss(): SkipToElementStrategy {
    return new SkipToElementStrategy(this.name, this.which, true);
  }

  override get patternName(): string {
    return this.name;
  }

  /** Called by the runtime: the event of the match from which partial matches may start again. @internal */
  override pruningEvent(matches: readonly MatchedEvents[]): EventId | null {
    let pruning: EventId | null = null;
    for (const match of matches) {
      const events = match.get(this.name);
      if (events !== undefined) pruning = later(pruning, events[this.which === "first" ? 0 : events.length - 1]);
      if (this.throwsOnMiss) this.requireProgress(match, events !== undefined, pruning);
    }
    return pruning;
  }

  /** Called by the runtime: whether a partial match that started there is dropped. @internal */
  override shouldPrune(start: EventId, pruning: EventId): boolean {
    return compareEvents(start, pruning) < 0;
  }

  private requireProgress(match: MatchedEvents, found: boolean, pruning: EventId | null): void {
    if (!found) {
      const patterns = [...match.keys()].join(", ");
      throw new Error(`Could not skip to ${this.name}. No such element in the found match, which has events for: ${patterns}`);
    }
    const start = firstEvent(match);
    if (pruning !== null && start !== null && compareEvents(pruning, start) === 0) {
      throw new Error("Could not skip to first element of a match.");
    }
  }
}

function firstEvent(match: MatchedEvents): EventId | null {
  let first: EventId | null = null;
  for (const events of match.values()) first = earlier(first, events[0]);
  return first;
}

function earlier(left: EventId | null, right: EventId | null): EventId | null {
  if (left === null || right === null) return left ?? right;
  return compareEvents(left, right) <= 0 ? left : right;
}

function later(left: EventId | null, right: EventId): EventId {
  return left === null || compareEvents(left, right) < 0 ? right : left;
}

const NO_SKIP = new NoSkipStrategy();
const SKIP_TO_NEXT = new SkipToNextStrategy();
const SKIP_PAST_LAST = new SkipPastLastStrategy();
