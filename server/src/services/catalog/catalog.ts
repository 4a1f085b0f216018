/** The problems on offer, in the form in which learners may see them. What is not in `CatalogProblem` cannot be reached by a route. */
import type { Language, ProblemKind, SectionSummary } from "../../contract/index.ts";

export interface CatalogProblem {
  readonly id: string;
  readonly title: string;
  readonly kind: ProblemKind;
  readonly languages: readonly Language[];
  readonly difficulty: number;
  readonly minutes: number;
  readonly section: number;
  readonly topics: readonly string[];
  readonly covers: readonly string[];
  readonly packId: string;
  /** Of the pack; stored with each submission. */
  readonly version: string;
  readonly statementHtml: string;
  readonly followUps: readonly string[];
  readonly starter: Readonly<Partial<Record<Language, string>>>;
  readonly starterFunctions: string | null;
  readonly given: Readonly<Partial<Record<Language, string>>>;
  readonly jobLanguage: Language | null;
  readonly predecessor: { readonly language: Language; readonly text: string } | null;
  readonly hintsHtml: readonly string[];
  /** Titles of hints by what they say (Markdown), as reports have it. */
  readonly hintTitles: ReadonlyMap<string, string>;
}

export class Catalog {
  readonly packTitle: string;
  readonly sections: readonly SectionSummary[];
  readonly problems: readonly CatalogProblem[];
  readonly #byId: ReadonlyMap<string, CatalogProblem>;

  constructor(packTitle: string, sections: readonly SectionSummary[], problems: readonly CatalogProblem[]) {
    this.packTitle = packTitle;
    this.sections = sections;
    this.problems = problems;
    this.#byId = new Map(problems.map((problem) => [problem.id, problem]));
  }

  find(id: string): CatalogProblem | null {
    return this.#byId.get(id) ?? null;
  }
}
