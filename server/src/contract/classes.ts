/** Classes: an instructor's learners, what they are to solve by when, and how far they are. */
import type { SessionUser } from "./accounts.ts";

export interface ClassBody {
  readonly name: string;
}

export interface JoinBody {
  /** Case, spaces and hyphens do not matter. */
  readonly code: string;
}

export interface ClassSummary {
  readonly id: string;
  readonly name: string;
  readonly ownerName: string;
  /** Whether the viewer leads it (or is an administrator) or is one of its learners. */
  readonly isLeader: boolean;
  /** Whether the viewer may also delete it and say who leads it with them. */
  readonly isOwner: boolean;
  readonly members: number;
  readonly createdAtMs: number;
}

export interface AssignmentBody {
  readonly title: string;
  /** 1 to 50, in order. */
  readonly problemIds: readonly string[];
  /** null = whenever. */
  readonly dueAtMs: number | null;
}

export interface Assignment extends AssignmentBody {
  readonly id: string;
  readonly createdAtMs: number;
}

export interface ClassMember extends Pick<SessionUser, "id" | "name"> {
  readonly joinedAtMs: number;
}

/** Who leads a class beside its owner. */
export type ClassInstructor = Pick<SessionUser, "id" | "name">;

export interface InstructorBody {
  /** Of the user. */
  readonly name: string;
}

export interface ClassDetail extends ClassSummary {
  /** By which learners join; null for those who do not lead the class, and while nobody may join. */
  readonly code: string | null;
  /** By due time, those without one last. */
  readonly assignments: readonly Assignment[];
  /** Who leads it beside the owner, by name; null for those who do not lead the class. */
  readonly instructors: readonly ClassInstructor[] | null;
  /** By name; null for those who do not lead the class. */
  readonly learners: readonly ClassMember[] | null;
}

/** How often submissions ran into a misconception that the problem knows. */
export interface MisconceptionCount {
  /** Title of the hint that is bound to it. */
  readonly title: string;
  readonly count: number;
}

/** A learner and a problem; submissions with a verdict only, judge errors left out. */
export interface LearnerResult {
  readonly problemId: string;
  readonly attempts: number;
  readonly bestVerdict: string | null;
  readonly bestScore: number | null;
  /** When the first accepted submission was sent; null = not solved. */
  readonly firstSolvedAtMs: number | null;
  /** Solved after the due time, or not solved and the time is over. */
  readonly isLate: boolean;
  readonly misconceptions: readonly MisconceptionCount[];
}

export interface ClassResults {
  /** Of all assignments, or of the one that was asked for; each once. */
  readonly problems: readonly { readonly problemId: string; readonly title: string; readonly dueAtMs: number | null }[];
  readonly learners: readonly { readonly id: string; readonly name: string; readonly results: readonly LearnerResult[] }[];
  /** Over all these problems, the most frequent first. */
  readonly ofClass: readonly (MisconceptionCount & { readonly learners: number; readonly problems: number })[];
  /** Of the whole class, per problem, the most frequent first. */
  readonly misconceptions: readonly (MisconceptionCount & { readonly problemId: string; readonly learners: number })[];
}
