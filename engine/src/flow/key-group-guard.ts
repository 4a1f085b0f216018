/**
 * Notices keys that do not belong to the subtask that got the record.
 *
 * The sender asks the key selector which subtask a record goes to, the receiver asks it again which key the record has. A selector that
 * answers differently (chance, a counter, the clock, a field that somebody changes) sends records to subtasks that do not own their key;
 * Flink fails then, and so do we. With parallelism 1 every key belongs to the only subtask, and neither notices anything.
 *
 * Hashing each key once more would cost as much as the rest of a keyed record's way. So the first keys are all checked, and then every
 * 64th: a selector that changes its answer does it at once, or else in the long run.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { keyGroupOf } from "../base/key-groups.ts";

const CHECKED_AT_FIRST = 1024;
const THEN_EVERY = 64;

export class KeyGroupGuard {
  /** The number of the key that is to be checked next; Infinity when no key can be wrong. Callers compare before they call `check`. */
  next: number;
  private checked = 0;
  private readonly maxParallelism: number;
  private readonly start: number;
  private readonly end: number;
  /** No key can be wrong: there is one subtask. */
  readonly ownsAll: boolean;

  /** `range` = the key groups of this subtask, both ends included. */
  constructor(maxParallelism: number, range: { readonly start: number; readonly end: number }) {
    this.maxParallelism = maxParallelism;
    this.start = range.start;
    this.end = range.end;
    this.ownsAll = range.start === 0 && range.end === maxParallelism - 1;
    this.next = this.ownsAll ? Number.POSITIVE_INFINITY : 0;
  }

  /** @throws Diagnostic KEY_GROUP_NOT_OWNED */
  check(key: unknown, number: number): void {
    this.next = ++this.checked < CHECKED_AT_FIRST ? number : number + THEN_EVERY;
    this.checkGroup(keyGroupOf(key, this.maxParallelism), key);
  }

  /** @throws Diagnostic KEY_GROUP_NOT_OWNED */
  checkGroup(keyGroup: number, key?: unknown): void {
    if (keyGroup >= this.start && keyGroup <= this.end) return;
    throw new Diagnostic({
      code: "KEY_GROUP_NOT_OWNED",
      phase: "runtime",
      message:
        `The key selector now gives another key for the record than when it was sent here: key group ${keyGroup} is not in KeyGroupRange{startKeyGroup=${this.start}, endKeyGroup=${this.end}}. Unless you're directly using ` +
        "low level state access APIs, this is most likely caused by non-deterministic shuffle key (hashCode and equals implementation).",
      found: key === undefined ? `a key of key group ${keyGroup}` : `key ${shown(key)} of key group ${keyGroup}`,
      expected: `a key of key groups ${this.start} to ${this.end}: the same key that the sender got for this record`,
      hint: "The key selector is asked once where the record comes from and once where it arrives, and must answer the same. Chance, counters and the clock belong into a map before keyBy.",
    });
  }
}

function shown(key: unknown): string {
  return typeof key === "object" ? JSON.stringify(key) : String(key);
}
