/** What belongs to somebody, for whoever may see it: themselves, who leads a class that they are in, administrators. To everybody else it has never been. */
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import type { StoredSubmission } from "../repositories/submissions.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";

type Reads = Pick<Parts, "submissions" | "classes" | "users">;

async function maySee({ classes }: Pick<Reads, "classes">, userId: string, viewer: Viewer): Promise<boolean> {
  if (userId === viewer.id || hasRole(viewer, "admin")) return true;
  return hasRole(viewer, "instructor") && classes.teaches(viewer.id, userId);
}

/** Throws SUBMISSION_UNKNOWN. */
export async function findVisible(parts: Reads, id: string, viewer: Viewer): Promise<StoredSubmission> {
  const submission = await parts.submissions.find(id);
  if (submission === null || !(await maySee(parts, submission.userId, viewer))) throw new ApiFailure("SUBMISSION_UNKNOWN");
  return submission;
}

/** Whose lists are asked for. @param id absent = one's own. Throws USER_UNKNOWN. */
export async function findVisibleUser(parts: Reads, id: string | undefined, viewer: Viewer): Promise<string> {
  if (id === undefined || id === viewer.id) return viewer.id;
  if ((await parts.users.find(id)) === null || !(await maySee(parts, id, viewer))) throw new ApiFailure("USER_UNKNOWN");
  return id;
}
