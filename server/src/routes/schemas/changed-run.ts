/** Changes of a world, field by field: they come from links that anybody may have written. What they refer to is checked by the grader against the world. */
import { z } from "zod";
import type { ChangedRun, ChangedSampleBody, ChangedSubmissionBody, WorldChange } from "../../contract/index.ts";
import { MAX_CHANGED_VALUE_CHARS, MAX_WORLD_CHANGES } from "../../limits.ts";
import { diagnostic, language, verdict } from "./report.ts";

const topic = z.string().min(1).max(249);
const count = z.number().int().min(0).max(1_000_000);
/** Epoch ms, up to the year 5138. */
const time = z.number().int().min(0).max(1e14);
const place = { topic, partition: count, offset: count };

const worldChange = z.discriminatedUnion("what", [
  z.strictObject({ what: z.literal("move"), ...place, byMs: z.number().int().min(-1e12).max(1e12) }),
  z.strictObject({ what: z.literal("remove"), ...place }),
  z.strictObject({
    what: z.literal("add"),
    topic,
    partition: count,
    atMs: time,
    key: z.string().max(200).nullable(),
    valueJson: z.string().min(1).max(MAX_CHANGED_VALUE_CHARS),
  }),
  z.strictObject({ what: z.literal("kill"), taskManager: z.number().int().min(1).max(1_000), atMs: time }),
  z.strictObject({ what: z.literal("spare"), fault: count }),
]) satisfies z.ZodType<WorldChange>;

const changes = z.array(worldChange).max(MAX_WORLD_CHANGES);

export const changedSampleBody = z.strictObject({
  language,
  text: z.string(),
  functions: z.string().optional(),
  sample: z.number().int().min(0).max(999),
  changes,
}) satisfies z.ZodType<ChangedSampleBody>;

export const changedSubmissionBody = z.strictObject({ changes }) satisfies z.ZodType<ChangedSubmissionBody>;

export const changedRun: z.ZodType<ChangedRun> = z.object({
  ended: verdict.nullable(),
  headline: z.string(),
  diagnostics: z.array(diagnostic),
  records: z.array(
    z.object({
      topic: z.string(),
      partition: z.number(),
      offset: z.number(),
      atMs: z.number(),
      from: z.number().nullable(),
      change: z.number().nullable(),
    }),
  ),
  // Of a world that was shown, so it passes unread, as in sample reports.
  recording: z.custom<ChangedRun["recording"]>(),
  ranInMs: z.number(),
});
