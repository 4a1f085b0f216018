import { z } from "zod";
import type { SubmissionBody, SubmissionDetail, SubmissionSummary } from "../../contract/index.ts";
import { judgeReport, language } from "./report.ts";

export const submissionBody = z.object({
  language,
  text: z.string(),
  functions: z.string().optional(),
  variation: z.number().int().min(0).max(9999).optional(),
  lane: z.enum(["interactive", "batch"]).optional(),
}) satisfies z.ZodType<SubmissionBody>;

const summary = z.object({
  id: z.string(),
  number: z.number(),
  problemId: z.string(),
  language,
  status: z.enum(["queued", "judging", "judged"]),
  verdict: z.string().nullable(),
  score: z.number().nullable(),
  maxScore: z.number().nullable(),
  packVersion: z.string(),
  createdAtMs: z.number(),
});

export const submissionSummary: z.ZodType<SubmissionSummary> = summary;

export const submissionList: z.ZodType<readonly SubmissionSummary[]> = z.array(summary);

export const submissionDetail: z.ZodType<SubmissionDetail> = summary.extend({
  text: z.string(),
  functions: z.string().nullable(),
  variation: z.number(),
  report: judgeReport.nullable(),
  explanation: z.enum(["none", "pending", "ready"]),
  worldKept: z.boolean(),
});

export const submissionParams = z.object({ id: z.string() });
