/**
 * What a browser needs to run programs by itself. Worlds and the rows expected in them are of samples, or of a verdict's smallest world: all of them are
 * shown, so they pass unread. What surrounds them is listed key by key.
 */
import { z } from "zod";
import type { ProgramAnswer, ProgramBody, RunKit, RunKitAnswer, SubmissionWorld } from "../../contract/index.ts";
import { diagnostic, language } from "./report.ts";

const limits = z.object({ cpuMs: z.number(), memoryMb: z.number() }) satisfies z.ZodType<RunKit["limits"]>;

type Sample = RunKit["samples"][number];

const world = z.custom<Sample["world"]>();
const upgrade = z.custom<Sample["upgrade"]>();

const sample: z.ZodType<Sample> = z.object({
  planned: z.object({
    index: z.number(),
    scenario: z.object({
      name: z.string(),
      title: z.string(),
      faults: z.array(z.string()),
      // Of no other world may anything be in here.
      visibility: z.literal("sample"),
      group: z.string(),
    }),
  }),
  world,
  upgrade,
  bounds: z.custom<Sample["bounds"]>(),
  expected: z.object({
    endMs: z.number(),
    peakStateBytes: z.number(),
    printed: z.array(z.string()),
    systems: z.custom<Sample["expected"]["systems"]>(),
    topics: z.custom<Sample["expected"]["topics"]>(),
  }),
});

export const runKitAnswer: z.ZodType<RunKitAnswer> = z.object({
  guest: z.string(),
  version: z.string(),
  kit: z
    .object({
      outputs: z.custom<RunKit["outputs"]>(),
      stateBudget: z.object({ peakBytesRatio: z.number() }).nullable(),
      limits,
      samples: z.array(sample),
    })
    .nullable(),
});

export const programBody = z.strictObject({
  language,
  text: z.string(),
  functions: z.string().optional(),
}) satisfies z.ZodType<ProgramBody>;

const program = z.object({
  // Made of the text that was sent and of files that the problem shows.
  load: z.custom<ProgramAnswer["load"]>(),
  diagnostics: z.array(diagnostic),
});

export const programAnswer: z.ZodType<ProgramAnswer> = program.extend({ version: z.string() });

export const submissionWorld: z.ZodType<SubmissionWorld> = z.object({ guest: z.string(), limits, world, upgrade, program });
