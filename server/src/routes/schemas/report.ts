/**
 * Reports of the judge, listed key by key: what a judge might add by mistake is cut off here and never leaves the server.
 * The recording of a sample run is large and all of it is public, so it passes unread.
 */
import { z } from "zod";
import { explanation } from "./explanation.ts";
import { cells, sampleTable } from "./tables.ts";
import type {
  AnswerForm,
  DiagnosticData,
  Difference,
  JudgeProgress,
  JudgeReport,
  MeasureResult,
  SampleReport,
  SampleWorld,
  Verdict,
} from "../../contract/index.ts";

export const language = z.enum(["datastream", "sql", "trace", "decide", "config"]);

export const verdict = z.enum([
  "judge-error",
  "compile-error",
  "memory-limit",
  "time-limit",
  "output-limit",
  "runtime-error",
  "restore-failed",
  "lost-records",
  "duplicate-records",
  "wrong-output",
  "late-data",
  "nondeterministic",
  "state-too-large",
  "too-slow",
  "accepted",
]) satisfies z.ZodType<Verdict>;

const textSpan = z.object({
  line: z.number(),
  column: z.number(),
  endLine: z.number().optional(),
  endColumn: z.number().optional(),
});

export const diagnostic: z.ZodType<DiagnosticData> = z.object({
  code: z.string(),
  message: z.string(),
  phase: z.enum(["parse", "validate", "plan", "compile", "graph", "runtime"]),
  span: textSpan.optional(),
  file: z.string().optional(),
  found: z.string().optional(),
  expected: z.string().optional(),
  hint: z.string().optional(),
});

const difference: z.ZodType<Difference> = z.object({
  world: z.number(),
  topic: z.string(),
  sentence: z.string(),
  columns: z.array(z.string()),
  rows: z.array(
    z.object({
      kind: z.enum(["equal", "missing", "unexpected", "duplicate", "changed"]),
      cells,
      expected: cells.nullable(),
    }),
  ),
  more: z.number(),
});

const measure: z.ZodType<MeasureResult> = z.object({
  title: z.string(),
  unit: z.string(),
  value: z.number().nullable(),
  atMost: z.number().nullable(),
  atLeast: z.number().nullable(),
  kept: z.boolean(),
});

const worldResult = z.object({
  index: z.number(),
  group: z.string(),
  title: z.string(),
  visibility: z.enum(["sample", "revealed-on-failure", "hidden"]),
  seed: z.number(),
  verdict,
  runMs: z.number().nullable(),
});

export const judgeReport: z.ZodType<JudgeReport> = z.object({
  verdict,
  headline: z.string(),
  score: z.number(),
  maxScore: z.number(),
  groups: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      score: z.number(),
      maxScore: z.number(),
      passed: z.number(),
      total: z.number(),
      waitsFor: z.array(z.string()),
    }),
  ),
  worlds: z.array(worldResult),
  difference: difference.nullable(),
  // Reports of earlier versions have none.
  explanation: explanation.nullable().default(null),
  measures: z.array(measure),
  diagnostics: z.array(diagnostic),
  hint: z.string().nullable(),
  hintTitle: z.string().optional(),
  engineVersion: z.string(),
  packVersion: z.string(),
  judgedInMs: z.number(),
});

export const judgeProgress: z.ZodType<JudgeProgress> = z.union([
  z.object({ kind: z.literal("compiling") }),
  z.object({
    kind: z.literal("planned"),
    worlds: z.array(z.object({ index: z.number(), group: z.string(), title: z.string() })),
  }),
  z.object({ kind: z.literal("world"), result: worldResult }),
  z.object({ kind: z.literal("judged"), report: judgeReport }),
  z.object({ kind: z.literal("finished"), report: judgeReport }),
]);

export const sampleReport: z.ZodType<SampleReport> = z.object({
  verdict,
  headline: z.string(),
  worlds: z.array(
    z.object({
      index: z.number(),
      name: z.string(),
      title: z.string(),
      faults: z.array(z.string()),
      verdict,
      headline: z.string(),
      runMs: z.number(),
      topics: z.array(
        z.object({
          topic: z.string(),
          columns: z.array(z.string()),
          rows: z.array(z.object({ cells, visibleAtMs: z.number().nullable() })),
          expectedRows: z.number(),
          equal: z.boolean(),
        }),
      ),
      difference: difference.nullable(),
      measures: z.array(measure),
      printed: z.array(z.string()),
      recording: z.custom<SampleReport["worlds"][number]["recording"]>(),
    }),
  ),
  diagnostics: z.array(diagnostic),
  ranInMs: z.number(),
});

export const sampleWorld: z.ZodType<SampleWorld> = z.object({
  name: z.string(),
  title: z.string(),
  faults: z.array(z.string()),
  inputs: z.array(sampleTable),
  expected: z.array(sampleTable),
});

const options = z.array(z.object({ value: z.string(), label: z.string() }));

export const answerForm: z.ZodType<AnswerForm> = z.object({
  prompt: z.string(),
  columns: z.array(
    z.object({ name: z.string(), label: z.string(), blank: z.boolean(), hint: z.string().nullable(), options: options.nullable() }),
  ),
  rows: z.array(
    z.object({ id: z.string(), cells, options: options.optional(), initial: z.string().optional(), hint: z.string().optional() }),
  ),
  variation: z.number(),
  variations: z.number(),
});
