/** `ClassRepository` on SQLite through Drizzle. */
import { randomUUID } from "node:crypto";
import type { Assignment, AssignmentBody, ClassInstructor, ClassMember } from "../contract/index.ts";
import { users } from "../db/account-tables.ts";
import { assignments, classes, classInstructors, classMembers } from "../db/class-tables.ts";
import { and, asc, type BetterSQLite3Database, desc, eq, inArray, sql } from "../db/drizzle.ts";
import { submissions } from "../db/schema.ts";
import { classesLedBy } from "./visibility.ts";
import type { ClassRepository, CountedSubmission, NewClass, StoredClass } from "./classes.ts";

const IMMEDIATE = { behavior: "immediate" } as const;

const classColumns = {
  id: classes.id,
  name: classes.name,
  ownerId: classes.ownerId,
  ownerName: users.name,
  code: classes.code,
  members: sql<number>`(SELECT count(*) FROM class_members WHERE class_id = ${classes.id})`,
  createdAtMs: classes.createdAtMs,
};

const assignmentColumns = {
  id: assignments.id,
  title: assignments.title,
  problemIds: assignments.problemIds,
  dueAtMs: assignments.dueAtMs,
  createdAtMs: assignments.createdAtMs,
};

const inClass = (classId: string, id: string) => and(eq(assignments.classId, classId), eq(assignments.id, id));
const instructorOf = (classId: string, userId: string) => and(eq(classInstructors.classId, classId), eq(classInstructors.userId, userId));
const memberOf = (classId: string, userId: string) => and(eq(classMembers.classId, classId), eq(classMembers.userId, userId));

type Reader = Pick<BetterSQLite3Database, "select">;

export class DrizzleClasses implements ClassRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async add(added: NewClass): Promise<StoredClass> {
    const id = randomUUID();
    this.#db
      .insert(classes)
      .values({ id, ...added })
      .run();
    return find(this.#db, id)!;
  }

