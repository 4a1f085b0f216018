/** A mock interview under way or just over: its questions, its clock, and what came of each question. All of it is kept in the browser at every step. */
import type { SubmissionSummary } from "@millrace/server/contract";
import type { Api } from "../api/client.ts";
import { type ClockState, counted, startedClock, withRunning } from "./interview-clock.ts";
import type { InterviewWish, PlannedQuestion } from "./interview-plan.ts";
import type { InterviewHistory } from "./interview-history.svelte.ts";
import type { KeyValueStore } from "./storage.ts";

/** What was sent for a question, and what the judge said. */
export interface QuestionOutcome {
  readonly attempts: number;
  readonly isSolved: boolean;
  /** Points of the best attempt; null = none was judged. */
  readonly score: number | null;
  readonly maxScore: number | null;
  /** Of the last attempt. */
  readonly verdict: string | null;
  /** Hints that the verdicts showed, each once: they are bound to misconceptions. */
  readonly misconceptions: readonly Misconception[];
  /** The last attempt that failed in a way that can be looked into on the stage, by its submission; null = there is none. */
  readonly stage: string | null;
  /** Some attempt has no verdict yet, or no explanation that will come. */
  readonly isPending: boolean;
}

export interface Misconception {
  /** null = the verdict is from before titles were kept. */
  readonly title: string | null;
  /** Markdown. */
  readonly text: string;
}

export interface InterviewQuestion extends PlannedQuestion {
  /** Number of the last submission from before the question; null = the server did not say. */
  readonly before: number | null;
  readonly askedAtMs: number | null;
  readonly spentMs: number;
  readonly hintsOpened: number;
  /** null = not asked, or not known yet. */
  readonly outcome: QuestionOutcome | null;
}

interface Kept {
  readonly version: 1;
  readonly wish: InterviewWish;
  readonly questions: readonly InterviewQuestion[];
  readonly at: number;
  readonly clock: ClockState;
  readonly isClockHidden: boolean;
  readonly isOver: boolean;
  /** Absent while it is not over, and of interviews from before it was kept. */
  readonly endedAtMs?: number;
}

const KEY = "interview";
/** Texts written in an interview stand apart, so that no earlier draft is in the way and none is lost. */
const DRAFTS = "interview.work.";
/** Verdicts beyond these say nothing new about what went wrong. */
const MAX_EXPLAINED = 5;

