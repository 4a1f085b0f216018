/** Whose submissions a user may see who is no administrator, as a condition on `submissions`. */
import { eq } from "../db/drizzle.ts";
import { submissions } from "../db/schema.ts";

export function isVisibleTo(userId: string) {
  return eq(submissions.userId, userId);
}
