/** The explanation in a report, key by key. Recordings are large and of a world that may be shown, so they pass unread. */
import { z } from "zod";
import type { Anomaly, Explanation } from "../../contract/index.ts";
import { cells, tableColumns } from "./tables.ts";

const anomaly = z.enum([
  "failed",
  "not-restored",
  "never-committed",
  "late-dropped",
  "late-counted",
  "early-firing",
  "split-window",
  "merged-window",
  "shifted-window",
  "state-lost",
  "state-kept",
  "lost",
  "duplicated",
  "invented",
  "wrong-order",
  "wrong-value",
  "objection",
]) satisfies z.ZodType<Anomaly>;

const size = z.object({ records: z.number(), faults: z.number() });

export const explanation: z.ZodType<Explanation> = z.object({
  world: z.number(),
  anomaly,
  title: z.string(),
  sentence: z.string(),
  smallest: z.object({
    startMs: z.number(),
    streams: z.array(z.object({ topic: z.string(), columns: tableColumns, rows: z.array(cells), does: z.array(z.string()) })),
    faults: z.array(z.string()),
    size,
    from: size,
    runs: z.number(),
    complete: z.boolean(),
    eachNeeded: z.boolean(),
  }),
  outputs: z.array(
    z.object({ topic: z.string(), columns: tableColumns, expected: z.array(cells), actual: z.array(cells), more: z.number() }),
  ),
  steps: z.object({
    rows: z.array(
      z.object({
        kind: z.enum(["read", "watermark", "window", "late", "timer", "checkpoint", "write", "transaction", "system", "fault", "job"]),
        text: z.string(),
        referenceMs: z.number().nullable(),
        submissionMs: z.number().nullable(),
      }),
    ),
    firstDifference: z.number().nullable(),
    before: z.number(),
    behind: z.number(),
  }),
  reference: z.custom<Explanation["reference"]>(),
  submission: z.custom<Explanation["submission"]>(),
  hint: z.string().nullable(),
});
