/** Submissions by id, for whoever may see them. To everybody else they are as if they had never been. */
import { ApiFailure } from "../errors.ts";
import type { StoredSubmission, SubmissionRepository } from "../repositories/submissions.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";

/** Throws SUBMISSION_UNKNOWN. */
export async function findVisible(submissions: SubmissionRepository, id: string, viewer: Viewer): Promise<StoredSubmission> {
  const submission = await submissions.find(id);
  if (submission === null || (submission.userId !== viewer.id && !hasRole(viewer, "admin"))) throw new ApiFailure("SUBMISSION_UNKNOWN");
  return submission;
}
