/**
 * The problems on offer, in the form in which learners may see them. What is not in `CatalogProblem` cannot be reached by a route; what is, but the editorial, may
 * be seen by everybody.
 */
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
  /** Only for who has solved the problem, or has given it up (`routes/editorials.ts`); null = there is none. */
  readonly editorialHtml: string | null;
  /** Titles of hints by what they say (Markdown), as reports have it. */
  readonly hintTitles: ReadonlyMap<string, string>;
}

/** A problem with all of its versions that are known. */
interface Offer {
  /** What who begins now gets. */
  present: CatalogProblem;
  /** Otherwise it is known only to those who ask for it by name, as somebody does who has begun it. */
  isListed: boolean;
  /** In the order in which they were published. */
  readonly versions: Map<string, CatalogProblem>;
}

export class Catalog {
  readonly packTitle: string;
  #sections: readonly SectionSummary[];
  readonly #byId = new Map<string, Offer>();

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
    this.publish([], problems, "listed");
  }

  get sections(): readonly SectionSummary[] {
    return this.#sections;
  }

  /** Those on offer, by section. */
  get problems(): readonly CatalogProblem[] {
    const listed = [...this.#byId.values()].filter(({ isListed }) => isListed).map(({ present }) => present);
    return listed.sort((a, b) => a.section - b.section);
  }

  /** By section. */
  get cards(): readonly StudyCard[] {
    return [...this.#study.values()].flatMap(({ cards }) => cards).sort((a, b) => a.section - b.section);
  }

  /** By section. */
  get lessons(): readonly LessonDetail[] {
    return [...this.#study.values()].flatMap(({ lessons }) => lessons).sort((a, b) => a.section - b.section);
  }

  /** The present version. */
  find(id: string): CatalogProblem | null {
    return this.#byId.get(id)?.present ?? null;
  }

  /** A version that is, or was, on offer. */
  findVersion(id: string, version: string): CatalogProblem | null {
    return this.#byId.get(id)?.versions.get(version) ?? null;
  }

  isListed(id: string): boolean {
    return this.#byId.get(id)?.isListed ?? false;
  }

  /**
   * Adds problems, or versions of problems. `listed`: they are the present versions from now on. `unlisted`: they are known to who has begun them. Sections that
   * are there keep their titles.
   */
  publish(sections: readonly SectionSummary[], problems: readonly CatalogProblem[], how: "listed" | "unlisted"): void {
    const added = sections.filter(({ number }) => !this.#sections.some((section) => section.number === number));
    this.#sections = [...this.#sections, ...added].sort((a, b) => a.number - b.number);
    for (const problem of problems) {
      const offer = this.#byId.get(problem.id) ?? { present: problem, isListed: false, versions: new Map() };
      this.#byId.set(problem.id, offer);
      offer.versions.set(problem.version, problem);
      if (how === "unlisted" && offer.isListed) continue;
      offer.present = problem;
      offer.isListed = how === "listed";
    }
  }

  /** Cards and lessons of a pack, in the place of those of another version. */
  publishStudy(study: CatalogStudy): void {
    this.#study.set(study.packId, study);
  }

  holdsPack(packId: string): boolean {
    return [...this.#byId.values()].some(({ present }) => present.packId === packId);
  }

  /** Takes this version of a pack off the list: its problems, cards and lessons. Who has begun one of them goes on. */
  unlist(packId: string, version: string): void {
    this.#forgetStudy(packId, version);
    for (const offer of this.#byId.values())
      if (offer.present.packId === packId && offer.present.version === version) offer.isListed = false;
  }

  /** Forgets this version of a pack. A problem of which there are older versions is not listed any more, one of which there are none has never been. */
  remove(packId: string, version: string): void {
    this.#forgetStudy(packId, version);
    for (const [id, offer] of this.#byId) {
      if (offer.versions.get(version)?.packId !== packId) continue;
      offer.versions.delete(version);
      if (offer.present.version !== version) continue;
      const before = [...offer.versions.values()].at(-1);
      if (before === undefined) this.#byId.delete(id);
      else Object.assign(offer, { present: before, isListed: false });
    }
  }

  #forgetStudy(packId: string, version: string): void {
    if (this.#study.get(packId)?.version === version) this.#study.delete(packId);
  }
}
