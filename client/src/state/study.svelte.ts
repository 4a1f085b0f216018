/** What is to be repeated: cards and solved problems, by the log of reviews. The log is kept in the browser and sent to the server, which has that of other machines. */
import type { LessonSummary, Review, ReviewGrade, StudyCard } from "@millrace/server/contract";
import { type Api, sentenceOf } from "../api/client.ts";
import { after, CARD_DAYS, PROBLEM_DAYS, type Schedule, scheduleOf } from "./repetition.ts";
import type { KeyValueStore } from "./storage.ts";

/** What is asked: a card, or a problem that was solved once. */
export type StudyItem =
  | { readonly kind: "card"; readonly id: string; readonly section: number; readonly card: StudyCard }
  | { readonly kind: "problem"; readonly id: string; readonly section: number; readonly problemId: string; readonly title: string };

export interface SolvedProblem {
  readonly id: string;
  readonly title: string;
  readonly section: number;
}

export interface StudyParts {
  readonly api: Pick<Api, "cards" | "lessons" | "reviews" | "addReviews" | "progress" | "problems">;
  readonly store: KeyValueStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Cards that come up for the first time in a day; more only for those who open a section. */
export const NEW_A_DAY = 10;

const LOG = "reviews";
const UNSENT = "reviews.unsent";
/** The browser keeps the newest; the server has all. */
const MOST_KEPT = 4_000;
/** As many as one request may bring. */
const AT_ONCE = 500;

export class Study {
  #cards = $state.raw<readonly StudyCard[]>([]);
  #lessons = $state.raw<readonly LessonSummary[]>([]);
  #solved = $state.raw<readonly SolvedProblem[]>([]);
  #log = $state.raw<readonly Review[]>([]);
  #error = $state<string | null>(null);
  #isLoaded = $state(false);
  #isStored = $state(true);
  #nowMs = $state(0);
  /** What the server may not have yet; kept in the browser as well. */
  #unsent: readonly Review[] = [];
  #sending: Promise<void> | null = null;
  readonly #parts: StudyParts;

  readonly #reviewsOf: ReadonlyMap<string, readonly Review[]> = $derived(Map.groupBy(this.#log, ({ item }) => item));

  readonly items: readonly StudyItem[] = $derived([
    ...this.#cards.map((card): StudyItem => ({ kind: "card", id: `card:${card.id}`, section: card.section, card })),
    ...this.#solved.map(({ id, title, section }): StudyItem => ({ kind: "problem", id: `problem:${id}`, section, problemId: id, title })),
  ]);

