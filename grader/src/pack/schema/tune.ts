/** `tune.yaml`, kind `tune`: the job stays, only configuration may change; judged by figures (`measures` of problem.yaml). */
import { z } from "zod";
import { text } from "./common.ts";

const knob = z.strictObject({
  /** Flink's key, e.g. `execution.checkpointing.interval`; `parallelism.default` is one of them. */
  key: z.string().regex(/^[a-z][a-z0-9.-]*$/, "a configuration key such as execution.checkpointing.interval"),
  label: text,
  /** One sentence about what it does. */
  about: text,
  type: z.enum(["duration", "memory", "integer", "boolean", "choice"]),
  /** For `choice`. */
  options: z.array(text).min(2).optional(),
  /** Bounds for `integer`. */
  min: z.number().int().optional(),
  max: z.number().int().optional(),
  /** As it stands before anybody has touched it. */
  default: text,
});

export const tuneSchema = z.strictObject({
  format: z.literal(1),
  prompt: text,
  /** The job, shown and run. */
  job: text.default("job.ts"),
  knobs: z.array(knob).min(1),
});

export type TuneYaml = z.infer<typeof tuneSchema>;
export type KnobYaml = z.infer<typeof knob>;