export interface InterviewParts {
  readonly api: Pick<Api, "submissions" | "submission">;
  readonly store: KeyValueStore;
  /** Where it goes when it is over; absent = nowhere. */
  readonly history?: Pick<InterviewHistory, "put">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Interview {
  #kept = $state.raw<Kept | null>(null);
  #isKept = $state(true);
  readonly #parts: InterviewParts;

  constructor(parts: InterviewParts) {
    this.#parts = parts;
    this.#kept = read(parts.store);
    if (this.#kept !== null) this.tick();
  }

  /** null = there is none. */
  get wish(): InterviewWish | null {
    return this.#kept?.wish ?? null;
  }

  get questions(): readonly InterviewQuestion[] {
    return this.#kept?.questions ?? [];
  }

  /** Index of the question that is asked. */
  get at(): number {
    return this.#kept?.at ?? 0;
  }

  get question(): InterviewQuestion | null {
    return this.#kept === null || this.#kept.isOver ? null : (this.#kept.questions[this.#kept.at] ?? null);
  }

  get isOver(): boolean {
    return this.#kept?.isOver ?? false;
  }

  get isPaused(): boolean {
    return this.#kept !== null && !this.#kept.clock.isRunning;
  }

  get isClockHidden(): boolean {
    return this.#kept?.isClockHidden ?? false;
  }

  get elapsedMs(): number {
    return this.#kept?.clock.elapsedMs ?? 0;
  }

  /** Below 0 when the time is over. */
  get leftMs(): number {
    return this.#kept === null ? 0 : this.#kept.wish.minutes * 60_000 - this.#kept.clock.elapsedMs;
  }

  /** False when the browser does not keep it: a reload would lose it. */
  get isStored(): boolean {
    return this.#isKept;
  }

  /** The store that the workspace of a question works with. */
  get drafts(): KeyValueStore {
    const { store } = this.#parts;
    return {
      get: (key) => store.get(DRAFTS + key),
      set: (key, value) => store.set(DRAFTS + key, value),
      remove: (key) => store.remove(DRAFTS + key),
    };
  }

  start(wish: InterviewWish, questions: readonly PlannedQuestion[]): void {
    this.#forgetDrafts(questions);
    const nowMs = this.#parts.now();
    const fresh = { before: null, askedAtMs: null, spentMs: 0, hintsOpened: 0, outcome: null };
    const asked = questions.map((question): InterviewQuestion => ({ ...question, ...fresh }));
    this.#keep({ version: 1, wish, questions: asked, at: 0, clock: startedClock(nowMs), isClockHidden: false, isOver: false });
    void this.#ask();
  }

  /** To be called every second while somebody has it on the screen. */
  tick(): void {
    const kept = this.#kept;
    if (kept === null || kept.isOver) return;
    const clock = counted(kept.clock, this.#parts.now());
    const passedMs = clock.elapsedMs - kept.clock.elapsedMs;
    this.#keep({ ...kept, clock });
    if (passedMs > 0) this.#change(kept.at, ({ spentMs }) => ({ spentMs: spentMs + passedMs }));
  }

  pause(isPaused: boolean): void {
    this.tick();
    const kept = this.#kept;
    if (kept !== null && !kept.isOver) this.#keep({ ...kept, clock: withRunning(kept.clock, !isPaused, this.#parts.now()) });
  }

  hideClock(isClockHidden: boolean): void {
    if (this.#kept !== null) this.#keep({ ...this.#kept, isClockHidden });
  }

  /** The next question; after the last one it is over. */
  async next(): Promise<void> {
    this.tick();
    const kept = this.#kept;
    if (kept === null || kept.isOver) return;
    this.#noteHints();
    if (kept.at + 1 >= kept.questions.length) {
      await this.end();
      return;
    }
    this.#keep({ ...this.#kept!, at: kept.at + 1, clock: withRunning(this.#kept!.clock, true, this.#parts.now()) });
    void this.#ask();
    await this.#collect(kept.at);
  }

  async end(): Promise<void> {
    this.tick();
    if (this.#kept === null) return;
    this.#noteHints();
    this.#keep({ ...this.#kept, isOver: true, endedAtMs: this.#parts.now() });
    this.#remember();
    await this.collect();
  }

  /** It stands among the earlier ones as well, as far as it is known. */
  #remember(): void {
    const kept = this.#kept;
    if (kept === null || !kept.isOver || kept.endedAtMs === undefined) return;
    const { wish, questions, endedAtMs } = kept;
    this.#parts.history?.put({ endedAtMs, wish, questions, elapsedMs: kept.clock.elapsedMs });
  }

  /** When it ended; null = it has not, or that was not kept. */
  get endedAtMs(): number | null {
    return this.#kept?.endedAtMs ?? null;
  }

  /** Gone, with what was written in it; what was submitted stays where all submissions are. */
  discard(): void {
    this.#forgetDrafts(this.questions);
    this.#kept = null;
    this.#parts.store.remove(KEY);
  }

  /** Asks the server what came of all questions that were asked. Rejects when it does not answer; what is known stays. */
  async collect(): Promise<void> {
    for (const [index, { askedAtMs }] of this.questions.entries()) if (askedAtMs !== null) await this.#collect(index);
    this.#remember();
  }

  /** The question stands from now on, and what is submitted from now on counts. */
  async #ask(): Promise<void> {
    const at = this.at;
    const { problem } = this.questions[at];
    this.#change(at, () => ({ askedAtMs: this.#parts.now() }));
    const before = await this.#parts.api.submissions(problem).then(
      (found) => Math.max(0, ...found.map(({ number }) => number)),
      // The server is away: what was sent after the question counts then, by the clocks.
      () => null,
    );
    if (before !== null && this.questions[at]?.problem === problem) this.#change(at, () => ({ before }));
  }

  async #collect(index: number): Promise<void> {
    const question = this.questions[index];
    if (question === undefined) return;
    const { problem, before, askedAtMs } = question;
    const isSince = ({ number, createdAtMs }: SubmissionSummary) => (before === null ? createdAtMs >= (askedAtMs ?? 0) : number > before);
    const sent = (await this.#parts.api.submissions(problem)).filter(isSince).sort((a, b) => a.number - b.number);
    const judged = sent.filter(({ status, verdict }) => status === "judged" && verdict !== "judge-error");
    const wrong = judged.filter(({ verdict }) => verdict !== "accepted").slice(-MAX_EXPLAINED);
    const hints = new Map<string, Misconception>();
    let stage: string | null = null;
    let isExplaining = false;
    for (const { id } of wrong) {
      const { report, explanation } = await this.#parts.api.submission(id);
      if (report?.hint != null) hints.set(report.hint, { title: report.hintTitle ?? null, text: report.hint });
      if (report?.explanation != null) stage = id;
      isExplaining = explanation === "pending";
    }
    const best = judged.reduce<SubmissionSummary | null>((a, b) => (a === null || (b.score ?? 0) > (a.score ?? 0) ? b : a), null);
    const outcome: QuestionOutcome = {
      attempts: sent.length,
      isSolved: judged.some(({ verdict }) => verdict === "accepted"),
      score: best?.score ?? null,
      maxScore: best?.maxScore ?? null,
      verdict: judged.at(-1)?.verdict ?? null,
      misconceptions: [...hints.values()],
      stage,
      isPending: isExplaining || sent.some(({ status }) => status !== "judged"),
    };
    this.#change(index, () => ({ outcome }));
  }

  #noteHints(): void {
    const { question, at } = this;
    if (question !== null) this.#change(at, () => ({ hintsOpened: Number(this.drafts.get(`hints.${question.problem}`) ?? 0) || 0 }));
  }

  #change(index: number, change: (question: InterviewQuestion) => Partial<InterviewQuestion>): void {
    const kept = this.#kept;
    if (kept === null) return;
    const questions = kept.questions.map((question, i) => (i === index ? { ...question, ...change(question) } : question));
    this.#keep({ ...kept, questions });
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    this.#isKept = this.#parts.store.set(KEY, JSON.stringify(kept));
  }

  #forgetDrafts(questions: readonly PlannedQuestion[]): void {
    for (const { problem } of questions) {
      for (const file of ["datastream", "sql", "trace", "decide", "config", "functions"]) this.drafts.remove(`draft.${problem}.${file}`);
      for (const kind of ["hints", "language", "variation"]) this.drafts.remove(`${kind}.${problem}`);
    }
  }
}

/** What was kept of a misconception before was its text alone. */
function asNow(question: InterviewQuestion): InterviewQuestion {
  const { outcome } = question;
  if (outcome === null) return question;
  const misconceptions = (outcome.misconceptions as readonly (Misconception | string)[]).map((each) =>
    typeof each === "string" ? { title: null, text: each } : each,
  );
  return { ...question, outcome: { ...outcome, misconceptions, stage: outcome.stage ?? null } };
}

function read(store: KeyValueStore): Kept | null {
  const text = store.get(KEY);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Kept;
    if (kept.version === 1 && Array.isArray(kept.questions) && kept.questions.length > 0)
      return { ...kept, questions: kept.questions.map(asNow) };
  } catch {
    // Not ours, or cut off: an interview that cannot be read is none.
  }
  store.remove(KEY);
  return null;
}
