import { z } from "zod";
import type { PackDetail, PackEvent, PackProblem, PackReportLine, PackStatusBody, PackSummary } from "../../contract/index.ts";
import { problemKind } from "./problem.ts";
import { diagnostic } from "./report.ts";

const state = z.enum(["broken", "waiting", "verifying", "passed", "failed"]);
const status = z.enum(["draft", "beta", "active", "deprecated"]);

const summary = z.object({
  id: z.string(),
  packId: z.string(),
  title: z.string(),
  version: z.string(),
  problems: z.number(),
  state,
  status,
  uploadedBy: z.string(),
  createdAtMs: z.number(),
  verification: z.number(),
  verifiedAtMs: z.number().nullable(),
});

const line: z.ZodType<PackReportLine> = z.object({
  problem: z.string(),
  subject: z.string(),
  found: z.string(),
  complaint: z.string().nullable(),
  warnings: z.array(z.string()),
  mutants: z
    .object({
      killed: z.number(),
      equivalent: z.number(),
      survived: z.number(),
      survivors: z.array(z.object({ name: z.string(), shown: z.string() })).default([]),
      dropped: z.number(),
    })
    .nullable(),
  tookMs: z.number(),
});

export const packList: z.ZodType<readonly PackSummary[]> = z.array(summary);

export const packDetail: z.ZodType<PackDetail> = summary.extend({ diagnostics: z.array(diagnostic), report: z.array(line) });

export const packProblems: z.ZodType<readonly PackProblem[]> = z.array(z.object({ id: z.string(), title: z.string(), kind: problemKind }));

export const packEvent: z.ZodType<PackEvent> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("begun") }),
  z.object({ kind: z.literal("planned"), lines: z.number() }),
  z.object({ kind: z.literal("line"), line }),
  z.object({ kind: z.literal("finished"), state }),
]);

export const packStatusBody = z.strictObject({ status }) satisfies z.ZodType<PackStatusBody>;

export const packParams = z.object({ id: z.string() });

export const packProblemParams = z.object({ id: z.string(), problem: z.string() });
