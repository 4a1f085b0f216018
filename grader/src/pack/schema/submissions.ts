/** `submissions.yaml`: what the bundled submissions must get, where the folder's name does not say it all. */
import { z } from "zod";
import { VERDICTS } from "../../judge/verdict.ts";
import { language } from "./common.ts";

const verdict = z.enum(VERDICTS);

/** `submissions.yaml`: only what differs from "the folder's name is the verdict". Keys are paths below submissions/. */
export const submissionsSchema = z.record(
  z.string(),
  z.strictObject({
    /** Verdicts it may get; absent = the folder's. */
    permitted: z.array(verdict).min(1).optional(),
    /** Id of the hint in hints.md that the judge must show. */
    hint: z.string().optional(),
    /** Group → verdicts its worlds must be covered by, e.g. `{ crash: [duplicate-records], quiet: [accepted] }`. */
    groups: z.record(z.string(), z.array(verdict).min(1)).optional(),
    /** Mutants of an accepted submission that are right answers too: the mutant's name → why. See `pack verify`. */
    equivalent: z.record(z.string(), z.string().min(1)).optional(),
    /** Absent = by file ending: .ts datastream, .sql sql, .yaml the form of the problem's kind. */
    language: language.optional(),
    /** Least and greatest score allowed. */
    score: z.tuple([z.number(), z.number()]).optional(),
  }),
);

export type SubmissionsYaml = z.infer<typeof submissionsSchema>;