  /** Seen before, and to be repeated now; the longest overdue first. */
  readonly due: readonly StudyItem[] = $derived(
    this.items
      .filter((item) => (this.scheduleOf(item)?.dueAtMs ?? Number.POSITIVE_INFINITY) <= this.#nowMs)
      .sort((a, b) => (this.scheduleOf(a)?.dueAtMs ?? 0) - (this.scheduleOf(b)?.dueAtMs ?? 0)),
  );

  /** Never seen, as many as come today. */
  readonly fresh: readonly StudyItem[] = $derived.by(() => {
    const day = startOfDay(this.#nowMs);
    const today = [...this.#reviewsOf].filter(([item, [first]]) => item.startsWith("card:") && first.atMs >= day).length;
    return this.items.filter((item) => item.kind === "card" && !this.#reviewsOf.has(item.id)).slice(0, Math.max(NEW_A_DAY - today, 0));
  });

  constructor(parts: StudyParts) {
    this.#parts = parts;
    this.#nowMs = parts.now();
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Why the server's part is missing; what this browser has is there all the same. */
  get error(): string | null {
    return this.#error;
  }

  /** False when the browser keeps nothing. */
  get isStored(): boolean {
    return this.#isStored;
  }

  get cards(): readonly StudyCard[] {
    return this.#cards;
  }

  get lessons(): readonly LessonSummary[] {
    return this.#lessons;
  }

  scheduleOf(item: StudyItem): Schedule | null {
    return scheduleOf(this.#reviewsOf.get(item.id) ?? [], daysOf(item));
  }

  /** What this grade would make of it, given now. */
  preview(item: StudyItem, grade: ReviewGrade): Schedule {
    return after(this.scheduleOf(item), grade, this.#parts.now(), daysOf(item));
  }

  /** When the next one is due, after now; null = nothing was ever seen. */
  get nextDueAtMs(): number | null {
    const later = this.items.flatMap((item) => this.scheduleOf(item)?.dueAtMs ?? []).filter((dueAtMs) => dueAtMs > this.#nowMs);
    return later.length === 0 ? null : Math.min(...later);
  }

  /** How many of a section's cards are known: the last answer was a success. */
  known(section: number): { readonly known: number; readonly total: number } {
    const inside = this.items.filter((item) => item.kind === "card" && item.section === section);
    return { known: inside.filter((item) => (this.scheduleOf(item)?.streak ?? 0) > 0).length, total: inside.length };
  }

  dueIn(section: number): number {
    return this.due.filter((item) => item.section === section).length;
  }

  isRead(lesson: string): boolean {
    return this.#reviewsOf.has(`lesson:${lesson}`);
  }

  markRead(lesson: string): void {
    if (!this.isRead(lesson)) this.#add({ item: `lesson:${lesson}`, atMs: this.#parts.now(), grade: 3 });
  }

  grade(item: StudyItem, grade: ReviewGrade): void {
    this.#add({ item: item.id, atMs: this.#parts.now(), grade });
  }

  /** Time has passed: more may be due. */
  look(): void {
    this.#nowMs = this.#parts.now();
  }

  async load(): Promise<void> {
    const { api, store } = this.#parts;
    this.#unsent = merged(this.#unsent, read(store, UNSENT));
    this.#log = merged(this.#log, [...read(store, LOG), ...this.#unsent]);
    this.look();
    try {
      const [cards, lessons, reviews, progress, list] = await Promise.all([
        api.cards(),
        api.lessons(),
        api.reviews(),
        api.progress(),
        api.problems(),
      ]);
      this.#cards = cards;
      this.#lessons = lessons;
      const solvedAt = new Map(
        progress.problems.flatMap(({ problemId, solvedAtMs }) => (solvedAtMs === null ? [] : [[problemId, solvedAtMs]])),
      );
      this.#solved = list.problems.filter(({ id }) => solvedAt.has(id));
      // Solving it was the first review. It follows from the submissions, so that it need not be kept once more.
      const solving = this.#solved.map(({ id }): Review => ({ item: `problem:${id}`, atMs: solvedAt.get(id) ?? 0, grade: 3 }));
      this.#log = merged(this.#log, [...reviews, ...solving]);
      this.#keep();
      this.#error = null;
      this.#sendSoon();
    } catch (error) {
      this.#error = sentenceOf(error);
    } finally {
      this.#isLoaded = true;
      this.look();
    }
  }

  #add(review: Review): void {
    this.#log = merged(this.#log, [review]);
    this.#unsent = [...this.#unsent, review];
    this.#keep();
    this.look();
    this.#sendSoon();
  }

  #keep(): void {
    const { store } = this.#parts;
    this.#isStored = store.set(LOG, JSON.stringify(this.#log.slice(-MOST_KEPT))) && store.set(UNSENT, JSON.stringify(this.#unsent));
  }

  /** What cannot be sent now is sent with the next one. */
  #sendSoon(): void {
    this.#sending ??= this.#send().then(
      () => {
        this.#sending = null;
        // Something may have come while the last request was ending.
        if (this.#unsent.length > 0) this.#sendSoon();
      },
      () => {
        this.#sending = null;
      },
    );
  }

  async #send(): Promise<void> {
    while (this.#unsent.length > 0) {
      const some = this.#unsent.slice(0, AT_ONCE);
      await this.#parts.api.addReviews(some);
      const sent = new Set(some.map(nameOf));
      this.#unsent = this.#unsent.filter((review) => !sent.has(nameOf(review)));
      this.#keep();
    }
  }
}

const daysOf = (item: StudyItem) => (item.kind === "card" ? CARD_DAYS : PROBLEM_DAYS);
const nameOf = ({ item, atMs }: Review) => `${item} ${atMs}`;

/** Each review once, the oldest first. */
function merged(some: readonly Review[], more: readonly Review[]): readonly Review[] {
  const all = new Map([...more, ...some].map((review) => [nameOf(review), review]));
  return [...all.values()].sort((a, b) => a.atMs - b.atMs || (a.item < b.item ? -1 : 1));
}

function read(store: KeyValueStore, key: string): Review[] {
  try {
    const kept: unknown = JSON.parse(store.get(key) ?? "[]");
    return Array.isArray(kept) ? (kept as Review[]) : [];
  } catch {
    // Cut off or not ours: the server has what it was sent.
    return [];
  }
}

/** Of the day at this machine. */
function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
