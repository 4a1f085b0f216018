/**
 * Which version of a problem somebody is asked, shown and judged by. Who has begun a problem stays with the version begun with, until they choose the present one: a text that
 * was half written when a pack was mended is not to be judged by another task. Begun is what was edited, run or submitted; opening a problem is not, but it is remembered
 * which version was shown, so that beginning is beginning with that one.
 */
import { ApiFailure } from "../../errors.ts";
import type { VersionRepository } from "../../repositories/versions.ts";
import type { Catalog, CatalogProblem } from "./catalog.ts";

export class LearnerVersions {
  readonly #catalog: Catalog;
  readonly #versions: VersionRepository;

  constructor(catalog: Catalog, versions: VersionRepository) {
    this.#catalog = catalog;
    this.#versions = versions;
  }

  /** The version that they are at, or the present one. Throws PROBLEM_UNKNOWN. */
  async of(userId: string, problemId: string): Promise<CatalogProblem> {
    const present = this.#present(problemId);
    const at = await this.#versions.find(userId, present.id);
    // A version that came with the product is gone when the product brings the next.
    return (at === null ? null : this.#catalog.findVersion(present.id, at.version)) ?? present;
  }

  /** The version to show to who opens the problem, and what they could change to. Throws PROBLEM_UNKNOWN. */
  async open(userId: string, problemId: string): Promise<{ readonly problem: CatalogProblem; readonly newerVersion: string | null }> {
    const present = this.#present(problemId);
    const at = await this.#versions.find(userId, present.id);
    const begun = at?.isBegun === true ? this.#catalog.findVersion(present.id, at.version) : null;
    if (begun === null || begun.version === present.version) {
      if (at?.version !== present.version) await this.#versions.seen(userId, present.id, present.version);
      return { problem: present, newerVersion: null };
    }
    return { problem: begun, newerVersion: this.#catalog.isListed(present.id) ? present.version : null };
  }

  /** As `of`; from now on they are at this version. */
  async begin(userId: string, problemId: string): Promise<CatalogProblem> {
    const problem = await this.of(userId, problemId);
    const at = await this.#versions.find(userId, problem.id);
    if (at?.isBegun !== true || at.version !== problem.version) await this.#versions.begun(userId, problem.id, problem.version);
    return problem;
  }

  /** Goes on with the present version, or begins with the one that was shown. Throws PROBLEM_UNKNOWN, and VERSION_GONE for any other. */
  async choose(userId: string, problemId: string, version: string): Promise<void> {
    const present = this.#present(problemId);
    if (version === present.version) return this.#versions.begun(userId, present.id, version);
    if ((await this.begin(userId, present.id)).version !== version) throw new ApiFailure("VERSION_GONE");
  }

  #present(problemId: string): CatalogProblem {
    const present = this.#catalog.find(problemId);
    if (present === null) throw new ApiFailure("PROBLEM_UNKNOWN");
    return present;
  }
}
