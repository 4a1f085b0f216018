/**
 * `decide.yaml`, kind `decide`: a matrix of cases and questions with a closed list of choices each. The reasons are shown for the rows that were
 * decided wrongly, and nothing of the others.
 */
import { z } from "zod";
import { name, text } from "./common.ts";

const option = z.union([text.transform((value) => ({ value, label: value })), z.strictObject({ value: text, label: text })]);

const choice = z.union([text, z.number().transform(String), z.boolean().transform(String)]);

export const decideSchema = z.strictObject({
  format: z.literal(1),
  /** The question above the table. */
  prompt: text,
  /** Heading of the first column, which holds the cases. */
  subject: text.default("case"),
  columns: z
    .array(
      z.strictObject({
        name,
        label: text,
        /** What can be chosen. */
        options: z.array(option).min(2),
      }),
    )
    .min(1),
  rows: z
    .array(
      z.strictObject({
        id: name,
        /** The case in a sentence or two; Markdown. */
        text,
        /** Column → right choice, or several that are equally right. */
        answers: z.record(z.string(), z.union([choice.transform((value) => [value]), z.array(choice).min(1)])),
        /** Why so. Shown when the row was decided wrongly, and in the editorial. */
        because: text,
        /** Column, "=", choice → what speaks against it: `"engine=spark": "…"`. Shown instead of `because` to those who chose so. */
        against: z.record(z.string(), text).default({}),
      }),
    )
    .min(2),
});

export type DecideYaml = z.infer<typeof decideSchema>;
