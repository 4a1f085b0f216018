/** The problems on offer, in the form in which learners may see them. What is not in `CatalogProblem` cannot be reached by a route. */
import type { Language, LessonDetail, ProblemKind, ProblemSummary, SectionSummary, StudyCard } from "../../contract/index.ts";
import type { CatalogStudy } from "./study.ts";

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
  readonly followUp: ProblemSummary["followUp"];
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
  #sections: readonly SectionSummary[];
  readonly #byId: Map<string, CatalogProblem>;
  /** Known to those who ask for them by name, as somebody does who has begun one; not listed. */
  readonly #unlisted = new Set<string>();

  /** Of each pack that has some. */
  readonly #study = new Map<string, CatalogStudy>();

  constructor(
    packTitle: string,
    sections: readonly SectionSummary[],
    problems: readonly CatalogProblem[],
    study: readonly CatalogStudy[] = [],
  ) {
    this.packTitle = packTitle;
    for (const ofPack of study) this.#study.set(ofPack.packId, ofPack);
    this.#sections = sections;
    this.#byId = new Map(problems.map((problem) => [problem.id, problem]));
  }

  get sections(): readonly SectionSummary[] {
    return this.#sections;
  }

  /** Those on offer, by section. */
  get problems(): readonly CatalogProblem[] {
    return [...this.#byId.values()].filter(({ id }) => !this.#unlisted.has(id)).sort((a, b) => a.section - b.section);
  }

  /** By section. */
  get cards(): readonly StudyCard[] {
    return [...this.#study.values()].flatMap(({ cards }) => cards).sort((a, b) => a.section - b.section);
  }

  /** By section. */
  get lessons(): readonly LessonDetail[] {
    return [...this.#study.values()].flatMap(({ lessons }) => lessons).sort((a, b) => a.section - b.section);
  }

  find(id: string): CatalogProblem | null {
    return this.#byId.get(id) ?? null;
  }

  /** Adds problems, or puts them in the place of those of the same ids. Sections that are there keep their titles. */
  publish(sections: readonly SectionSummary[], problems: readonly CatalogProblem[], how: "listed" | "unlisted"): void {
    const added = sections.filter(({ number }) => !this.#sections.some((section) => section.number === number));
    this.#sections = [...this.#sections, ...added].sort((a, b) => a.number - b.number);
    for (const problem of problems) {
      this.#byId.set(problem.id, problem);
      if (how === "listed") this.#unlisted.delete(problem.id);
      else this.#unlisted.add(problem.id);
    }
  }

  /** Cards and lessons of a pack, in the place of those of another version. */
  publishStudy(study: CatalogStudy): void {
    this.#study.set(study.packId, study);
  }

  holdsPack(packId: string): boolean {
    return [...this.#byId.values()].some((problem) => problem.packId === packId);
  }

  /** Takes this version of a pack off the list: its problems, cards and lessons. */
  unlist(packId: string, version: string): void {
    if (this.#study.get(packId)?.version === version) this.#study.delete(packId);
    for (const problem of this.#byId.values()) if (problem.packId === packId && problem.version === version) this.#unlisted.add(problem.id);
  }
}
