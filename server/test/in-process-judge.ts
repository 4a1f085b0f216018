/**
 * A small judge for tests of the server: a submission is a script of words, done one after the other.
 *   accept | reject      ends with that verdict (reject = wrong-output)
 *   wait:<ms>            takes that long
 *   die                  the judge fails, as when its worker process dies
 *   die-once             fails the first time this text is judged
 *   explain:<ms>         rejects, with an explanation that takes so long after the verdict
 *   die-explaining       rejects, and the judge fails while it explains; explain-once: only the first time this text is judged
 *   reject hinted        rejects, and shows the hint that is bound to the misconception
 *   regrade              accepted at first, rejected ever after, as when the pack has changed
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { DiagnosticData } from "@millrace/engine";
import type { World } from "@millrace/engine/sim";
import type { AnswerForm, Explanation, JudgeProgress, JudgeReport, SampleReport, SampleWorld, WorldChange } from "../src/contract/index.ts";
import { Catalog, type CatalogProblem } from "../src/services/catalog/catalog.ts";
import type {
  BrowserScripts,
  ChangeableWorld,
  ChangedRunAnswer,
  JudgeService,
  JudgeSubmission,
  LocalProgram,
  ProblemVersion,
  RunKit,
  TypeFile,
} from "../src/services/judge/judge-service.ts";

export class InProcessJudge implements JudgeService {
  readonly workers: number;
  readonly isWarm = true;
  /** Texts judged to the end. */
  readonly judged: string[] = [];
  readonly #died = new Set<string>();
  readonly #closed = Promise.withResolvers<never>();

  constructor(workers = 2) {
    this.workers = workers;
    this.#closed.promise.catch(() => {});
  }

  async start(): Promise<void> {}

  async runSamples(_problem: ProblemVersion, { text }: JudgeSubmission): Promise<SampleReport> {
    const verdict = await this.#perform(text);
    return { verdict, headline: verdict, worlds: [], diagnostics: [], ranInMs: 1 };
  }

  async runChanged(
    _problem: ProblemVersion,
    { text }: JudgeSubmission,
    of: ChangeableWorld,
    changes: readonly WorldChange[],
  ): Promise<ChangedRunAnswer> {
    const ended = (await this.#perform(text)) === "accepted" ? null : "runtime-error";
    if (changes.length > 2) return { kind: "refused", change: 2, message: "Two are enough." };
    const headline = "world" in of ? "kept" : `sample ${of.sample}`;
    return { kind: "ran", run: { ended, headline, diagnostics: [], records: [], recording: null, ranInMs: 1 } };
  }

  /** The problem "no-kit" has none. */
  async runKit({ id }: ProblemVersion): Promise<RunKit | null> {
    if (id === "no-kit") return null;
    return { outputs: [], stateBudget: null, limits: { cpuMs: 1_000, memoryMb: 100 }, samples: [] };
  }

  async programOf(_problem: ProblemVersion, { text }: JudgeSubmission): Promise<LocalProgram> {
    if ((await this.#perform(text)) === "accepted")
      return { load: { kind: "load", language: "sql", script: text, given: "", topics: [] }, diagnostics: [] };
    return { load: null, diagnostics: [{ code: "TEST_REJECTED", message: "It does not compile.", phase: "compile" }] };
  }

  async browserScripts(): Promise<BrowserScripts> {
    return { shell: "/* shell */", core: "/* core */", tables: "/* tables */", hash: "0123abcd" };
  }

  async judge(
    _problem: ProblemVersion,
    { text }: JudgeSubmission,
    onProgress: (progress: JudgeProgress) => void,
    { explain }: { readonly explain: boolean },
  ): Promise<JudgeReport> {
    onProgress({ kind: "compiling" });
    onProgress({ kind: "planned", worlds: [{ index: 1, group: "main", title: "A quiet stream" }] });
    const verdict = await this.#perform(text);
    const score = verdict === "accepted" ? 100 : 0;
    const world = { index: 1, group: "main", title: "A quiet stream", visibility: "hidden", seed: 1, verdict, runMs: 1 } as const;
    onProgress({ kind: "world", result: world });
    const passed = score / 100;
    this.judged.push(text);
    let report: JudgeReport = {
      verdict,
      headline: `The script ended with ${verdict}.`,
      score,
      maxScore: 100,
      groups: [{ name: "main", title: "All worlds", score, maxScore: 100, passed, total: 1, waitsFor: [] }],
      worlds: [world],
      difference: null,
      explanation: null,
      measures: [],
      diagnostics: [],
      hint: text.includes("hinted") ? "Key by word." : null,
      engineVersion: "0.0.0",
      packVersion: "1.0.0",
      judgedInMs: 1,
    };
    if (explain && /explain/.test(text)) {
      onProgress({ kind: "judged", report });
      report = { ...report, explanation: await this.#explain(text) };
    }
    onProgress({ kind: "finished", report });
    return report;
  }

  async check(_problem: ProblemVersion, { text }: JudgeSubmission): Promise<readonly DiagnosticData[]> {
    if (!text.includes("?")) return [];
    return [
      { code: "TEST_QUESTION", message: "A question is no answer.", phase: "parse", span: { line: 1, column: text.indexOf("?") + 1 } },
    ];
  }

  async sampleWorlds(): Promise<readonly SampleWorld[]> {
    return [{ name: "sample-1", title: "A quiet stream", faults: [], inputs: [], expected: [] }];
  }

  async answerForm(): Promise<AnswerForm | null> {
    return null;
  }

  async preview(): Promise<{ readonly samples: readonly SampleWorld[]; readonly form: AnswerForm | null }> {
    return { samples: [], form: null };
  }

  publish(): void {}

  forget(): void {}

  async typeFiles(): Promise<readonly TypeFile[]> {
    return [{ path: "flink.d.ts", text: 'declare module "flink";' }];
  }

  async close(): Promise<void> {
    this.#closed.reject(new Error("the judge was closed"));
  }

  async #explain(text: string): Promise<Explanation> {
    const ms = /explain:(\d+)/.exec(text)?.[1];
    if (ms !== undefined) await Promise.race([sleep(Number(ms)), this.#closed.promise]);
    const isFirst = !this.#died.has(text);
    this.#died.add(text);
    if (text.includes("die-explaining") || (text.includes("explain-once") && isFirst)) throw new Error("the worker process died");
    return explanation;
  }

  async #perform(text: string): Promise<"accepted" | "wrong-output"> {
    for (const word of text.split(/\s+/)) {
      const [verb, figure] = word.split(":");
      if (verb === "wait") await Promise.race([sleep(Number(figure)), this.#closed.promise]);
      if (verb === "die" || (verb === "die-once" && !this.#died.has(text))) {
        this.#died.add(text);
        throw new Error("the worker process died");
      }
      if (verb === "reject" || verb?.includes("explain") === true) return "wrong-output";
      if (verb === "regrade") {
        const isFirst = !this.#died.has(text);
        this.#died.add(text);
        return isFirst ? "accepted" : "wrong-output";
      }
    }
    return "accepted";
  }
}

const explanation: Explanation = {
  world: 1,
  anomaly: "lost",
  title: "A record is lost",
  sentence: "It is not there.",
  smallest: {
    startMs: 0,
    streams: [],
    faults: [],
    size: { records: 1, faults: 0 },
    from: { records: 2, faults: 0 },
    runs: 1,
    complete: true,
    eachNeeded: true,
  },
  outputs: [],
  steps: { rows: [], firstDifference: null, before: 0, behind: 0 },
  reference: { events: [], operators: [], truncated: 0 } as unknown as Explanation["reference"],
  submission: { events: [], operators: [], truncated: 0 } as unknown as Explanation["submission"],
  hint: null,
  shown: { world: { seed: 4711 } as unknown as World, upgrade: null },
};

const base: CatalogProblem = {
  id: "word-count",
  title: "Word count",
  kind: "datastream",
  languages: ["datastream", "sql"],
  difficulty: 2,
  minutes: 20,
  section: 1,
  topics: ["windows"],
  covers: ["S2.6"],
  packId: "test",
  version: "1.0.0",
  statementHtml: "<p>Count the words.</p>\n",
  followUps: ["And per minute?"],
  followUp: { problemId: "sql-only", change: "Now in SQL." },
  starter: { datastream: "// here", sql: "-- here" },
  starterFunctions: null,
  given: { datastream: "interface Word {}" },
  jobLanguage: null,
  predecessor: null,
  hintsHtml: ["<p>Key by word.</p>\n"],
  editorialHtml: "<p>Key by word, and count.</p>\n",
  hintTitles: new Map([["Key by word.", "The key"]]),
};

export const testCatalog = new Catalog(
  "Test pack",
  [{ number: 1, title: "Windows", subtitle: "" }],
  [base, { ...base, id: "sql-only", title: "SQL only", kind: "sql", languages: ["sql"], followUp: null }],
  [
    {
      packId: "test",
      version: "1.0.0",
      cards: [
        {
          id: "test.window",
          section: 1,
          frontHtml: "<p>What is a window?</p>\n",
          backHtml: "<p>A span of time.</p>\n",
          problemId: "word-count",
        },
      ],
      lessons: [{ id: "test.windows", title: "Windows", section: 1, minutes: 4, parts: [{ kind: "text", html: "<p>Windows end.</p>\n" }] }],
    },
  ],
);
