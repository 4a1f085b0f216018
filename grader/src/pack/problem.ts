/** A pack and its problems as data, read from their folders with constants filled in. */
import type { Language } from "../judge/report.ts";
import type { Verdict } from "../judge/verdict.ts";
import type { Hint } from "./hints.ts";
import type { DecideYaml } from "./schema/decide.ts";
import type { MeasureYaml } from "./schema/measure.ts";
import type { PackYaml } from "./schema/pack.ts";
import type { ProblemYaml } from "./schema/problem.ts";
import type { ScenarioYaml } from "./schema/scenario.ts";
import type { TuneYaml } from "./schema/tune.ts";
import type { Card, Lesson } from "./study.ts";

export interface Pack {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly licence: string;
  readonly authors: readonly string[];
  readonly engine: string;
  readonly sections: PackYaml["sections"];
  /** Sorted by section, then by folder name. */
  readonly problems: readonly Problem[];
  readonly cards: readonly Card[];
  readonly lessons: readonly Lesson[];
}

export type ProblemKind = ProblemYaml["kind"];

export interface Problem {
  readonly packId: string;
  readonly id: string;
  /** The pack's version. */
  readonly version: string;
  /** Hash over all files of the problem; with it results may be cached. */
  readonly contentHash: string;
  readonly title: string;
  readonly kind: ProblemKind;
  readonly languages: readonly Language[];
  readonly difficulty: number;
  readonly section: number;
  readonly minutes: number;
  readonly topics: readonly string[];
  readonly covers: readonly string[];
  readonly followUps: readonly string[];
  /** The problem that this one becomes when the requirement changes, and the sentence that changes it; null = none. */
  readonly followUp: { readonly problem: string; readonly change: string } | null;
  /** Markdown. */
  readonly statement: string;
  readonly editorial: string | null;
  readonly hints: readonly Hint[];
  readonly starter: Readonly<Partial<Record<Language, string>>>;
  /** What the module of functions beside a SQL script begins with (starter/functions.ts); null = the problem's scripts have none to begin with. */
  readonly starterFunctions: string | null;
  /** given.ts and given.sql. For `trace` and `tune`: the job the question is about. */
  readonly given: Readonly<Partial<Record<Language, string>>>;
  readonly inputs: ProblemYaml["inputs"];
  readonly outputs: readonly OutputSpec[];
  readonly groups: ProblemYaml["groups"];
  readonly limits: ProblemYaml["limits"];
  readonly stateBudget: { readonly peakBytesRatio: number } | null;
  /** 0 = not checked. */
  readonly stabilityWorlds: number;
  readonly measures: readonly MeasureYaml[];
  readonly plan: ProblemYaml["plan"] | null;
  readonly status: ProblemYaml["status"];
  readonly prompt: string;
  /** Kind `decide`: the matrix with its answers. */
  readonly decide: DecideYaml | null;
  /** Kind `tune`: what may be set, and the answer whose run is the one to compare with. */
  readonly tune: (TuneYaml & { readonly reference: string }) | null;
  /** Kind `upgrade`: version 1, shown to the learner and running until the savepoint. */
  readonly predecessor: { readonly language: "datastream" | "sql"; readonly text: string } | null;
  /** Samples first, each sort by file name. */
  readonly scenarios: readonly Scenario[];
  /** TypeScript of the author, run in the sandbox like everybody's. */
  readonly modules: {
    readonly generate: string | null;
    readonly trace: string | null;
    readonly checker: string | null;
    /** Files that author modules may import by name, e.g. "./data.json", with their text. */
    readonly files: Readonly<Record<string, string>>;
  };
  /** Options of problem.yaml for checker.ts. */
  readonly checkerOptions: Readonly<Record<string, unknown>>;
  /** Its outputs are the expected ones. For `trace` and `tune` the job in question; for `decide` nothing that runs. */
  readonly reference: { readonly language: "datastream" | "sql"; readonly text: string; readonly functions?: string | undefined };
  readonly submissions: readonly BundledSubmission[];
}

/** Where an output's rows are. */
export type OutputPlace =
  | { readonly kind: "topic" }
  | { readonly kind: "printed" }
  /** A table, index, stream or bucket of a system. */
  | { readonly kind: "system"; readonly system: string; readonly place: string };

export interface OutputSpec {
  /** Its name: of the topic, unless it is elsewhere. */
  readonly topic: string;
  readonly place: OutputPlace;
  readonly reads: "rows" | "upsert" | "changelog";
  readonly identity: readonly string[];
  readonly columns: readonly OutputColumn[];
  readonly role: "result" | "late";
  readonly order: "none" | "perKey";
  /** null = compared for answers in every language. */
  readonly languages: readonly Language[] | null;
}

/** What the comparison with the reference needs to know of a problem. */
export type JudgedProblem = Pick<Problem, "outputs" | "stateBudget" | "limits">;

/** The problem as answers in one language are judged: without outputs that only others can write. Worlds are made from the whole problem. */
export function judgedIn<P extends Pick<Problem, "outputs">>(problem: P, language: Language): P {
  return { ...problem, outputs: problem.outputs.filter((output) => output.languages?.includes(language) ?? true) };
}

export interface OutputColumn {
  readonly name: string;
  readonly type: "any" | "time" | "number";
  readonly tolerance: number;
}

export interface Scenario extends Omit<ScenarioYaml, "group" | "seeds"> {
  /** File name without ending. */
  readonly name: string;
  readonly file: string;
  readonly group: string;
  readonly seeds: readonly number[];
}

/** An accepted or a wrong submission that the problem proves itself with. */
export interface BundledSubmission {
  /** Path below submissions/. */
  readonly path: string;
  readonly language: Language;
  readonly text: string;
  /** A program that answers a trace question by its own rules. */
  readonly isSolver: boolean;
  /** `<name>.functions.ts` beside `<name>.sql`. */
  readonly functions: string | undefined;
  readonly permitted: readonly Verdict[];
  readonly hint: string | null;
  readonly score: readonly [number, number] | null;
  /** Group → verdicts that its worlds may get. */
  readonly groups: Readonly<Record<string, readonly Verdict[]>>;
  /** Mutants that are right answers too → why. */
  readonly equivalent: Readonly<Record<string, string>>;
}
