/** Classes with their learners and assignments. Who may do what is decided before; `viewerId` only says whose view it is. */
import type { Assignment, AssignmentBody, ClassInstructor, ClassMember } from "../contract/index.ts";

export interface StoredClass {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly ownerName: string;
  /** null = nobody may join. */
  readonly code: string | null;
  readonly members: number;
  readonly createdAtMs: number;
}

export interface NewClass {
  readonly name: string;
  readonly ownerId: string;
  readonly code: string;
  readonly createdAtMs: number;
}

/** A judged submission, as results count it. */
export interface CountedSubmission {
  readonly userId: string;
  readonly problemId: string;
  readonly verdict: string;
  readonly score: number;
  readonly createdAtMs: number;
  /** The hint that its report shows, Markdown; null = none. */
  readonly hint: string | null;
}

export interface ClassRepository {
  add(added: NewClass): Promise<StoredClass>;
  find(id: string): Promise<StoredClass | null>;
  /** Those that the user leads or learns in, the newest first; null = all there are. */
  list(userId: string | null): Promise<readonly StoredClass[]>;
  rename(id: string, name: string): Promise<void>;
  /** @param code null = nobody may join any more. */
  setCode(id: string, code: string | null): Promise<void>;
  remove(id: string): Promise<void>;

  /** The class of that code, which the user is in from now on (or was already); null = there is none, `full` = `maxMembers` are in it. */
  join(
    code: string,
    member: { readonly userId: string; readonly joinedAtMs: number; readonly maxMembers: number },
  ): Promise<StoredClass | "full" | null>;
  isMember(id: string, userId: string): Promise<boolean>;
  /** Who leads the class beside its owner, by name. */
  instructors(id: string): Promise<readonly ClassInstructor[]>;
  isInstructor(id: string, userId: string): Promise<boolean>;
  /** Twice is as once. */
  addInstructor(id: string, userId: string, addedAtMs: number): Promise<void>;
  removeInstructor(id: string, userId: string): Promise<boolean>;
  /** By name. */
  members(id: string): Promise<readonly ClassMember[]>;
  removeMember(id: string, userId: string): Promise<boolean>;
  /** Whether the learner is in a class that the other user leads, as owner or beside the owner. */
  teaches(leaderId: string, learnerId: string): Promise<boolean>;

  /** Whether any class has one of these problems assigned. */
  assignsAny(problemIds: readonly string[]): Promise<boolean>;
  assignments(classId: string): Promise<readonly Assignment[]>;
  addAssignment(classId: string, assignment: AssignmentBody, createdAtMs: number): Promise<Assignment>;
  changeAssignment(classId: string, id: string, assignment: AssignmentBody): Promise<Assignment | null>;
  removeAssignment(classId: string, id: string): Promise<boolean>;

  /** Judged submissions of the class's learners to these problems, in the order of their numbers; judge errors left out. */
  submissions(classId: string, problemIds: readonly string[]): Promise<readonly CountedSubmission[]>;
}
