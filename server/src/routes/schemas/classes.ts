import { z } from "zod";
import type {
  Assignment,
  AssignmentBody,
  ClassBody,
  ClassDetail,
  ClassResults,
  ClassSummary,
  InstructorBody,
  JoinBody,
} from "../../contract/index.ts";

/** A line of text that somebody reads: nothing that cannot be seen, nothing that turns it round. */
const title = z
  .string()
  .max(120)
  .regex(/^\P{C}+$/u, "must be a line of text")
  .refine((text) => text.trim() !== "", "must not be blank");

export const classBody = z.strictObject({ name: title }) satisfies z.ZodType<ClassBody>;

export const instructorBody = z.strictObject({ name: z.string().max(200) }) satisfies z.ZodType<InstructorBody>;

export const joinBody = z.strictObject({ code: z.string().max(40) }) satisfies z.ZodType<JoinBody>;

export const assignmentBody = z.strictObject({
  title,
  problemIds: z
    .array(z.string().max(200))
    .min(1)
    .max(50)
    .refine((ids) => new Set(ids).size === ids.length, "must name each problem once"),
  dueAtMs: z.number().int().min(0).max(8.64e15).nullable(),
}) satisfies z.ZodType<AssignmentBody>;

export const classParams = z.object({ id: z.string() });

export const memberParams = z.object({ id: z.string(), user: z.string() });

export const assignmentParams = z.object({ id: z.string(), assignment: z.string() });

export const resultsQuery = z.strictObject({ assignment: z.string().max(64).optional() });

const summary = z.object({
  id: z.string(),
  name: z.string(),
  ownerName: z.string(),
  isLeader: z.boolean(),
  isOwner: z.boolean(),
  members: z.number(),
  createdAtMs: z.number(),
});

export const classList: z.ZodType<readonly ClassSummary[]> = z.array(summary);

const assignmentFields = z.object({
  id: z.string(),
  title: z.string(),
  problemIds: z.array(z.string()),
  dueAtMs: z.number().nullable(),
  createdAtMs: z.number(),
});

export const assignment: z.ZodType<Assignment> = assignmentFields;

export const classDetail: z.ZodType<ClassDetail> = summary.extend({
  code: z.string().nullable(),
  assignments: z.array(assignmentFields),
  instructors: z.array(z.object({ id: z.string(), name: z.string() })).nullable(),
  learners: z.array(z.object({ id: z.string(), name: z.string(), joinedAtMs: z.number() })).nullable(),
});

const misconception = { title: z.string(), count: z.number() };

export const classResults: z.ZodType<ClassResults> = z.object({
  problems: z.array(z.object({ problemId: z.string(), title: z.string(), dueAtMs: z.number().nullable() })),
  learners: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      results: z.array(
        z.object({
          problemId: z.string(),
          attempts: z.number(),
          bestVerdict: z.string().nullable(),
          bestScore: z.number().nullable(),
          firstSolvedAtMs: z.number().nullable(),
          isLate: z.boolean(),
          misconceptions: z.array(z.object(misconception)),
        }),
      ),
    }),
  ),
  ofClass: z.array(z.object({ ...misconception, learners: z.number(), problems: z.number() })),
  misconceptions: z.array(z.object({ problemId: z.string(), learners: z.number(), ...misconception })),
});
