import { z } from "zod";
import type { RejudgeDetail, RejudgeFilter, RejudgeSummary } from "../../contract/index.ts";
import { verdict } from "./report.ts";

export const rejudgeFilter = z
  .strictObject({ problemId: z.string().optional(), packVersion: z.string().optional(), verdict: verdict.optional() })
  .refine(
    (filter) => Object.values(filter).some((value) => value !== undefined),
    "must name a problem, a pack version or a verdict",
  ) satisfies z.ZodType<RejudgeFilter>;

export const noProperties = z.strictObject({});

const summary = z.object({
  id: z.string(),
  filter: z.object({ problemId: z.string().optional(), packVersion: z.string().optional(), verdict: verdict.optional() }),
  state: z.enum(["judging", "ready", "applied", "cancelled"]),
  total: z.number(),
  judged: z.number(),
  changed: z.number(),
  failed: z.number(),
  createdAtMs: z.number(),
  closedAtMs: z.number().nullable(),
});

export const rejudgeList: z.ZodType<readonly RejudgeSummary[]> = z.array(summary);

const result = z.object({ verdict: z.string(), score: z.number(), packVersion: z.string() });

export const rejudgeDetail: z.ZodType<RejudgeDetail> = summary.extend({
  moves: z.array(z.object({ from: z.string(), to: z.string(), count: z.number() })),
  changes: z.array(z.object({ submissionId: z.string(), problemId: z.string(), number: z.number(), from: result, to: result })),
});

export const rejudgeParams = z.object({ id: z.string() });