  async find(id: string): Promise<StoredClass | null> {
    return find(this.#db, id);
  }

  async list(userId: string | null): Promise<readonly StoredClass[]> {
    const theirs = sql`${classes.ownerId} = ${userId}
      OR ${classes.id} IN (SELECT class_id FROM class_instructors WHERE user_id = ${userId})
      OR ${classes.id} IN (SELECT class_id FROM class_members WHERE user_id = ${userId})`;
    return this.#db
      .select(classColumns)
      .from(classes)
      .innerJoin(users, eq(users.id, classes.ownerId))
      .where(userId === null ? undefined : theirs)
      .orderBy(desc(classes.createdAtMs), asc(classes.id))
      .all();
  }

  async rename(id: string, name: string): Promise<void> {
    this.#db.update(classes).set({ name }).where(eq(classes.id, id)).run();
  }

  async setCode(id: string, code: string | null): Promise<void> {
    this.#db.update(classes).set({ code }).where(eq(classes.id, id)).run();
  }

  async remove(id: string): Promise<void> {
    this.#db.delete(classes).where(eq(classes.id, id)).run();
  }

  async join(
    code: string,
    { userId, joinedAtMs, maxMembers }: { readonly userId: string; readonly joinedAtMs: number; readonly maxMembers: number },
  ): Promise<StoredClass | "full" | null> {
    return this.#db.transaction((tx) => {
      const found = tx.select({ id: classes.id }).from(classes).where(eq(classes.code, code)).get();
      const joined = found === undefined ? null : find(tx, found.id);
      if (joined === null) return null;
      if (tx.select({ userId: classMembers.userId }).from(classMembers).where(memberOf(joined.id, userId)).get() !== undefined)
        return joined;
      if (joined.members >= maxMembers) return "full";
      tx.insert(classMembers).values({ classId: joined.id, userId, joinedAtMs }).run();
      return { ...joined, members: joined.members + 1 };
    }, IMMEDIATE);
  }

  async isMember(id: string, userId: string): Promise<boolean> {
    return this.#db.select({ userId: classMembers.userId }).from(classMembers).where(memberOf(id, userId)).get() !== undefined;
  }

  async members(id: string): Promise<readonly ClassMember[]> {
    return this.#db
      .select({ id: users.id, name: users.name, joinedAtMs: classMembers.joinedAtMs })
      .from(classMembers)
      .innerJoin(users, eq(users.id, classMembers.userId))
      .where(eq(classMembers.classId, id))
      .orderBy(asc(users.nameKey))
      .all();
  }

  async removeMember(id: string, userId: string): Promise<boolean> {
    return this.#db.delete(classMembers).where(memberOf(id, userId)).run().changes === 1;
  }

  async teaches(leaderId: string, learnerId: string): Promise<boolean> {
    const led = and(eq(classMembers.userId, learnerId), inArray(classMembers.classId, classesLedBy(leaderId)));
    return this.#db.select({ id: classMembers.classId }).from(classMembers).where(led).limit(1).get() !== undefined;
  }

  async instructors(id: string): Promise<readonly ClassInstructor[]> {
    return this.#db
      .select({ id: users.id, name: users.name })
      .from(classInstructors)
      .innerJoin(users, eq(users.id, classInstructors.userId))
      .where(eq(classInstructors.classId, id))
      .orderBy(asc(users.nameKey))
      .all();
  }

  async isInstructor(id: string, userId: string): Promise<boolean> {
    const place = instructorOf(id, userId);
    return this.#db.select({ userId: classInstructors.userId }).from(classInstructors).where(place).get() !== undefined;
  }

  async addInstructor(id: string, userId: string, addedAtMs: number): Promise<void> {
    this.#db.insert(classInstructors).values({ classId: id, userId, addedAtMs }).onConflictDoNothing().run();
  }

  async removeInstructor(id: string, userId: string): Promise<boolean> {
    return this.#db.delete(classInstructors).where(instructorOf(id, userId)).run().changes === 1;
  }

  async assignsAny(problemIds: readonly string[]): Promise<boolean> {
    const named = sql`EXISTS (SELECT 1 FROM json_each(${assignments.problemIds}) WHERE value IN (SELECT value FROM json_each(${JSON.stringify(problemIds)})))`;
    return this.#db.select({ id: assignments.id }).from(assignments).where(named).limit(1).get() !== undefined;
  }

  async assignments(classId: string): Promise<readonly Assignment[]> {
    return this.#db
      .select(assignmentColumns)
      .from(assignments)
      .where(eq(assignments.classId, classId))
      .orderBy(sql`${assignments.dueAtMs} IS NULL`, asc(assignments.dueAtMs), asc(assignments.createdAtMs), asc(sql`rowid`))
      .all();
  }

  async addAssignment(classId: string, assignment: AssignmentBody, createdAtMs: number): Promise<Assignment> {
    const row = { id: randomUUID(), ...assignment, createdAtMs };
    this.#db
      .insert(assignments)
      .values({ classId, ...row })
      .run();
    return row;
  }

  async changeAssignment(classId: string, id: string, assignment: AssignmentBody): Promise<Assignment | null> {
    const [changed] = this.#db.update(assignments).set(assignment).where(inClass(classId, id)).returning(assignmentColumns).all();
    return changed ?? null;
  }

  async removeAssignment(classId: string, id: string): Promise<boolean> {
    return this.#db.delete(assignments).where(inClass(classId, id)).run().changes === 1;
  }

  async submissions(classId: string, problemIds: readonly string[]): Promise<readonly CountedSubmission[]> {
    const members = sql`(SELECT user_id FROM class_members WHERE class_id = ${classId})`;
    const rows = this.#db
      .select({
        userId: submissions.userId,
        problemId: submissions.problemId,
        verdict: submissions.verdict,
        score: submissions.score,
        createdAtMs: submissions.createdAtMs,
        hint: submissions.hint,
      })
      .from(submissions)
      .where(
        and(
          sql`${submissions.userId} IN ${members}`,
          inArray(submissions.problemId, [...problemIds]),
          // The + keeps SQLite from searching all that was ever judged: the learners are few, and their index covers everything here.
          sql`+${submissions.status} = 'judged'`,
          sql`${submissions.verdict} <> 'judge-error'`,
        ),
      )
      .orderBy(asc(submissions.userId), asc(submissions.problemId), asc(submissions.number))
      .all();
    return rows.map(({ verdict, score, ...row }) => ({ ...row, verdict: verdict ?? "", score: score ?? 0 }));
  }
}

function find(db: Reader, id: string): StoredClass | null {
  return db.select(classColumns).from(classes).innerJoin(users, eq(users.id, classes.ownerId)).where(eq(classes.id, id)).get() ?? null;
}
