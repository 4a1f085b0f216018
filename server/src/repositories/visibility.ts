/** Whose submissions a user may see who is no administrator: their own and those of the learners in the classes that they lead. */
import { sql } from "../db/drizzle.ts";
import { submissions } from "../db/schema.ts";

/** As a condition on `submissions`. */
export function isVisibleTo(userId: string) {
  return sql`(${submissions.userId} = ${userId} OR ${submissions.userId} IN (
    SELECT m.user_id FROM class_members m JOIN classes c ON c.id = m.class_id WHERE c.owner_id = ${userId}))`;
}
