import { z } from "zod";
import type { ProblemDetail, ProblemList, ProblemSummary, ProblemVersionBody } from "../../contract/index.ts";
import { answerForm, language, sampleWorld } from "./report.ts";

export const problemKind = z.enum(["datastream", "sql", "trace", "decide", "debug", "tune", "upgrade"]);

const summary = z.object({
  id: z.string(),
  title: z.string(),
  kind: problemKind,
  languages: z.array(language),
  difficulty: z.number(),
  minutes: z.number(),
  section: z.number(),
  topics: z.array(z.string()),
  covers: z.array(z.string()),
  followUp: z.object({ problemId: z.string(), change: z.string() }).nullable(),
  lastVerdict: z.string().nullable(),
  bestScore: z.number().nullable(),
}) satisfies z.ZodType<ProblemSummary>;

export const problemList: z.ZodType<ProblemList> = z.object({
  packTitle: z.string(),
  sections: z.array(z.object({ number: z.number(), title: z.string(), subtitle: z.string() })),
  problems: z.array(summary),
});

const perLanguage = z.partialRecord(language, z.string());

export const problemDetail: z.ZodType<ProblemDetail> = summary.extend({
  packId: z.string(),
  version: z.string(),
  newerVersion: z.string().nullable(),
  statementHtml: z.string(),
  followUps: z.array(z.string()),
  starter: perLanguage,
  starterFunctions: z.string().nullable(),
  given: perLanguage,
  jobLanguage: language.nullable(),
  predecessor: z.object({ language, text: z.string() }).nullable(),
  samples: z.array(sampleWorld),
  hintCount: z.number(),
  hasEditorial: z.boolean(),
  hintsHtml: z.array(z.string()),
  form: answerForm.nullable(),
});

export const problemParams = z.object({ id: z.string() });

export const problemVersionBody = z.strictObject({ version: z.string().max(100) }) satisfies z.ZodType<ProblemVersionBody>;

export const formQuery = z.object({ variation: z.coerce.number().int().min(0).max(9999).default(0) });
