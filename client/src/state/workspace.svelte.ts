/** One problem being worked on: its text per language, functions beside SQL, the last run, the submission under way, the history. */
import type { DiagnosticData, Language, ProblemDetail, SampleReport, SubmissionBody, SubmissionSummary } from "@millrace/server/contract";
import { type Api, sentenceOf } from "../api/client.ts";
import { adviceOf } from "../api/failure.ts";
import type { OpenProgress } from "../api/progress.ts";
import { texts } from "../texts/en.ts";
import type { DraftApi } from "../api/drafts.ts";
import { DraftSync } from "./draft-sync.svelte.ts";
import { type DraftFile, Drafts } from "./drafts.ts";
import { FormAnswer } from "./form-answer.svelte.ts";
import { Judging } from "./judging.svelte.ts";
import { Outbox } from "./outbox.svelte.ts";
import { rememberRun } from "./recent-run.ts";
import { withStartingFunction } from "./starting-function.ts";
import type { KeyValueStore } from "./storage.ts";

export type RunsTab = "samples" | "submission" | "history";

/** Goes to a place in a file of the editor; without a name in the solution. */
export type Reveal = (file: string | undefined, line: number, column: number) => void;

/** What a workspace asks of the server. */
export type WorkspaceApi = Pick<Api, "run" | "check" | "submit" | "submissions" | "submission" | "form" | "chooseVersion" | "openedHint">;

/** A submission beside the text of the same language as it is now. */
export interface Comparison {
  readonly submission: SubmissionSummary;
  readonly files: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

export interface WorkspaceParts {
  readonly api: WorkspaceApi;
  /** What opens the editorial; absent = it is not offered here. */
  readonly editorials?: Pick<Api, "editorial" | "surrender">;
  readonly openProgress: OpenProgress;
  readonly store: KeyValueStore;
  /** Keeps the texts on the server as well; absent = they stay in the store. */
  readonly draftApi?: DraftApi;
  /** Told once, when a run is likely to be asked for soon. */
  readonly prepareRun?: () => void;
  /** Whether its runs can be opened on the stage, which knows the drafts of the browser's own store only. Default true. */
  readonly hasStage?: boolean;
}

/** Virtual file names of the two languages and of trace answers. */
export const FILES: Readonly<Record<Language, { readonly solution: string; readonly given: string }>> = {
  datastream: { solution: "solution.ts", given: "given.ts" },
  sql: { solution: "solution.sql", given: "given.sql" },
  trace: { solution: "answer.yaml", given: "job.ts" },
  decide: { solution: "answer.yaml", given: "" },
  config: { solution: "answer.yaml", given: "job.ts" },
};

/** The module beside a SQL script, under the name by which diagnostics call it. */
export const FUNCTIONS_FILE = "functions.ts";

export class Workspace {
  readonly problem: ProblemDetail;
  readonly outbox: Outbox;
  /** null = the texts stay in the browser. */
  readonly sync: DraftSync | null;
  /** Whether runs can be opened on the stage. */
  readonly hasStage: boolean;
  /** null = the answer is a program. */
  #form = $state.raw<FormAnswer | null>(null);
  #language = $state<Language>("datastream");
  #text = $state("");
  /** "" = the script has no functions of its own. */
  #functions = $state("");
  #savedAtMs = $state<number | null>(null);
  #draftLost = $state(false);
  #running = $state(false);
  #prepared = false;
  #run = $state.raw<SampleReport | null>(null);
  #ran = $state.raw<SubmissionBody | null>(null);
  #runError = $state<string | null>(null);
  #selectedWorld = $state(0);
  #tab = $state<RunsTab>("samples");
  #judging = $state.raw<Judging | null>(null);
  #history = $state.raw<readonly SubmissionSummary[] | null>(null);
  #historyError = $state<string | null>(null);
  #comparison = $state.raw<Comparison | null>(null);
  #hintsShown = $state(0);
  #variationError = $state<string | null>(null);
  /** Mistakes the server found, shown at their lines until the text changes. */
  #serverDiagnostics = $state.raw<readonly DiagnosticData[]>([]);
  #begun = false;
  readonly #parts: WorkspaceParts;
  readonly #drafts: Drafts;

