/**
 * The world of a stage as somebody wants it: the list of changes, and the run that belongs to it. Computed a moment after the last change; until the new
 * picture is there the old one stays. No DOM.
 */
import type { ChangedRun, WorldChange } from "@millrace/server/contract";
import { ApiFailure, sentenceOf } from "../api/client.ts";
import { texts } from "../texts/en.ts";
import { movedBy, type RecordRef, sameRef, shiftOf, takenOut, Whereabouts, withoutChange } from "../stage/world-changes.ts";
import { MOST_CHANGES } from "./changes-link.ts";

/** After the last change, so that a key that is held down computes once. */
const SETTLE_MS = 40;
/** A server that asks for a little patience gets it without anybody pressing a button. */
const PATIENT_S = 10;

export interface StageWorldParts {
  /** Runs the world with these changes. */
  readonly run: (changes: readonly WorldChange[], signal: AbortSignal) => Promise<ChangedRun>;
  /** The picture is another one; null = the world as given. */
  readonly shown: (run: ChangedRun | null) => void;
}

export class StageWorld {
  readonly #parts: StageWorldParts;
  #changes = $state.raw<readonly WorldChange[]>([]);
  /** Those that the picture belongs to. */
  #computed = $state.raw<readonly WorldChange[]>([]);
  #result = $state.raw<ChangedRun | null>(null);
  #computing = $state(false);
  #failure = $state<string | null>(null);
  #whereabouts = $derived(new Whereabouts(this.#result === null ? null : this.#result.records));
  readonly #ids = new WeakMap<WorldChange, number>();
  #nextId = 1;
  #before = new Whereabouts(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asked: AbortController | null = null;

  constructor(parts: StageWorldParts) {
    this.#parts = parts;
  }

  get changes(): readonly WorldChange[] {
    return this.#changes;
  }

  /** What came of them; null = the picture is of the world as given. */
  get result(): ChangedRun | null {
    return this.#result;
  }

  /** A change has been made that is not in the picture yet. */
  get computing(): boolean {
    return this.#computing;
  }

  /** Why it is not; null = nothing went wrong. */
  get failure(): string | null {
    return this.#failure;
  }

  get whereabouts(): Whereabouts {
    return this.#whereabouts;
  }

  /** Of the picture before the last one, while `shown` is told. */
  get shownWhereabouts(): Whereabouts {
    return this.#before;
  }

  get isFull(): boolean {
    return this.#changes.length >= MOST_CHANGES;
  }

  /** How much further a record has been moved than the picture shows. */
  pendingMs(ref: RecordRef): number {
    const now = this.#now(ref);
    return now === null ? 0 : shiftOf(this.#changes, now) - shiftOf(this.#computed, ref);
  }

  /** A record that was added is called by its change as the picture has it; the list may have gone on since. null = it is not in there any more. */
  #now(ref: RecordRef): RecordRef | null {
    if (!("added" in ref)) return ref;
    const shown = this.#computed[ref.added];
    if (shown === undefined) return null;
    const added = this.#changes.findIndex((change) => this.#idOf(change) === this.#idOf(shown));
    return added === -1 ? null : { added };
  }

  #idOf(change: WorldChange): number {
    let id = this.#ids.get(change);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ids.set(change, id);
    }
    return id;
  }

  /** Takes them over from an address, and computes at once. */
  async start(changes: readonly WorldChange[]): Promise<void> {
    this.#changes = changes;
    if (changes.length > 0) await this.#compute();
  }

  move(ref: RecordRef, byMs: number): void {
    const now = this.#now(ref);
    if (now === null) return;
    const moved = movedBy(this.#changes, now, Math.round(byMs));
    if ("added" in now) this.#ids.set(moved[now.added], this.#idOf(this.#changes[now.added]));
    this.#set(moved);
  }

  takeOut(ref: RecordRef): void {
    const now = this.#now(ref);
    if (now !== null) this.#set(takenOut(this.#changes, now));
  }

  add(change: Extract<WorldChange, { what: "add" | "kill" }>): void {
    this.#set([...this.#changes, change]);
  }

  /** One of the world's own faults does not strike. */
  spare(fault: number): void {
    if (!this.isSpared(fault)) this.#set([...this.#changes, { what: "spare", fault }]);
  }

  isSpared(fault: number): boolean {
    return this.#changes.some((change) => change.what === "spare" && change.fault === fault);
  }

  undo(index: number): void {
    this.#set(withoutChange(this.#changes, index));
  }

  undoAll(): void {
    this.#set([]);
  }

  /** The read of a run that a record of another one was, by its reference. */
  find<T extends { readonly topic: string; readonly partition: number; readonly offset: number; readonly replay: boolean }>(
    records: readonly T[],
    ref: RecordRef,
  ): T | null {
    return (
      records.find((record) => {
        const own = record.replay ? null : this.#whereabouts.refOf(record);
        return own !== null && sameRef(own, ref);
      }) ?? null
    );
  }

  retry(): void {
    void this.#compute();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#asked?.abort();
    this.#asked = null;
  }

  #set(changes: readonly WorldChange[]): void {
    if (changes === this.#changes) return;
    if (changes.length > MOST_CHANGES) {
      this.#failure = texts.stage.world.full(MOST_CHANGES);
      return;
    }
    this.stop();
    this.#changes = changes;
    this.#failure = null;
    if (changes.length === 0) {
      this.#computing = false;
      this.#show(null);
      return;
    }
    this.#computing = true;
    this.#timer = setTimeout(() => void this.#compute(), SETTLE_MS);
  }

  #show(result: ChangedRun | null): void {
    this.#before = this.#whereabouts;
    this.#computed = this.#changes;
    this.#result = result;
    this.#parts.shown(result);
  }

  async #compute(): Promise<void> {
    this.stop();
    const changes = this.#changes;
    const asked = new AbortController();
    this.#asked = asked;
    this.#computing = true;
    this.#failure = null;
    try {
      const result = await this.#parts.run(changes, asked.signal);
      if (this.#asked !== asked) return;
      // Without a recording there is no other picture: the old one stays, and why is said.
      if (result.recording === null) this.#failure = result.headline;
      else this.#show(result);
    } catch (error) {
      if (this.#asked !== asked) return;
      const waitS = error instanceof ApiFailure && error.away ? error.retryAfterS : null;
      if (waitS !== null && waitS <= PATIENT_S) {
        this.#asked = null;
        this.#timer = setTimeout(() => void this.#compute(), waitS * 1_000);
        return;
      }
      this.#failure = sentenceOf(error);
    }
    this.#asked = null;
    this.#computing = false;
  }
}
