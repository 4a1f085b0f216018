/** The checks that Run, Check and Submit share, in the order in which a learner would want to hear of them. */
import type { SubmissionBody } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import { MAX_SUBMISSION_BYTES } from "../limits.ts";
import type { Catalog, CatalogProblem } from "../services/catalog/catalog.ts";

/** The problem, or PROBLEM_UNKNOWN. */
export function findProblem(catalog: Catalog, id: string): CatalogProblem {
  const problem = catalog.find(id);
  if (problem === null) throw new ApiFailure("PROBLEM_UNKNOWN");
  return problem;
}

/** Throws unless `body` may be judged as an answer to `problem`. */
export function acceptText(problem: CatalogProblem, body: SubmissionBody): void {
  if (!problem.languages.includes(body.language)) {
    throw new ApiFailure(
      "LANGUAGE_NOT_OFFERED",
      `This problem is not offered in ${body.language}, only in ${problem.languages.join(" and ")}.`,
    );
  }
  if (body.text.trim() === "") throw new ApiFailure("SUBMISSION_EMPTY");
  if (Buffer.byteLength(body.text) + Buffer.byteLength(body.functions ?? "") > MAX_SUBMISSION_BYTES)
    throw new ApiFailure("SUBMISSION_TOO_LARGE");
}
