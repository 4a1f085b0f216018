/** A pack and its problems as data, read from their folders with constants filled in. */
import type { Language } from "../judge/report.ts";
import type { Verdict } from "../judge/verdict.ts";
import type { Hint } from "./hints.ts";
import type { PackYaml, ProblemYaml, ScenarioYaml } from "./schema.ts";

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
  /** Markdown. */
  readonly statement: string;
  readonly editorial: string | null;
  readonly hints: readonly Hint[];
  readonly starter: Readonly<Partial<Record<Language, string>>>;
  /** What the module of functions beside a SQL script begins with (starter/functions.ts); null = the problem's scripts have none to begin with. */
  readonly starterFunctions: string | null;
  /** given.ts and given.sql. For `trace`: the job the question is about. */
  readonly given: Readonly<Partial<Record<Language, string>>>;
  readonly inputs: ProblemYaml["inputs"];
  readonly outputs: readonly OutputSpec[];
  readonly groups: ProblemYaml["groups"];
  readonly limits: ProblemYaml["limits"];
  readonly stateBudget: { readonly peakBytesRatio: number } | null;
  /** 0 = not checked. */
  readonly stabilityWorlds: number;
  readonly prompt: string;
  /** Samples first, each sort by file name. */
  readonly scenarios: readonly Scenario[];
  /** TypeScript of the author, run in the sandbox like everybody's. */
  readonly modules: {
    readonly generate: string | null;
    readonly trace: string | null;
    /** Files that author modules may import by name, e.g. "./data.json", with their text. */
    readonly files: Readonly<Record<string, string>>;
  };
  /** Its outputs are the expected ones. For `trace` the job in question. */
  readonly reference: { readonly language: "datastream" | "sql"; readonly text: string; readonly functions?: string | undefined };
  readonly submissions: readonly BundledSubmission[];
}

export interface OutputSpec {
  readonly topic: string;
  readonly identity: readonly string[];
  readonly columns: readonly OutputColumn[];
  readonly role: "result" | "late";
  readonly order: "none" | "perKey";
  /** null = compared for answers in every language. */
  readonly languages: readonly Language[] | null;
}

/** The problem as answers in one language are judged: without outputs that only others can write. Worlds are made from the whole problem. */
export function judgedIn(problem: Problem, language: Language): Problem {
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
  /** `<name>.functions.ts` beside `<name>.sql`. */
  readonly functions: string | undefined;
  readonly permitted: readonly Verdict[];
  readonly hint: string | null;
  readonly score: readonly [number, number] | null;
}
