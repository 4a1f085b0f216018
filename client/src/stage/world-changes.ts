/**
 * The list of what is different in a world. A record is called by where it lies in the world as given, so that every change can be taken back alone; one
 * that was added is called by its change. Each function gives a new list.
 */
import type { PlacedRecord, WorldChange } from "@millrace/server/contract";
import type { StageRecord } from "./stage-facts.ts";

export type RecordRef = { readonly topic: string; readonly partition: number; readonly offset: number } | { readonly added: number };

type Move = Extract<WorldChange, { what: "move" }>;
export type Added = Extract<WorldChange, { what: "add" }>;

const isOf = (change: WorldChange, ref: RecordRef): boolean =>
  !("added" in ref) &&
  (change.what === "move" || change.what === "remove") &&
  change.topic === ref.topic &&
  change.partition === ref.partition &&
  change.offset === ref.offset;

/** The record arrives later by so much, on top of what it was moved already. A record that is back where it was is not in the list. */
export function movedBy(changes: readonly WorldChange[], ref: RecordRef, byMs: number): readonly WorldChange[] {
  if (byMs === 0) return changes;
  if ("added" in ref) {
    return changes.map((change, i) => (i === ref.added && change.what === "add" ? { ...change, atMs: change.atMs + byMs } : change));
  }
  const { topic, partition, offset } = ref;
  const move: Move = { what: "move", topic, partition, offset, byMs: byMs + shiftOf(changes, ref) };
  const at = changes.findIndex((change) => isOf(change, ref));
  if (move.byMs === 0) return changes.filter((_, i) => i !== at);
  return at === -1 ? [...changes, move] : changes.map((change, i) => (i === at ? move : change));
}

/** The record is not there; an added one has never been. */
export function takenOut(changes: readonly WorldChange[], ref: RecordRef): readonly WorldChange[] {
  if ("added" in ref) return withoutChange(changes, ref.added);
  const { topic, partition, offset } = ref;
  return [...changes.filter((change) => !isOf(change, ref)), { what: "remove", topic, partition, offset }];
}

export function withoutChange(changes: readonly WorldChange[], index: number): readonly WorldChange[] {
  return changes.filter((_, i) => i !== index);
}

/** How much later a record arrives than in the world as given; of an added one, when. */
export function shiftOf(changes: readonly WorldChange[], ref: RecordRef): number {
  if ("added" in ref) {
    const change = changes[ref.added];
    return change?.what === "add" ? change.atMs : 0;
  }
  const move = changes.find((change): change is Move => change.what === "move" && isOf(change, ref));
  return move?.byMs ?? 0;
}

/** Which record of the given world, or which change, stands behind what was read. */
export class Whereabouts {
  readonly #refs = new Map<string, RecordRef>();
  readonly #given: boolean;

  /** @param records null = the world as given: every record lies where it lies. */
  constructor(records: readonly PlacedRecord[] | null) {
    this.#given = records === null;
    for (const { topic, partition, offset, from, change } of records ?? []) {
      const ref = from !== null ? { topic, partition, offset: from } : change === null ? null : { added: change };
      if (ref !== null) this.#refs.set(`${topic}/${partition}/${offset}`, ref);
    }
  }

  /** null = it came from elsewhere: another job wrote it, or there were too many to be told. */
  refOf({ topic, partition, offset }: Pick<StageRecord, "topic" | "partition" | "offset">): RecordRef | null {
    return this.#given ? { topic, partition, offset } : (this.#refs.get(`${topic}/${partition}/${offset}`) ?? null);
  }
}

export function sameRef(a: RecordRef, b: RecordRef): boolean {
  if ("added" in a || "added" in b) return "added" in a && "added" in b && a.added === b.added;
  return a.topic === b.topic && a.partition === b.partition && a.offset === b.offset;
}
