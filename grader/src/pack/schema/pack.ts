/** `pack.yaml`. */
import { z } from "zod";
import { name, text } from "./common.ts";

export const packSchema = z.strictObject({
  format: z.literal(1),
  id: name,
  title: text,
  version: z.string().regex(/^\d+\.\d+\.\d+/, "a version such as 1.0.0"),
  licence: text,
  authors: z.array(text).min(1),
  /** Range of engine versions, e.g. ">=0.1". */
  engine: text,
  sections: z.array(z.strictObject({ number: z.number().int(), title: text, subtitle: z.string().default("") })).min(1),
});

export type PackYaml = z.infer<typeof packSchema>;
