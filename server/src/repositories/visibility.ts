/** Whose submissions a user may see who is no administrator: their own and those of the learners in the classes that they lead. */
import { sql } from "../db/drizzle.ts";
import { submissions } from "../db/schema.ts";

/** The ids of the classes that somebody leads, as their owner or beside the owner, as a query in parentheses. */
export function classesLedBy(userId: string) {
  return sql`(SELECT id FROM classes WHERE owner_id = ${userId} UNION SELECT class_id FROM class_instructors WHERE user_id = ${userId})`;
}

/** As a condition on `submissions`. */
export function isVisibleTo(userId: string) {
  return sql`(${submissions.userId} = ${userId} OR ${submissions.userId} IN (
    SELECT user_id FROM class_members WHERE class_id IN ${classesLedBy(userId)}))`;
}
