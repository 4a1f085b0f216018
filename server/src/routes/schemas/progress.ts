import { z } from "zod";
import type { Draft, DraftBody, Editorial, Progress, SavedDraft } from "../../contract/index.ts";

const problemProgress = z.object({
  problemId: z.string(),
  startedAtMs: z.number(),
  lastAtMs: z.number(),
  runs: z.number(),
  attempts: z.number(),
  lastVerdict: z.string().nullable(),
  bestScore: z.number().nullable(),
  solvedAtMs: z.number().nullable(),
  surrenderedAtMs: z.number().nullable(),
  hintsOpened: z.array(z.number()),
});

export const progress: z.ZodType<Progress> = z.object({ problems: z.array(problemProgress) });

export const editorial: z.ZodType<Editorial> = z.object({ html: z.string() });

export const hintParams = z.object({ id: z.string(), number: z.coerce.number().int().min(1) });

const draftFields = z.object({ file: z.string(), text: z.string(), revision: z.number(), savedAtMs: z.number() });

export const draft: z.ZodType<Draft> = draftFields;

export const draftList: z.ZodType<readonly Draft[]> = z.array(draftFields);

export const draftBody = z.strictObject({
  text: z.string(),
  baseRevision: z.number().int().min(0).optional(),
  unlessChanged: z.boolean().optional(),
}) satisfies z.ZodType<DraftBody>;

export const savedDraft: z.ZodType<SavedDraft> = z.object({
  revision: z.number(),
  savedAtMs: z.number(),
  overwritten: draftFields.nullable(),
});

/** A name, never a path. */
export const draftParams = z.object({
  id: z.string(),
  file: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, "must be a name of small letters, digits, dots and hyphens")
    .max(64),
});