  constructor(problem: ProblemDetail, parts: WorkspaceParts) {
    this.problem = problem;
    this.#parts = parts;
    this.hasStage = parts.hasStage ?? true;
    this.#drafts = new Drafts(parts.store);
    this.#hintsShown = Math.min(Number(parts.store.get(`hints.${problem.id}`) ?? 0) || 0, problem.hintsHtml.length);
    const kept = parts.store.get(`language.${problem.id}`);
    this.#language = problem.languages.find((l) => l === kept) ?? problem.languages[0] ?? "datastream";
    this.#text = this.#textFor(this.#language);
    this.#functions = this.#drafts.read(problem.id, "functions") ?? problem.starterFunctions ?? "";
    this.#form = problem.form === null ? null : new FormAnswer(problem.form, this.#text);
    if (!this.canRun) this.#tab = "submission";
    const variation = Number(parts.store.get(`variation.${problem.id}`) ?? 0) || 0;
    if (this.variation !== null && variation !== 0) void this.#resume(variation);
    this.outbox = new Outbox(parts.api, (submission) => this.#follow(submission));
    this.sync = this.#synced();
  }

  /** What is filled in; null = the answer is a program. */
  get form(): FormAnswer | null {
    return this.#form;
  }

  /** Settings run the job that they are for; other forms are judged as they are. */
  get canRun(): boolean {
    return this.#form === null || this.#language === "config";
  }

  /** Of a trace question that is asked with other figures each time. */
  get variation(): { readonly number: number; readonly of: number } | null {
    const { variation, variations } = this.#form?.form ?? { variation: 0, variations: 1 };
    return variations > 1 ? { number: variation, of: variations } : null;
  }

  get language(): Language {
    return this.#language;
  }

  get text(): string {
    return this.#text;
  }

  /** The module of functions beside the script; null = the language has none. */
  get functions(): string | null {
    return this.#language === "sql" ? this.#functions : null;
  }

  /** What Run, Check and Submit are asked about. */
  get answer(): SubmissionBody {
    const functions = this.functions;
    return {
      language: this.#language,
      text: this.#text,
      ...(functions === null || functions.trim() === "" ? {} : { functions }),
      ...(this.variation === null ? {} : { variation: this.variation.number }),
    };
  }

  /** When the draft was last kept; null = nothing changed yet. */
  get savedAtMs(): number | null {
    return this.#savedAtMs;
  }

  /** True when the browser refuses to keep drafts. */
  get draftLost(): boolean {
    return this.#draftLost;
  }

  get running(): boolean {
    return this.#running;
  }

  get run(): SampleReport | null {
    return this.#run;
  }

  /** The text is no longer the one that ran. */
  get runIsStale(): boolean {
    return this.#run !== null && (this.#ran?.text !== this.#text || this.#ran.functions !== this.answer.functions);
  }

  get runError(): string | null {
    return this.#runError;
  }

  get selectedWorld(): number {
    return this.#selectedWorld;
  }

  set selectedWorld(index: number) {
    this.#selectedWorld = index;
  }

  get tab(): RunsTab {
    return this.#tab;
  }

  set tab(tab: RunsTab) {
    this.#tab = tab;
    if (tab === "history") void this.loadHistory();
  }

  get judging(): Judging | null {
    return this.#judging;
  }

  get history(): readonly SubmissionSummary[] | null {
    return this.#history;
  }

  get historyError(): string | null {
    return this.#historyError;
  }

  get hintsShown(): number {
    return this.#hintsShown;
  }

  get serverDiagnostics(): readonly DiagnosticData[] {
    return this.#serverDiagnostics;
  }

  get given(): string | null {
    return this.problem.given[this.#language] ?? null;
  }

  showNextHint(): void {
    this.#hintsShown = Math.min(this.#hintsShown + 1, this.problem.hintsHtml.length);
    this.#parts.store.set(`hints.${this.problem.id}`, String(this.#hintsShown));
    // Remembered here in any case; that the server knows is for who goes on at another machine.
    this.#parts.api.openedHint(this.problem.id, this.#hintsShown).catch(() => undefined);
  }

  chooseLanguage(language: Language): void {
    if (language === this.#language || !this.problem.languages.includes(language)) return;
    this.#language = language;
    this.#parts.store.set(`language.${this.problem.id}`, language);
    this.#text = this.#textFor(language);
    this.#serverDiagnostics = [];
    this.#run = null;
    this.#runError = null;
  }

  /** Somebody types, or is about to press Run. */
  prepareRun(): void {
    if (this.#prepared || !this.canRun) return;
    this.#prepared = true;
    this.#parts.prepareRun?.();
  }

  /** The learner typed (or something was put into the editor for them). */
  edit(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#serverDiagnostics = [];
    this.#keep(this.#language, text);
  }

  /** The same for the module of functions. */
  editFunctions(text: string): void {
    if (text === this.#functions) return;
    this.#functions = text;
    this.#serverDiagnostics = [];
    this.#keep("functions", text);
  }

  /** Begins a function: a class in the module, and the statement for it in the script. */
  startFunction(): void {
    const { script, functions } = withStartingFunction(this.#text, this.problem.starterFunctions);
    this.edit(script);
    this.editFunctions(functions);
  }

  /** Like `edit`, from outside the editor: the answer table follows too. */
  replaceText(text: string): void {
    this.edit(text);
    this.#form?.load(text);
  }

  #synced(): DraftSync | null {
    const { draftApi: api, store } = this.#parts;
    // Answers to a variation belong to its figures, which the next machine need not ask about.
    if (api === undefined || this.variation !== null) return null;
    const { id: problem, languages } = this.problem;
    const files: readonly DraftFile[] = languages.includes("sql") ? [...languages, "functions"] : languages;
    return new DraftSync({ api, store, problem, files, adopted: (file, text, savedAtMs) => this.#adopt(file, text, savedAtMs) });
  }

  /** A text that was written at another machine. */
  #adopt(file: DraftFile, text: string, savedAtMs: number): void {
    this.#drafts.write(this.problem.id, file, text);
    if (file === "functions") this.#functions = text;
    else {
      // Who has never chosen a language here goes on in the one they were at.
      const isUndecided = this.#parts.store.get(`language.${this.problem.id}`) === null;
      if (file !== this.#language && isUndecided && this.#drafts.read(this.problem.id, this.#language) === null) this.chooseLanguage(file);
      if (file !== this.#language) return;
      this.#text = text;
      this.#form?.load(text);
    }
    this.#serverDiagnostics = [];
    this.#savedAtMs = savedAtMs;
  }

  #keep(file: DraftFile, text: string): void {
    this.#begin();
    this.#draftLost = !this.#drafts.write(this.problem.id, file, text);
    if (!this.#draftLost) this.#savedAtMs = Date.now();
    this.sync?.changed(file);
  }

  /** Says, once, that the problem is begun in this version: it stays the learner's when a newer one is published. Run and Submit say so as well. */
  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    // What comes of it is seen the next time the problem is opened.
    this.#parts.api.chooseVersion(this.problem.id, this.problem.version).catch(() => {});
  }

  /** Changes to the newer version, which is then to be loaded; the text stays. Throws ApiFailure. */
  async takeNewer(): Promise<void> {
    if (this.problem.newerVersion !== null) await this.#parts.api.chooseVersion(this.problem.id, this.problem.newerVersion);
  }

  resetFunctions(): void {
    this.editFunctions(this.problem.starterFunctions ?? "");
    this.#drafts.remove(this.problem.id, "functions");
    this.sync?.removed("functions");
    this.#savedAtMs = null;
  }

  reset(): void {
    this.replaceText(this.problem.starter[this.#language] ?? "");
    this.#drafts.remove(this.problem.id, this.#language);
    this.sync?.removed(this.#language);
    this.#savedAtMs = null;
  }

  async runSamples(): Promise<void> {
    if (this.#running || !this.canRun) return;
    this.#running = true;
    this.#tab = "samples";
    this.#runError = null;
    const answer = this.answer;
    try {
      const report = await this.#parts.api.run(this.problem.id, answer);
      this.#run = report;
      this.#ran = answer;
      rememberRun(this.problem.id, answer, report);
      this.#serverDiagnostics = report.diagnostics;
      const firstBad = report.worlds.findIndex((w) => w.verdict !== "accepted");
      if (this.#selectedWorld >= report.worlds.length || firstBad >= 0) this.#selectedWorld = Math.max(firstBad, 0);
    } catch (error) {
      this.#runError = adviceOf(error);
    } finally {
      this.#running = false;
    }
  }

  async submit(): Promise<void> {
    this.#tab = "submission";
    await this.outbox.send({ problem: this.problem.id, answer: this.answer });
  }

  async loadHistory(): Promise<void> {
    try {
      this.#history = await this.#parts.api.submissions(this.problem.id);
      this.#historyError = null;
    } catch (error) {
      this.#historyError = `${texts.history.failed} ${sentenceOf(error)}`;
    }
  }

  /** The question with other figures; what was filled in belongs to the old ones. */
  async vary(variation: number): Promise<void> {
    try {
      const form = await this.#parts.api.form(this.problem.id, variation);
      this.#parts.store.set(`variation.${this.problem.id}`, String(form.variation));
      this.#form = new FormAnswer(form, "");
      this.edit(this.#form.text);
      this.#variationError = null;
    } catch (error) {
      this.#variationError = sentenceOf(error);
    }
  }

  /** Why there is no other variation. */
  get variationError(): string | null {
    return this.#variationError;
  }

  /** What opens the editorial; null = it is not offered. */
  get editorials(): NonNullable<WorkspaceParts["editorials"]> | null {
    return this.problem.hasEditorial ? (this.#parts.editorials ?? null) : null;
  }

  get comparison(): Comparison | null {
    return this.#comparison;
  }

  /** Puts a submission beside the text; the same one again takes it away. */
  async compare(submission: SubmissionSummary): Promise<void> {
    if (this.#comparison?.submission.id === submission.id) {
      this.#comparison = null;
      return;
    }
    try {
      const { language, text, functions } = await this.#parts.api.submission(submission.id);
      const { solution } = FILES[language];
      const files = [{ name: solution, before: text, after: language === this.#language ? this.#text : this.#textFor(language) }];
      if (language === "sql" && ((functions ?? "") !== "" || this.#functions !== ""))
        files.push({ name: FUNCTIONS_FILE, before: functions ?? "", after: this.#functions });
      this.#comparison = { submission, files };
      this.#historyError = null;
    } catch (error) {
      this.#historyError = sentenceOf(error);
    }
  }

  async restore(submission: SubmissionSummary): Promise<void> {
    try {
      const detail = await this.#parts.api.submission(submission.id);
      this.chooseLanguage(detail.language);
      if (this.variation !== null && this.variation.number !== detail.variation) await this.vary(detail.variation);
      this.replaceText(detail.text);
      if (detail.language === "sql") this.editFunctions(detail.functions ?? "");
    } catch (error) {
      this.#historyError = sentenceOf(error);
    }
  }

  /** Diagnostics of the text as it is now, without running it; the server is asked. Empty when it does not answer. */
  async check(signal: AbortSignal): Promise<readonly DiagnosticData[]> {
    try {
      return (await this.#parts.api.check(this.problem.id, this.answer, signal)).diagnostics;
    } catch {
      // Live diagnostics are a courtesy: Run and Submit tell about a server that is away.
      return [];
    }
  }

  leave(): void {
    this.sync?.leave();
    this.#judging?.stop();
    this.outbox.cancel();
  }

  #follow(submission: SubmissionSummary): void {
    this.#judging?.stop();
    const judging = new Judging(submission);
    this.#judging = judging;
    judging.follow(this.#parts.openProgress, this.#parts.api, (report) => {
      this.#serverDiagnostics = report.diagnostics;
      this.#form?.markFrom(report);
      void this.loadHistory();
    });
  }

  /** Back to the variation that was left, with its draft. */
  async #resume(variation: number): Promise<void> {
    const text = this.#text;
    try {
      this.#form = new FormAnswer(await this.#parts.api.form(this.problem.id, variation), text);
    } catch (error) {
      this.#variationError = sentenceOf(error);
    }
  }

  #textFor(language: Language): string {
    return this.#drafts.read(this.problem.id, language) ?? this.problem.starter[language] ?? "";
  }
}
