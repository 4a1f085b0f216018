/** Interviews that are over, newest first, with what one has noted about each. They stay in the browser, as interviews do (`decisions/0002`). */
import type { InterviewQuestion } from "./interview.svelte.ts";
import type { InterviewWish } from "./interview-plan.ts";
import type { KeyValueStore } from "./storage.ts";

export interface PastInterview {
  /** Milliseconds since 1970; it is known by it. */
  readonly endedAtMs: number;
  readonly wish: InterviewWish;
  readonly questions: readonly InterviewQuestion[];
  readonly elapsedMs: number;
  readonly notes: string;
}

interface KeptHistory {
  readonly version: 1;
  readonly interviews: readonly PastInterview[];
}

const KEY = "interviews";
/** Older ones are forgotten: a browser keeps only so much. */
export const MOST_INTERVIEWS = 50;
export const MOST_NOTE_CHARS = 4_000;

export class InterviewHistory {
  readonly #store: KeyValueStore;
  #interviews = $state.raw<readonly PastInterview[]>([]);
  #isKept = $state(true);

  constructor(store: KeyValueStore) {
    this.#store = store;
    this.#interviews = read(store);
  }

  get interviews(): readonly PastInterview[] {
    return this.#interviews;
  }

  /** False when the browser did not keep the last change. */
  get isStored(): boolean {
    return this.#isKept;
  }

  find(endedAtMs: number): PastInterview | null {
    return this.#interviews.find((interview) => interview.endedAtMs === endedAtMs) ?? null;
  }

  /** Adds it, or what is known of it now; notes stay. One without a question that was asked is none. */
  put(interview: Omit<PastInterview, "notes">): void {
    if (interview.questions.every(({ askedAtMs }) => askedAtMs === null)) return;
    const notes = this.find(interview.endedAtMs)?.notes ?? "";
    const others = this.#interviews.filter(({ endedAtMs }) => endedAtMs !== interview.endedAtMs);
    this.#keep([{ ...interview, notes }, ...others].sort((a, b) => b.endedAtMs - a.endedAtMs).slice(0, MOST_INTERVIEWS));
  }

  note(endedAtMs: number, notes: string): void {
    this.#keep(this.#interviews.map((each) => (each.endedAtMs === endedAtMs ? { ...each, notes: notes.slice(0, MOST_NOTE_CHARS) } : each)));
  }

  remove(endedAtMs: number): void {
    this.#keep(this.#interviews.filter((each) => each.endedAtMs !== endedAtMs));
  }

  #keep(interviews: readonly PastInterview[]): void {
    this.#interviews = interviews;
    this.#isKept = this.#store.set(KEY, JSON.stringify({ version: 1, interviews } satisfies KeptHistory));
  }
}

function read(store: KeyValueStore): readonly PastInterview[] {
  const text = store.get(KEY);
  if (text === null) return [];
  try {
    const kept = JSON.parse(text) as KeptHistory;
    if (kept.version === 1 && Array.isArray(kept.interviews)) return kept.interviews;
  } catch {
    // Not ours, or cut off: what cannot be read is no history.
  }
  return [];
}
